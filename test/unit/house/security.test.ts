import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** docs/security.md is held to the tests it lists, and the tests to their names. */

const ROOT = join(import.meta.dirname, "../../..");
const FOLDER = join(ROOT, "test", "security");
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".test.ts"));
const document = readFileSync(join(ROOT, "docs", "security.md"), "utf8");

/** What a group of tests of the top level is called. */
const GROUP = /^describe(?:\.each\([^]*?\n?\))?\(\s*["`](.+?)["`]/gm;
const NAMED = /^API\d{1,2}:2023 [\w ,:]+ \/ ASVS \d+\.\d+\.\d+(?:, \d+\.\d+\.\d+)*: ./;

function groupsOf(file: string): string[] {
  return [...readFileSync(join(FOLDER, file), "utf8").matchAll(GROUP)].map(([, name = ""]) => name);
}

function sorted(values: Iterable<string>): string[] {
  const order = new Intl.Collator("en", { numeric: true });
  return [...new Set(values)].toSorted((a, b) => order.compare(a, b));
}

describe("a test of test/security", () => {
  it.each(files)("%s names the item of OWASP and of ASVS that it covers", (file) => {
    expect(groupsOf(file).length).toBeGreaterThan(0);
    expect(groupsOf(file).filter((name) => !NAMED.test(name))).toEqual([]);
  });

  it.each(files)("%s has its row in docs/security.md, with these items", (file) => {
    const [, cells] = rowOf(file);
    const [, owasp = "", asvs = ""] = (cells ?? "").split("|");
    const names = groupsOf(file).map((name) => name.split(": ").slice(0, -1).join(": "));
    expect(sorted(owasp.match(/API\d+/g) ?? [])).toEqual(sorted(names.flatMap((name) => name.match(/API\d+/g) ?? [])));
    const items = names.flatMap((name) => name.match(/\d+\.\d+\.\d+/g) ?? []);
    expect(sorted(asvs.match(/\d+\.\d+\.\d+/g) ?? [])).toEqual(sorted(items));
  });

  it("is all that the table lists", () => {
    const listed = [...document.matchAll(/^\| `([\w-]+\.test\.ts)`/gm)].map(([, name = ""]) => name);
    expect(listed).toEqual(files.toSorted());
  });
});

function rowOf(file: string): RegExpExecArray {
  const row = new RegExp(`^\\| \`${file.replaceAll(".", "\\.")}\`\\s*\\|(.*)\\|$`, "m").exec(document);
  if (!row) throw new Error(`${file} has no row in docs/security.md`);
  return row;
}
