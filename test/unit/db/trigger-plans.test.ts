import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DatabaseSync } from "node:sqlite";
import { readMigrations } from "../../support/schema.ts";
import { listTables, openSchema } from "./fixture.ts";

// A trigger runs within every write of its table, and EXPLAIN QUERY PLAN is silent about it: a lookup without an index
// would cost more with every sale, unseen. EXPLAIN lists the programs of the triggers after that of the statement.

/** The opcodes that begin to read a table or an index at one of its ends, instead of at a key, or count all of it. */
const SCANS = new Set(["Rewind", "Last", "Count"]);
/** What opens a table or an index of the database, against a list that the program itself makes. */
const OPENS = new Set(["OpenRead", "OpenWrite"]);

interface Step {
  readonly opcode: string;
  readonly p1: number;
  readonly p4: string | null;
}

let db: DatabaseSync;

beforeAll(() => {
  db = openSchema(readMigrations());
});

afterAll(() => {
  db.close();
});

describe("a trigger", () => {
  test("finds every row it looks for by an index", () => {
    const programs = listTables(db).flatMap((table) => readTriggerPrograms(table));
    const names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
    expect(new Set(programs.map(({ trigger }) => trigger))).toEqual(new Set(names.map(({ name }) => String(name))));
    expect(programs.filter(({ steps }) => countScans(steps) > 0).map(({ trigger }) => trigger)).toEqual([]);
  });

  test.each([
    ["SELECT RAISE(ABORT, 'no') WHERE EXISTS (SELECT 1 FROM sales WHERE note = NEW.note)", 1],
    ["SELECT RAISE(ABORT, 'no') WHERE (SELECT count(*) FROM customers) > 9", 1],
    ["UPDATE users SET active = 0 WHERE full_name = NEW.note", 1],
    ["DELETE FROM user_pins WHERE failures = 20", 1],
    ["SELECT RAISE(ABORT, 'no') WHERE EXISTS (SELECT 1 FROM sales WHERE id = NEW.id)", 0],
    ["UPDATE users SET active = 0 WHERE id = NEW.user_id", 0],
  ])("is found out: %s", (body, scans) => {
    db.exec(`CREATE TRIGGER probe BEFORE INSERT ON sales BEGIN ${body}; END`);
    const probe = readTriggerPrograms("sales").find(({ trigger }) => trigger === "probe");
    db.exec("DROP TRIGGER probe");
    expect(countScans(probe?.steps ?? [])).toBe(scans);
  });
});

/** The programs of all triggers that a write of any column of a table runs, and of those that they run in turn. */
function readTriggerPrograms(table: string): { trigger: string; steps: Step[] }[] {
  const columns = db.prepare(`SELECT name FROM pragma_table_info('${table}')`).all();
  const sets = columns.map(({ name }) => `${String(name)} = ${String(name)}`);
  const writes = [
    `INSERT INTO ${table} DEFAULT VALUES`,
    `UPDATE ${table} SET ${sets.join(", ")}`,
    `DELETE FROM ${table}`,
  ];
  return writes.flatMap((sql) => splitPrograms(db.prepare(`EXPLAIN ${sql}`).all() as unknown as Step[]));
}

function splitPrograms(steps: readonly Step[]): { trigger: string; steps: Step[] }[] {
  const starts = steps.flatMap(({ opcode }, at) => (opcode === "Init" ? [at] : []));
  return starts.flatMap((start, index) => {
    const [, trigger] = /^-- TRIGGER (\w+)$/u.exec(steps[start]?.p4 ?? "") ?? [];
    return trigger === undefined ? [] : [{ trigger, steps: steps.slice(start, starts[index + 1]) }];
  });
}

function countScans(steps: readonly Step[]): number {
  const open = new Set(steps.flatMap(({ opcode, p1 }) => (OPENS.has(opcode) ? [p1] : [])));
  return steps.filter(({ opcode, p1 }) => SCANS.has(opcode) && open.has(p1)).length;
}
