import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALLOWED, BROKEN_RULES, FORBIDDEN_IMPORTS, type Sample } from "./lint-samples.ts";

// The linter runs once over a copy of the repository's layout that holds nothing but bad samples and a few good ones,
// so a rule that is switched off, misspelt or no longer understood by a newer oxlint makes a test fail.

const ROOT = join(import.meta.dirname, "../../..");
const SAMPLES = [...FORBIDDEN_IMPORTS, ...BROKEN_RULES, ...ALLOWED];

type Config = {
  rules: Record<string, unknown>;
  overrides: { files: string[]; rules: Record<string, unknown> }[];
};

let folder = "";
/** Path of a sample -> what the linter said of it. */
const said = new Map<string, string[]>();

beforeAll(() => {
  // Not in the repository: oxlint leaves out what .gitignore names, whatever it is told.
  folder = mkdtempSync(join(tmpdir(), "regal-lint-"));
  cpSync(join(ROOT, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
  cpSync(join(ROOT, "package.json"), join(folder, "package.json"));
  writeFileSync(join(folder, "tsconfig.json"), sampleTsconfig());
  for (const { path, code } of SAMPLES) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), code);
  }
  const lint = spawnSync(join(ROOT, "node_modules/.bin/oxlint"), ["--format=json"], { cwd: folder, encoding: "utf8" });
  const report = JSON.parse(lint.stdout) as {
    diagnostics: { filename: string; code?: string; message: string; help?: string }[];
  };
  for (const { filename, code = "", message, help = "" } of report.diagnostics) {
    said.set(filename, [...(said.get(filename) ?? []), `${code} ${message} ${help}`]);
  }
}, 60_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the linter refuses", () => {
  it.each([...FORBIDDEN_IMPORTS, ...BROKEN_RULES])("$path: $says", ({ path, says }: Sample) => {
    expect(said.get(path) ?? []).toContainEqual(expect.stringContaining(says));
  });
});

describe("the linter lets pass", () => {
  it.each(ALLOWED)("$path", ({ path }: Sample) => {
    const directions = (said.get(path) ?? []).filter((line) => line.includes("no-restricted-imports"));
    expect(directions).toEqual([]);
  });
});

describe("every rule has a sample", () => {
  const config = readConfig();

  it("that breaks it, when it is switched on by name", () => {
    const named = [config, ...config.overrides].flatMap(({ rules }) => Object.entries(rules));
    const on = named.filter(([name, level]) => name !== "no-restricted-imports" && level !== "off");
    const without = on
      .map(([name]) => name.split("/").at(-1) ?? name)
      .filter((name) => !BROKEN_RULES.some(({ says }) => says === name));
    expect(on.length).toBeGreaterThan(20);
    expect(without).toEqual([]);
  });

  it("for each message of each block of import directions", () => {
    const blocks = config.overrides.filter(({ rules }) => "no-restricted-imports" in rules);
    const without = blocks.flatMap((block) =>
      messagesOf(block.rules["no-restricted-imports"])
        .filter(
          (message) =>
            !FORBIDDEN_IMPORTS.some(({ path, says }) => isMeant(block.files, path) && message.includes(says)),
        )
        .map((message) => `${block.files.join(", ")}: ${message}`),
    );
    expect(blocks.length).toBeGreaterThan(8);
    expect(without).toEqual([]);
  });
});

function isMeant(globs: string[], path: string): boolean {
  return globs.some((glob) => {
    const pattern = glob
      .replaceAll(".", "\\.")
      .replaceAll("**/", "(.+/)?")
      .replaceAll(/(?<![)+.])\*/g, "[^/]*");
    return new RegExp(`^${pattern}$`).test(path);
  });
}

function messagesOf(rule: unknown): string[] {
  const [, { patterns }] = rule as [string, { patterns: { message: string }[] }];
  return patterns.map(({ message }) => message);
}

/** The configuration without its comments, which stand on lines of their own. */
function readConfig(): Config {
  const text = readFileSync(join(ROOT, ".oxlintrc.json"), "utf8").replaceAll(/^\s*\/\/.*$/gm, "");
  return JSON.parse(text) as Config;
}

/** The repository's compiler settings, without the types that only its node_modules has. */
function sampleTsconfig(): string {
  const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, "tsconfig.json"), "utf8")) as {
    compilerOptions: object;
  };
  return JSON.stringify({ compilerOptions: { ...compilerOptions, types: [] }, include: ["src", "test"] });
}
