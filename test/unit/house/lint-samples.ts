/** A file that the linter must refuse, or let pass. */
export type Sample = {
  /** Where it stands in the repository; folders decide which import directions hold. */
  path: string;
  code: string;
  /** Part of what the linter says of it: the rule's name, or the message of an import direction. */
  says: string;
};

const TESTS_AND_SCRIPTS = "src imports neither tests nor scripts.";
const INDEX_ONLY = "Of another module, import only its index.ts.";

/** `samples[i]` of a path imports one forbidden thing. */
function imports(path: string, specifier: string, says: string): Sample {
  return { path, code: `import { thing } from "${specifier}";\nexport const copy: unknown = thing;\n`, says };
}

/** One for each direction that imports may not take. */
export const FORBIDDEN_IMPORTS: readonly Sample[] = [
  imports("src/jobs/a.ts", "../../test/support/api.ts", TESTS_AND_SCRIPTS),
  imports("src/jobs/b.ts", "../../scripts/demo/seed.ts", TESTS_AND_SCRIPTS),
  imports("src/middleware/c.ts", "../modules/sales/service.ts", "Import a module's index.ts, or a pure file of it."),
  imports("src/app.ts", "./modules/sales/queries.ts", "Import a module's index.ts, or a pure file of it."),

  imports("src/core/a.ts", "../db/database.ts", "core imports nothing of ours but itself."),
  imports("src/core/b.ts", "../http/problem.ts", "core imports nothing of ours but itself."),
  imports("src/core/c.ts", "hono", "core is pure: no framework, no database, no platform."),
  imports("src/core/d.ts", "drizzle-orm/sqlite-core", "core is pure: no framework, no database, no platform."),
  imports("src/core/e.ts", "cloudflare:workers", "core is pure: no framework, no database, no platform."),
  imports("src/core/f.ts", "@hono/zod-openapi", "core is pure: no framework, no database, no platform."),

  imports("src/db/a.ts", "../../test/support/sql.ts", TESTS_AND_SCRIPTS),
  imports("src/db/b.ts", "../modules/sales/index.ts", "db imports core, not what stands on it."),
  imports("src/db/schema/c.ts", "../../http/problem.ts", "db imports core, not what stands on it."),
  imports("src/db/d.ts", "hono", "db knows no framework."),

  imports("src/durable-objects/gate/a.ts", "../../../test/support/sql.ts", TESTS_AND_SCRIPTS),
  imports("src/durable-objects/gate/b.ts", "../../modules/auth/index.ts", "A Durable Object serves the modules"),
  imports("src/durable-objects/gate/c.ts", "drizzle-orm", "A Durable Object speaks RPC and its own SQLite."),

  imports("src/modules/sales/a.ts", "../../../scripts/bench/run.ts", TESTS_AND_SCRIPTS),
  imports("src/modules/sales/b.ts", "../catalog/product.ts", INDEX_ONLY),
  imports("src/modules/sales/c.ts", "hono/factory", "Only a module's doors know a framework"),
  imports("src/modules/sales/d.ts", "drizzle-orm", "Only a module's doors know a framework"),
  imports("src/modules/sales/e.ts", "cloudflare:workers", "Only a module's doors know a framework"),
  imports("src/modules/sales/f.ts", "./routes.ts", "Routes stand on top"),
  imports("src/modules/sales/g.ts", "../../middleware/gate.ts", "A module's inside knows no middleware."),

  imports("src/modules/auth/permissions.ts", "cloudflare:workers", "A pure file knows neither framework"),
  imports("src/modules/reports/figures.ts", "drizzle-orm", "A pure file knows neither framework"),
  imports("src/modules/sales/pricing.ts", "hono", "A pure file knows neither framework"),
  imports("src/modules/sales/refund-shares.ts", "./service.ts", "A pure file stands below the module's doors"),
  imports("src/modules/sales/receipt.ts", "../../db/database.ts", "A pure file imports core and its neighbours"),
  imports("src/modules/sales/settle.ts", "../../context.ts", "A pure file imports core and its neighbours"),

  imports("src/modules/a/index.ts", "../../../test/support/api.ts", TESTS_AND_SCRIPTS),
  imports("src/modules/b/index.ts", "../sales/queries.ts", INDEX_ONLY),
  imports("src/modules/c/index.ts", "drizzle-orm", "A module's door holds no SQL and no platform."),

  imports("src/modules/a/schemas.ts", "../../../test/support/api.ts", TESTS_AND_SCRIPTS),
  imports("src/modules/b/schemas.ts", "../sales/schemas.ts", INDEX_ONLY),
  imports("src/modules/c/schemas.ts", "./service.ts", "they import no other door of the module."),
  imports("src/modules/d/schemas.ts", "cloudflare:workers", "Schemas describe the wire, not the database."),
  imports("src/modules/e/schemas.ts", "../../db/database.ts", "Schemas describe the wire."),

  imports("src/modules/a/routes.ts", "../../../test/support/api.ts", TESTS_AND_SCRIPTS),
  imports("src/modules/b/routes.ts", "../sales/service.ts", INDEX_ONLY),
  imports("src/modules/c/routes.ts", "./queries.ts", "A route calls the service; the service calls the queries."),
  imports("src/modules/d/routes.ts", "../../db/database.ts", "A route calls the service"),
  imports("src/modules/e/routes.ts", "drizzle-orm", "A route holds no SQL and no platform."),

  imports("src/modules/a/service.ts", "../../../test/support/api.ts", TESTS_AND_SCRIPTS),
  imports("src/modules/b/service.ts", "../catalog/service.ts", INDEX_ONLY),
  imports("src/modules/c/service.ts", "./routes.ts", "cron and sync alike; it knows no route."),
  imports("src/modules/d/service.ts", "../../middleware/gate.ts", "A service knows no middleware."),
  imports("src/modules/e/service.ts", "@hono/zod-openapi", "cron and sync alike; it knows no framework."),
  imports("src/modules/f/service.ts", "drizzle-orm", "SQL stands in queries.ts."),

  imports("src/modules/a/queries.ts", "../../../test/support/api.ts", TESTS_AND_SCRIPTS),
  imports("src/modules/b/queries.ts", "../catalog/queries.ts", INDEX_ONLY),
  imports("src/modules/c/queries.ts", "./service.ts", "Queries stand below the service and the routes."),
  imports("src/modules/d/queries.ts", "../../middleware/gate.ts", "Queries know no middleware."),
  imports("src/modules/e/queries.ts", "hono", "Queries know no framework."),
];

