import { describe, expect, test } from "vitest";
import { listGuards, readMigrations, withoutGuard } from "../../support/schema.ts";
import { openSchema } from "./fixture.ts";

const schema = readMigrations();
const guards = listGuards(schema);
/** The words of the SQL alone: a second reading that shares nothing with the first. */
const words = schema.replaceAll(/--[^\n]*/gu, " ").replaceAll(/'(?:[^']|'')*'/gu, " ");

function countOf(pattern: RegExp): number {
  return [...words.matchAll(pattern)].length;
}

function listed(...kinds: string[]): number {
  return guards.filter((guard) => kinds.includes(guard.kind)).length;
}

describe("listGuards", () => {
  test("overlooks no guard of the migrations", () => {
    expect(listed("check")).toBe(countOf(/\bCHECK\b/gu));
    expect(listed("unique")).toBe(countOf(/\bUNIQUE\b/gu));
    expect(listed("reference")).toBe(countOf(/\bREFERENCES\b/gu));
    expect(listed("primary_key")).toBe(countOf(/(?<!INTEGER )\bPRIMARY KEY\b/gu));
    expect(guards.filter((guard) => guard.kind === "trigger" && guard.message !== null)).toHaveLength(
      countOf(/\bRAISE\b/gu),
    );
    const triggers = guards.filter((guard) => guard.kind === "trigger").map((guard) => guard.name.split("/")[0]);
    expect(new Set(triggers).size).toBe(countOf(/\bCREATE TRIGGER\b/gu));
  });

  test("is not misled by strings, comments, brackets and commas", () => {
    const found = listGuards(`
      CREATE TABLE t ( -- CONSTRAINT no CHECK (a)
        a TEXT NOT NULL UNIQUE REFERENCES u (x), -- a comment, with a comma
        b TEXT, /* and ); one */
        CONSTRAINT tricky CHECK (a <> ')' AND b IN ('it''s, (', ';') AND length(b) < (1 + 2)),
        PRIMARY KEY (a, b)
      ) STRICT, WITHOUT ROWID;
      CREATE TRIGGER two AFTER INSERT ON t
      BEGIN
        UPDATE t SET b = CASE WHEN a = ';' THEN 'x' ELSE 'y' END;
        SELECT RAISE(ABORT, 'it''s two');
      END;`);
    expect(found.map(({ name, message }) => [name, message])).toEqual([
      ["t (a) UNIQUE", "UNIQUE constraint failed: t.a"],
      ["t (a) REFERENCES u", "FOREIGN KEY constraint failed"],
      ["tricky", "CHECK constraint failed: tricky"],
      ["t (a, b) PRIMARY KEY", "UNIQUE constraint failed: t.a, t.b"],
      ["two/UPDATE", null],
      ["two/it's two", "it's two"],
    ]);
  });

  test("reads what a later migration adds to a table, and leaves the rest of it", () => {
    const sql = `
      ALTER TABLE t ADD COLUMN c INTEGER NOT NULL DEFAULT 1
        CONSTRAINT c_boolean CHECK (c IN (0, 1));
      ALTER TABLE t ADD d TEXT REFERENCES u (x) CONSTRAINT d_with_c CHECK (c = 0 OR d IS NOT NULL);
      ALTER TABLE t ADD COLUMN e TEXT;
      DROP INDEX t_by_a;`;
    expect(listGuards(sql).map((guard) => [guard.name, guard.message, withoutGuard(sql, guard)])).toEqual([
      ["c_boolean", "CHECK constraint failed: c_boolean", sql.replace("CONSTRAINT c_boolean CHECK (c IN (0, 1))", "")],
      ["t (d) REFERENCES u", "FOREIGN KEY constraint failed", sql.replace("REFERENCES u (x)", "")],
      [
        "d_with_c",
        "CHECK constraint failed: d_with_c",
        sql.replace("CONSTRAINT d_with_c CHECK (c = 0 OR d IS NOT NULL)", ""),
      ],
    ]);
  });

  test("tells the refusals of one CASE apart, and takes away each by its WHEN", () => {
    const sql = `
      CREATE TRIGGER one BEFORE DELETE ON t
      BEGIN
        SELECT CASE
          WHEN CASE WHEN OLD.a THEN 1 ELSE 0 END THEN RAISE(ABORT, 'first')
          WHEN OLD.b THEN RAISE(ABORT, 'second') END;
      END;`;
    const [first, second, ...rest] = listGuards(sql).map((guard) => [guard.name, withoutGuard(sql, guard)]);
    expect(first).toEqual([
      "one/first",
      sql.replace("WHEN CASE WHEN OLD.a THEN 1 ELSE 0 END THEN RAISE(ABORT, 'first')", ""),
    ]);
    expect(second).toEqual(["one/second", sql.replace("WHEN OLD.b THEN RAISE(ABORT, 'second')", "")]);
    expect(rest).toEqual([]);
  });

  test.each([
    ["t has a guard without a name", "CREATE TABLE t (a TEXT, CHECK (a <> ''));"],
    ["t.a has a CHECK without a name", "CREATE TABLE t (a TEXT CHECK (a <> ''));"],
    ["two guards are called c", "CREATE TABLE t (a TEXT, CONSTRAINT c CHECK (a), CONSTRAINT c CHECK (a));"],
    ["t.a has a CHECK without a name", "ALTER TABLE t ADD COLUMN a TEXT CHECK (a <> '');"],
    ["a statement that guards can't be read from: DROP TABLE t", "DROP TABLE t;"],
    ["a statement that guards can't be read from: DROP TRIGGER t", "DROP TRIGGER t;"],
    ["a statement that guards can't be read from: ALTER TABLE t DROP", "ALTER TABLE t DROP COLUMN a;"],
    ["the guard one_a is dropped", "CREATE UNIQUE INDEX one_a ON t (a); DROP INDEX one_a;"],
    ["n raises what can't be read", "CREATE TRIGGER n BEFORE DELETE ON t BEGIN SELECT RAISE(IGNORE); END;"],
    [
      "n raises twice, and not by a WHEN each",
      "CREATE TRIGGER n BEFORE DELETE ON t BEGIN SELECT iif(OLD.a, RAISE(ABORT, 'a'), RAISE(ABORT, 'b')); END;",
    ],
  ])("says that %s", (message, sql) => {
    expect(() => listGuards(sql)).toThrow(message);
  });
});

describe("withoutGuard", () => {
  test.each(guards)("takes away $name and nothing else", (guard) => {
    const weakened = withoutGuard(schema, guard);
    const left = listGuards(weakened).map(({ name }) => name);
    expect(left).not.toContain(guard.name);
    // Of a trigger of two refusals the one that is left can bear the trigger's own name.
    expect(left).toHaveLength(guards.length - 1);
    openSchema(weakened).close();
  });
});
