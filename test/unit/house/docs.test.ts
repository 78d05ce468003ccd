import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { readDemoCatalog } from "../../../scripts/demo/catalog.ts";
import { PROBLEMS } from "../../../src/http/problem.ts";
import { PERMISSIONS } from "../../../src/modules/auth/permissions.ts";

// The documents are held to the code: what is named must be there, and what is there must be named.

const ROOT = join(import.meta.dirname, "../../..");
const DOCUMENTS = [...markdownIn("", false), ...markdownIn("docs", true)];
/** `[text](target)`, and images. */
const LINK = /\]\(([^()\s]+)\)/g;

describe("the links of the documents", () => {
  it.each(DOCUMENTS)("%s points at what is there", (document) => {
    expect(relativeLinks(document).filter((target) => !resolves(document, target))).toEqual([]);
  });

  it("are read at all", () => {
    expect(relativeLinks("README.md")).toContain("docs/adr/README.md");
    expect(resolves("README.md", "docs/no-such-page.md")).toBe(false);
    expect(resolves("README.md", "docs/adr/README.md#no-such-heading")).toBe(false);
    expect(resolves("README.md", "docs/adr/README.md#decisions")).toBe(true);
  });
});

describe("docs/design/operations.md", () => {
  const named = codeIn("docs/design/operations.md");

  it("names every setting of the Worker", () => {
    const settings = settingNames();
    expect(settings).toContain("ACCESS_TOKEN_KEYS");
    expect(settings.filter((name) => !named.has(name))).toEqual([]);
  });

  it("names every setting of npm start, as the README does", () => {
    const source = read("scripts/support/settings.ts");
    const settings = [...source.matchAll(/env\["(\w+)"\]/g)].map(([, name = ""]) => name);
    expect(settings).toContain("PORT");
    expect(settings.filter((name) => !named.has(name))).toEqual([]);
    expect(settings.filter((name) => !codeIn("README.md").has(name))).toEqual([]);
  });

  it("names every binding", () => {
    const bindings = [...read("wrangler.toml").matchAll(/^(?:binding|name) = "([A-Z]+)"$/gm)].map(
      ([, name = ""]) => name,
    );
    expect(bindings.toSorted()).toEqual(["ASSETS", "DB", "GATE"]);
    expect(bindings.filter((name) => !named.has(name))).toEqual([]);
  });
});

describe("docs/dependencies.md", () => {
  it("has a line for every dependency, and for nothing else", () => {
    const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<
      string,
      Record<string, string>
    >;
    const wanted = Object.keys({ ...dependencies, ...devDependencies });
    expect(firstColumn("docs/dependencies.md").toSorted()).toEqual(wanted.toSorted());
  });

  it("says of the lock file that it has every platform's packages, and no addresses", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, LockedPackage> };
    const optional = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).map((name) => [path, name] as const),
    );
    expect(optional.length).toBeGreaterThan(100);
    expect(optional.filter(([path, name]) => !isLocked(packages, path, name))).toEqual([]);
    expect(Object.keys(packages).filter((path) => packages[path]?.resolved !== undefined)).toEqual([]);
  });

  it("says of the lock file that it is of package.json", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, LockedPackage> };
    const { dependencies, devDependencies } = JSON.parse(read("package.json")) as LockedPackage;
    expect(packages[""]).toMatchObject({ dependencies, devDependencies });
    expect(Object.keys({ ...packages[""]?.dependencies, ...packages[""]?.devDependencies })).toHaveLength(
      Object.keys({ ...dependencies, ...devDependencies }).length,
    );
  });
});

describe("docs/adr/README.md", () => {
  const records = readdirSync(join(ROOT, "docs/adr")).filter((name) => /^\d/.test(name));

  it("lists every decision once, in order", () => {
    expect(relativeLinks("docs/adr/README.md").filter((target) => /^\d/.test(target))).toEqual(records.toSorted());
  });

  it("numbers them without a hole", () => {
    const numbers = records.toSorted().map((name) => Number(name.slice(0, 4)));
    expect(numbers).toEqual(records.map((_, index) => index + 1));
  });

  it.each(records)("%s says when, in what state and why", (name) => {
    const text = read(`docs/adr/${name}`);
    expect(text).toMatch(new RegExp(`^# ${name.slice(0, 4)}: \\S`));
    expect(text).toMatch(/^- Status: (?:accepted|superseded (?:in part )?by \[(\d{4})\]\(\1-[\w-]+\.md\))$/m);
    expect(text).toMatch(/^- Date: \d{4}-\d\d-\d\d$/m);
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(["Context", "Decision", "Consequences"]);
  });
});