const PROMISE = "const later = async (): Promise<number> => Promise.resolve(1);\n";
const ANY = 'const loose = JSON.parse("1");\n';

function breaks(says: string, code: string, path = `src/jobs/${says.replaceAll(/\W+/g, "-")}.ts`): Sample {
  return { path, code, says };
}

/** One for each rule that .oxlintrc.json switches on by name, and one for each category. */
export const BROKEN_RULES: readonly Sample[] = [
  breaks("eqeqeq", "export const same = (a: string, b: string) => a == b;\n"),
  breaks("no-console", 'console.log("x");\n'),
  breaks("no-var", "export var old = 1;\n"),
  breaks("no-unused-vars", "const unused = 1;\nexport const used = 2;\n"),
  breaks("prefer-const", "let fixed = 1;\nexport const copy = fixed;\n"),
  breaks("no-cycle", 'import { b } from "./cycle-b.ts";\nexport const a = (): unknown => b;\n', "src/jobs/cycle-a.ts"),
  breaks("no-cycle", 'import { a } from "./cycle-a.ts";\nexport const b = (): unknown => a;\n', "src/jobs/cycle-b.ts"),
  breaks(
    "no-duplicates",
    'import { join } from "node:path";\nimport { sep } from "node:path";\nexport const both = [join, sep];\n',
  ),
  breaks("consistent-type-imports", 'import { Stats } from "node:fs";\nexport type Copy = Stats;\n'),
  breaks("no-explicit-any", "export const loose: any = 1;\n"),
  breaks("no-floating-promises", `${PROMISE}export function start() {\n  later();\n}\n`),
  breaks("no-misused-promises", `${PROMISE}export const answer = later() ? 1 : 2;\n`),
  breaks("no-non-null-assertion", "export const first = (list: string[]) => list[0]!;\n"),
  breaks("no-unsafe-argument", `${ANY}export const length = encodeURIComponent(loose);\n`),
  breaks("no-unsafe-assignment", `${ANY}export const copy = loose;\n`),
  breaks("no-unsafe-call", `${ANY}loose();\nexport {};\n`),
  breaks("no-unsafe-member-access", `${ANY}export const copy: unknown = loose.name;\n`),
  breaks("no-unsafe-return", `${ANY}export const copy = (): string => loose;\n`),
  breaks("only-throw-error", 'export function fail() {\n  throw "x";\n}\n'),
  breaks(
    "return-await",
    `${PROMISE}export async function go() {\n  try {\n    return later();\n  } catch {\n    return 0;\n  }\n}\n`,
  ),
  breaks(
    "switch-exhaustiveness-check",
    'export function name(method: "cash" | "card") {\n  switch (method) {\n    case "cash":\n      return 1;\n  }\n  return 2;\n}\n',
  ),
  breaks("filename-case", "export const x = 1;\n", "src/jobs/notKebab.ts"),

  // The categories: correctness, suspicious, perf.
  breaks("no-self-assign", "export function keep(a: number) {\n  a = a;\n  return a;\n}\n"),
  breaks("no-array-sort", "export const sorted = (list: number[]) => list.sort();\n"),
  breaks(
    "no-accumulating-spread",
    "export const all = (lists: number[][]) => lists.reduce((sum, one) => [...sum, ...one], []);\n",
  ),

  breaks("no-focused-tests", tests("it.only"), "test/unit/a.test.ts"),
  breaks("no-disabled-tests", tests("it.skip"), "test/unit/b.test.ts"),
  breaks("no-identical-title", `${tests("it")}it("holds", () => undefined);\n`, "test/unit/c.test.ts"),
  breaks(
    "valid-expect",
    'import { expect, it } from "vitest";\nit("holds", () => {\n  expect(1);\n});\n',
    "test/unit/d.test.ts",
  ),
];

function tests(call: string): string {
  return `import { expect, it } from "vitest";\n${call}("holds", () => {\n  expect(1).toBe(1);\n});\n`;
}

/** What the directions allow: a rule that refuses everything would pass the samples above. */
export const ALLOWED: readonly Sample[] = [
  imports("src/core/fine.ts", "./money.ts", ""),
  imports("src/db/fine.ts", "../core/money.ts", ""),
  imports("src/middleware/fine.ts", "../modules/auth/permissions.ts", ""),
  imports("src/modules/fine/pricing-parts.ts", "../../core/money.ts", ""),
  imports("src/modules/fine/queries.ts", "drizzle-orm", ""),
  imports("src/modules/fine/routes.ts", "./service.ts", ""),
  imports("src/modules/fine/service.ts", "../catalog/index.ts", ""),
  imports("src/modules/fine/service-parts.ts", "./queries.ts", ""),
];
