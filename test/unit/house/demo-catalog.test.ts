import { describe, expect, it } from "vitest";
import { readDemoCatalog } from "../../../scripts/demo/catalog.ts";
import { hasValidCheckDigit, parseInStoreCode } from "../../../src/core/barcode.ts";

const products = readDemoCatalog();

describe("the demo's grocer", () => {
  it("has about 200 products, each with its own SKU, name and barcode", () => {
    expect(products.length).toBeGreaterThanOrEqual(200);
    for (const field of ["sku", "name", "barcode"] as const) {
      expect(new Set(products.map((product) => product[field])).size).toBe(products.length);
    }
  });

  it("has valid EAN-13 codes; what is weighed carries an in-store code that holds its weight", () => {
    for (const { barcode, unit } of products) {
      expect(barcode).toHaveLength(13);
      expect(hasValidCheckDigit(barcode)).toBe(true);
      expect(parseInStoreCode(barcode)).toEqual(unit === "g" ? { carrier: barcode, kind: "weight", value: 0 } : null);
    }
  });

  it("prices weighed goods by the kilogram and pieces one by one", () => {
    for (const { unit, price_quantity } of products) expect(price_quantity).toBe(unit === "g" ? 1000 : 1);
  });

  it("earns something on everything, after tax", () => {
    for (const { unit_price, cost_price, tax_rate_ppm } of products) {
      expect(cost_price).toBeGreaterThan(0);
      expect(BigInt(cost_price) * BigInt(1_000_000 + tax_rate_ppm)).toBeLessThan(BigInt(unit_price) * 1_000_000n);
    }
  });

  it("taxes at the British rates, and limits a few", () => {
    expect(new Set(products.map(({ tax_rate_ppm }) => tax_rate_ppm))).toEqual(new Set([0, 200_000]));
    expect(products.filter(({ max_per_sale }) => max_per_sale !== null).length).toBeGreaterThan(3);
  });
});
