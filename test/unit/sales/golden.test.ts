import { describe, expect, test } from "vitest";
import * as engine from "regal-pos/pricing";
import { GOLDEN_BASKETS } from "../../golden/baskets.ts";
import { figuresOf, priceRow } from "../../golden/price.ts";

describe("the golden table", () => {
  test("has at least 40 rows, each of its own name, most of them from public sources", () => {
    expect(GOLDEN_BASKETS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(GOLDEN_BASKETS.map(({ name }) => name)).size).toBe(GOLDEN_BASKETS.length);
    const published = GOLDEN_BASKETS.filter(({ source }) => source !== "by hand");
    expect(published.length).toBeGreaterThan(GOLDEN_BASKETS.length / 2);
    expect(published.filter(({ source }) => source !== "by hand" && source.gives === "figures").length).toBeGreaterThan(
      30,
    );
  });

  test.each(GOLDEN_BASKETS)("says where $name comes from, and how it is worked out", ({ source, working }) => {
    expect(working).toMatch(/\d/);
    if (source === "by hand") return;
    expect(source.title.length).toBeGreaterThan(10);
    expect(URL.canParse(source.url)).toBe(true);
  });

  test("has every mode, scope and kind of price, with and without rounding of cash, and refunds", () => {
    const kinds = GOLDEN_BASKETS.map(({ store }) => [store.tax_mode, store.rounding.mode, store.rounding.scope].join());
    for (const tax of ["inclusive", "exclusive"]) {
      for (const how of ["half_up,line", "half_up,invoice", "half_even,line"]) {
        expect(kinds).toContain(`${tax},${how}`);
      }
    }
    expect(kinds).toContain("exclusive,half_even,invoice");
    expect(GOLDEN_BASKETS.filter(({ store }) => store.cash_rounding > 1).length).toBeGreaterThan(20);
    expect(GOLDEN_BASKETS.filter(({ refunds }) => refunds).length).toBeGreaterThan(8);
    expect(GOLDEN_BASKETS.filter(({ expected }) => expected.tax.length > 1).length).toBeGreaterThan(8);
  });
});

describe("the engine comes to what is in the table", () => {
  test.each(GOLDEN_BASKETS)("$name", (row) => {
    expect(priceRow(engine, row)).toEqual(figuresOf(row));
  });
});
