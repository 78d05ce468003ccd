import type { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { readMigration, readMigrations, splitStatements } from "../../support/schema.ts";
import { listTables, openSchema, runBatch, worldBeforeTills } from "./fixture.ts";
import { CUSTOMER, MAIN, NEW_SALE, OPEN_SHIFT, READY_SALE, SOLD, TILL } from "./ids.ts";
import { insertOf, plain } from "./statement.ts";
import type { Statement } from "./statement.ts";
import { sell } from "./till-day.ts";

const TILLS = readMigration("0009_tills.sql");
const [before = ""] = readMigrations().split(TILLS);
/** The tables that 0009 makes anew. */
const MADE_ANEW = ["sales", "sale_payments", "refund_payments", "stock_movements", "sync_exceptions"];

test("takes in a shop that is at work: every row and value is kept, in one transaction", () => {
  const db = shopOf0008();
  const tables = listTables(db);
  const columns = new Map(tables.map((table) => [table, columnsOf(db, table)]));
  const rows = new Map(tables.map((table) => [table, readRows(db, table, columns.get(table) ?? [])]));
  for (const table of MADE_ANEW) expect(rows.get(table)?.length).toBeGreaterThan(1);

  runBatch(db, splitStatements(TILLS).map(plain));

  for (const table of tables) expect(readRows(db, table, columns.get(table) ?? [])).toEqual(rows.get(table));
  expect(db.prepare("PRAGMA foreign_key_check").all()).toEqual([]);
  expect(db.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
  expect(listTables(db).filter((table) => table.endsWith("_before"))).toEqual([]);
  db.close();
});

test("says of what there was that it was in no shift, and of a customer that there is no credit", () => {
  const db = shopOf0008();
  runBatch(db, splitStatements(TILLS).map(plain));
  for (const table of ["sales", "refunds"]) {
    expect(db.prepare(`SELECT DISTINCT shift_id, happened FROM ${table}`).all()).toEqual([
      { shift_id: null, happened: 0 },
    ]);
  }
  expect(db.prepare("SELECT DISTINCT deposit_id FROM sale_payments").all()).toEqual([{ deposit_id: null }]);
  expect(
    db
      .prepare("SELECT credit_limit, version, updated_at = created_at AS same FROM customers WHERE id = ?")
      .get(CUSTOMER),
  ).toEqual({ credit_limit: 0, version: 1, same: 1 });
  db.close();
});

test("sells on: into a shift, finishing what was begun before, and refunding it", () => {
  const db = shopOf0008();
  runBatch(db, splitStatements(TILLS).map(plain));
  const shift = insertOf("shifts", { id: OPEN_SHIFT, store_id: MAIN, terminal_id: TILL });
  runBatch(db, [
    shift,
    ...sell({ id: NEW_SALE }),
    insertOf("stock_movements", {
      source_id: NEW_SALE,
      reason: "sale",
      quantity: -1,
      on_hand_after: 3,
      unit_cost: null,
    }),
    plain(`UPDATE sales SET status = 'completed' WHERE id = '${READY_SALE}'`),
    insertOf("refunds", { sale_id: READY_SALE }),
  ]);
  expect(() => runBatch(db, [plain(`DELETE FROM sales WHERE id = '${SOLD}'`)])).toThrow("append_only");
  expect(() => runBatch(db, [insertOf("sales", { shift_id: null })])).toThrow("shift_closed");
  expect(db.prepare("SELECT status FROM sales WHERE id IN (?, ?)").all(NEW_SALE, READY_SALE)).toEqual([
    { status: "completed" },
    { status: "completed" },
  ]);
  db.close();
});

/** A shop as 0008 left it: sold, refunded in part, counted, receipts given out, exceptions open and resolved. */
function shopOf0008(): DatabaseSync {
  const db = openSchema(before);
  runBatch(
    db,
    worldBeforeTills().flatMap((statement) => asThen(db, statement)),
  );
  return db;
}

/** An INSERT of the columns that the table had then; none where there was no such table. */
function asThen(db: DatabaseSync, { sql, values }: Statement): Statement[] {
  const [, table = "", list = ""] = /^INSERT INTO (\w+) \(([^)]+)\)/u.exec(sql) ?? [];
  if (table === "") return [{ sql, values }];
  const had = new Set(columnsOf(db, table));
  if (had.size === 0) return [];
  const columns = list.split(", ");
  const kept = columns.flatMap((column, index) => (had.has(column) ? [index] : []));
  const names = kept.map((index) => columns[index]).join(", ");
  return [
    {
      sql: `INSERT INTO ${table} (${names}) VALUES (${kept.map(() => "?").join(", ")})`,
      values: kept.map((index) => values[index] ?? null),
    },
  ];
}

function columnsOf(db: DatabaseSync, table: string): string[] {
  return db
    .prepare("SELECT name FROM pragma_table_info(?)")
    .all(table)
    .map(({ name }) => String(name));
}

function readRows(db: DatabaseSync, table: string, columns: string[]): object[] {
  const list = columns.join(", ");
  return db
    .prepare(`SELECT ${list} FROM ${table} ORDER BY ${list}`)
    .all()
    .map((row) => ({ ...row }));
}
