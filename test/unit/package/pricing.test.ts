import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as engine from "regal-pos/pricing";
import { buildPricingPackage } from "../../../scripts/pricing-package/build.ts";
import { GOLDEN_BASKETS } from "../../golden/baskets.ts";
import { figuresOf } from "../../golden/price.ts";

const ROOT = join(import.meta.dirname, "../../..");
const GOLDEN = join(ROOT, "test", "golden");

/** Prices the whole golden table by the package it finds, and writes the figures to standard output. */
const PRICE_ALL = `
  import * as engine from "regal-pos/pricing";
  import { GOLDEN_BASKETS } from ${JSON.stringify(join(GOLDEN, "baskets.ts"))};
  import { priceRow } from ${JSON.stringify(join(GOLDEN, "price.ts"))};
  process.stdout.write(JSON.stringify(GOLDEN_BASKETS.map((row) => priceRow(engine, row))));
`;

/** Every file that an entry takes in, and every package that any of them imports. */
async function importsOf(entry: string): Promise<{ files: string[]; packages: string[] }> {
  const { metafile } = await build({
    entryPoints: [join(ROOT, entry)],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "neutral",
    packages: "external",
    external: ["cloudflare:*", "node:*"],
  });
  const outside = Object.values(metafile.inputs).flatMap(({ imports }) => imports.filter((one) => one.external));
  return {
    files: Object.keys(metafile.inputs).toSorted(),
    packages: [...new Set(outside.map(({ path }) => path))].toSorted(),
  };
}

function runNode(cwd: string, code: string): string {
  const done = spawnSync(process.execPath, ["--input-type=module", "--eval", code], { cwd, encoding: "utf8" });
  expect(done.stderr).toBe("");
  return done.stdout;
}

describe("regal-pos/pricing", () => {
  test("takes in core and the pure rules of selling, and no package at all", async () => {
    const { files, packages } = await importsOf("src/pricing.ts");
    expect(packages).toEqual([]);
    expect(files).toEqual([
      "src/core/barcode.ts",
      "src/core/currency.ts",
      "src/core/money.ts",
      "src/modules/sales/discount-limit.ts",
      "src/modules/sales/max-per-sale.ts",
      "src/modules/sales/measure.ts",
      "src/modules/sales/pricing.ts",
      "src/modules/sales/refund-shares.ts",
      "src/modules/sales/settle.ts",
      "src/pricing.ts",
    ]);
  });

  test("is looked at by what finds packages and the platform where they are", async () => {
    const { files, packages } = await importsOf("src/index.ts");
    expect(files).toContain("src/http/schemas.ts");
    expect(packages).toEqual(expect.arrayContaining(["hono", "zod", "drizzle-orm", "cloudflare:workers"]));
  });

  test("prices the golden table by its own name in plain Node", () => {
    expect(JSON.parse(runNode(ROOT, PRICE_ALL))).toEqual(GOLDEN_BASKETS.map(figuresOf));
  });

  test("does what the example in docs/pricing.md says", () => {
    const page = readFileSync(join(ROOT, "docs", "pricing.md"), "utf8");
    const [, code = "", output] = /```js\n(.+?)```\n\n```text\n(.+?)```/s.exec(page) ?? [];
    expect(runNode(ROOT, code)).toBe(output);
  });

  test("has in docs/pricing.md all that it exports, and nothing else", () => {
    const page = readFileSync(join(ROOT, "docs", "pricing.md"), "utf8");
    const rows = page.slice(page.indexOf("| it has"), page.indexOf("`priceBasket` throws")).split("\n");
    const told = rows.flatMap((row) =>
      [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
    );
    expect(told.toSorted()).toEqual(Object.keys(engine).toSorted());
  });
});

describe("the package that npm run build:pricing makes", () => {
  let folder = "";

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "regal-pricing-"));
    mkdirSync(join(folder, "node_modules"));
    await buildPricingPackage(join(folder, "node_modules", "regal-pos"));
  }, 60_000);

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test("holds one file of JavaScript, its types, its licence and nothing else", () => {
    const files = readdirSync(join(folder, "node_modules", "regal-pos"), { recursive: true, encoding: "utf8" });
    const types = files.filter((file) => file.endsWith(".d.ts"));
    expect(files.filter((file) => file.includes(".") && !types.includes(file)).toSorted()).toEqual([
      "package.json",
      "pricing.js",
    ]);
    expect(files).toContain("LICENSE");
    expect(types).toHaveLength(10);
  });

  test("prices the golden table in a project of its own", () => {
    expect(JSON.parse(runNode(folder, PRICE_ALL))).toEqual(GOLDEN_BASKETS.map(figuresOf));
  });

  test.each([
    ["right", '{ tax_mode: "inclusive", rounding: { mode: "half_up", scope: "line" } }', 0],
    ["wrong", '{ tax_mode: "inclusive", rounding: { mode: "down", scope: "line" } }', 1],
  ])("tells a TypeScript project what is %s", (name, rules, faults) => {
    const file = `${name}.ts`;
    const code = `import { priceBasket, type PricedBasket } from "regal-pos/pricing";\nexport const priced: PricedBasket = priceBasket(${rules}, []);\n`;
    writeFileSync(join(folder, file), code);
    const options = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2024", "--types", ""];
    const tsc = spawnSync(join(ROOT, "node_modules/.bin/tsc"), ["--ignoreConfig", file, ...options], {
      cwd: folder,
      encoding: "utf8",
    });
    const said = tsc.stdout.split("\n").filter((line) => line.includes("error"));
    expect(said, tsc.stdout).toHaveLength(faults);
    expect(said.every((line) => line.startsWith(file))).toBe(true);
  });
});
