import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");

/** What would come into the bundle whole: the words of fifty languages, and the library that describes the API. */
const HEAVY = [/import (?!type )(?:\{[^}]*\bz\b[^}]*\}|z)(?:, \{[^}]*\})? from "zod"/, /from "@hono\/zod-openapi"/];

function heavyImports(code: string): boolean {
  return HEAVY.some((form) => form.test(code));
}

describe("what the Worker imports", () => {
  test.each([
    ['import { z } from "zod";', true],
    ['import { type ZodError, z } from "zod";', true],
    ['import z from "zod";', true],
    ['import { z } from "@hono/zod-openapi";', true],
    ['import * as z from "zod";', false],
    ['import type { z } from "zod";', false],
    ['import type * as z from "zod";', false],
  ])("%s is heavy: %s", (code, heavy) => {
    expect(heavyImports(code)).toBe(heavy);
  });

  test("nothing in src is heavy (docs/adr/0015)", () => {
    const files = globSync("src/**/*.ts", { cwd: ROOT });
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => heavyImports(readFileSync(join(ROOT, file), "utf8")))).toEqual([]);
  });
});
