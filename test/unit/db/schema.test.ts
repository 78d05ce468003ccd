import { describe, expect, test } from "vitest";
import { listGuards, readSchema, schemaOf, withoutGuard } from "../../support/schema.ts";
import { openSchema } from "./fixture.ts";

const schema = readSchema();
const guards = listGuards(schema);
/** The words of the SQL alone: a second reading that shares nothing with the first. */
const words = schema.replaceAll(/--[^\n]*/gu, " ").replaceAll(/'(?:[^']|'')*'/gu, " ");

function countOf(pattern: RegExp): number {
  return [...words.matchAll(pattern)].length;
}

function listed(...kinds: string[]): number {
  return guards.filter((guard) => kinds.includes(guard.kind)).length;
}

describe("schemaOf", () => {
  const left = schemaOf(`
    PRAGMA defer_foreign_keys = on;
    CREATE TABLE u (x TEXT PRIMARY KEY);
    CREATE TABLE t (a TEXT, CONSTRAINT a_old CHECK (a <> ''));
    CREATE UNIQUE INDEX one_a ON t (a);
    CREATE TRIGGER t_stays BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'old'); END;
    CREATE TRIGGER u_stays BEFORE DELETE ON u BEGIN SELECT RAISE(ABORT, 'lost'); END;
    INSERT INTO t VALUES ('kept');
    ALTER TABLE t ADD COLUMN b INTEGER CONSTRAINT b_old CHECK (b > 0);
    CREATE TABLE t_before AS SELECT * FROM t;
    DROP TABLE t;
    CREATE TABLE t (a TEXT, CONSTRAINT a_new CHECK (a <> '-'));
    INSERT INTO t SELECT a FROM t_before;
    DROP TABLE t_before;
    CREATE TRIGGER t_stays BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'new'); END;
    ALTER TABLE t ADD COLUMN c TEXT REFERENCES u (x) CONSTRAINT c_with_a CHECK (c <> a);
    ALTER TABLE t ADD d INTEGER NOT NULL DEFAULT 1;
    DROP TRIGGER u_stays;`);

  test("leaves what the last of several migrations made, with what was added to it", () => {
    const found = listGuards(left).map(({ name, message }) => [name, message]);
    expect(found).toEqual([
      ["u (x) PRIMARY KEY", "UNIQUE constraint failed: u.x"],
      ["t (c) REFERENCES u", "FOREIGN KEY constraint failed"],
      ["c_with_a", "CHECK constraint failed: c_with_a"],
      ["a_new", "CHECK constraint failed: a_new"],
      ["t_stays", "new"],
    ]);
  });

  test("is a schema that a guard is cut from, and that an empty database takes", () => {
    for (const guard of listGuards(left)) {
      const weakened = withoutGuard(left, guard);
      openSchema(weakened).close();
      expect(listGuards(weakened)).toHaveLength(4);
    }
  });

  test("tells of no rows and no passing table", () => {
    expect(left).not.toMatch(/INSERT|PRAGMA|DROP|ALTER|t_before|old/u);
  });
});

describe("listGuards", () => {
  test("overlooks no guard of the schema", () => {
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
    ["a statement that guards can't be read from: DROP TABLE t", "DROP TABLE t;"],
    ["a statement that guards can't be read from: ALTER TABLE t", "ALTER TABLE t ADD COLUMN a TEXT;"],
    ["a statement that guards can't be read from: CREATE VIEW v", "CREATE VIEW v AS SELECT 1;"],
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
