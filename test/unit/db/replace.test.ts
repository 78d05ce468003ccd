import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");
/** REPLACE takes the old row away without its delete trigger, so an append-only row could be written over by it. */
const REPLACE = /\bOR\s+REPLACE\b|\bREPLACE\s+INTO\b/iu;

const files = ["src", "migrations", "scripts"].flatMap((folder) => listSources(join(ROOT, folder)));

test("no statement of ours replaces a row", () => {
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => REPLACE.test(readFileSync(file, "utf8")))).toEqual([]);
});

test.each(["INSERT OR REPLACE INTO sales", "replace into sales", "UPDATE OR\n  REPLACE sales"])(
  "would see %j",
  (sql) => {
    expect(sql).toMatch(REPLACE);
  },
);

function listSources(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const sources = names.filter((name) => /\.(?:ts|mjs|sql)$/u.test(name));
  // A Durable Object keeps a database of its own, in which nothing is a ledger.
  return sources.filter((name) => !name.startsWith("durable-objects")).map((name) => join(folder, name));
}