describe("the rest of the design", () => {
  it("tells every problem code", () => {
    const named = codeIn("docs/design/errors-and-idempotency.md");
    expect(Object.keys(PROBLEMS).filter((code) => !named.has(code))).toEqual([]);
  });

  it("puts each problem code under its status", () => {
    const rows = tableRows("docs/design/errors-and-idempotency.md").filter(([status = ""]) => /^\d{3}$/.test(status));
    const told = rows.flatMap(([status, codes = ""]) =>
      [...codes.matchAll(/`(\w+)`/g)].map(([, code = ""]) => [code, Number(status)] as const),
    );
    const wanted = Object.entries(PROBLEMS).map(([code, { status }]) => [code, status] as const);
    expect(told.toSorted(byName)).toEqual(wanted.toSorted(byName));
  });

  it("tells every permission", () => {
    const named = codeIn("docs/design/identity.md");
    expect(PERMISSIONS.filter((permission) => !named.has(permission))).toEqual([]);
  });

  it("tells every trigger of a sale", () => {
    const named = codeIn("docs/design/the-sale.md");
    const triggers = [...read("migrations/0005_sales.sql").matchAll(/^CREATE TRIGGER (\w+)/gm)].map(
      ([, name = ""]) => name,
    );
    expect(triggers).toContain("sales_parts_sum");
    expect(triggers.filter((name) => !named.has(name))).toEqual([]);
  });
});

describe("README.md", () => {
  it("sells what the demo has", () => {
    const known = new Set(readDemoCatalog().map(({ barcode }) => barcode));
    const scanned = [...read("README.md").matchAll(/\b\d{13}\b/g)].map(([barcode]) => barcode);
    expect(scanned.length).toBeGreaterThan(0);
    expect(scanned.filter((barcode) => !known.has(barcode))).toEqual([]);
  });

  it.each(["README.md", "CONTRIBUTING.md", "docs/runbooks/local-development.md"])(
    "%s names only scripts there are",
    (document) => {
      const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
      const called = [...read(document).matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name);
      expect(called.length).toBeGreaterThan(0);
      expect(called.filter((name) => !(name in scripts))).toEqual([]);
    },
  );
});

interface LockedPackage {
  resolved?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** Whether a package that another one asks for is locked, in its own folder or in one above it, as Node looks for it. */
function isLocked(packages: Record<string, LockedPackage>, from: string, name: string): boolean {
  const folders = [""];
  for (const part of from.split(/\/?node_modules\//).slice(1))
    folders.push(`${folders.at(-1) ?? ""}node_modules/${part}/`);
  return folders.some((folder) => `${folder}node_modules/${name}` in packages);
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** Markdown files of a folder, by their path from the root. */
function markdownIn(folder: string, recursive: boolean): string[] {
  return readdirSync(join(ROOT, folder), { recursive, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

/** A document without its blocks of code, in which brackets mean other things. */
function proseOf(document: string): string {
  return read(document).replaceAll(/^```[\s\S]*?^```$/gm, "");
}

function relativeLinks(document: string): string[] {
  return [...proseOf(document).matchAll(LINK)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/i.test(target));
}

function resolves(document: string, target: string): boolean {
  const [path = "", heading] = target.split("#");
  const file = path === "" ? document : join(dirname(document), path);
  if (!existsSync(join(ROOT, file))) return false;
  return heading === undefined || headingsOf(file).includes(heading);
}

/** The anchors of a document's headings, as code hosts make them. */
function headingsOf(document: string): string[] {
  return [...proseOf(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
}

/** Every word that stands in code style, in a document and inside longer code. */
function codeIn(document: string): Set<string> {
  const code = [...proseOf(document).matchAll(/`([^`\n]+)`/g)].flatMap(([, text = ""]) => [
    text,
    ...(text.match(/\w+/g) ?? []),
  ]);
  return new Set(code);
}

/** The cells of every table's rows. */
function tableRows(document: string): string[][] {
  return proseOf(document)
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    );
}

/** What stands in code style alone in the first column of a document's tables. */
function firstColumn(document: string): string[] {
  return tableRows(document).flatMap(([first = ""]) => /^`([^`]+)`$/.exec(first)?.slice(1) ?? []);
}

/** The members of the object that src/env.ts parses settings with. */
function settingNames(): string[] {
  const [, members = ""] = /const settingsSchema = z\.object\(\{\n([\s\S]*?)^\}\);/m.exec(read("src/env.ts")) ?? [];
  return [...members.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name = ""]) => name);
}

function byName(a: readonly [string, number], b: readonly [string, number]): number {
  return a[0] < b[0] ? -1 : 1;
}
