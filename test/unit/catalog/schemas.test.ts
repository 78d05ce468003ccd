import { describe, expect, it } from "vitest";
import { productBatch, productInput, productPatch } from "../../../src/modules/catalog/schemas.ts";

const base = { sku: "A-1", name: "Apple", unit_price: 50 };

/** Where a product with these fields is refused; an empty list when it is taken. */
function faultsOf(fields: Record<string, unknown>): string[] {
  const result = productInput.safeParse({ ...base, ...fields });
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join("/")}: ${message}`);
}

describe("barcodes", () => {
  it.each(["4006381333931", "96385074", "036000291452", "10036000291459", "2100001000004", "ABC-1", "1234567890"])(
    "takes %s",
    (barcode) => {
      expect(faultsOf({ barcodes: [barcode] })).toEqual([]);
    },
  );

  it.each([
    ["4006381333930", "1"],
    ["96385070", "4"],
    ["036000291450", "2"],
    ["10036000291450", "9"],
  ])("refuses %s and says its last digit would have to be %s", (barcode, digit) => {
    expect(faultsOf({ barcodes: ["OK", barcode] })).toEqual([
      `barcodes/1: ${barcode} has a wrong check digit: its last digit would have to be ${digit}`,
    ]);
  });

  it("refuses one barcode twice, also in another spelling", () => {
    expect(faultsOf({ barcodes: ["036000291452", "X", "0036000291452"] })).toEqual([
      "barcodes/2: is the same barcode as one before it",
    ]);
  });

  it("refuses too many, empty ones and control characters", () => {
    expect(faultsOf({ barcodes: Array.from({ length: 21 }, (_, i) => `c${String(i)}`) })).toHaveLength(1);
    expect(faultsOf({ barcodes: [" "] })).toHaveLength(1);
    expect(faultsOf({ barcodes: ["a\u0000b"] })).toHaveLength(1);
    expect(faultsOf({ barcodes: ["x".repeat(65)] })).not.toEqual([]);
  });
});

describe("attributes", () => {
  it("takes text, numbers and booleans, and text as NFC", () => {
    const parsed = productInput.parse({ ...base, attributes: { colour: " re\u0301d ", weight: 1.5, organic: true } });
    expect(parsed.attributes).toEqual({ colour: "r\u00e9d", weight: 1.5, organic: true });
  });

  it.each(["__proto__", "constructor", "prototype"])("refuses the name %s", (key) => {
    expect(faultsOf({ attributes: JSON.parse(`{"${key}": "x"}`) as unknown })).toEqual([
      `attributes/${key}: is not allowed as a name`,
    ]);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  it.each([
    ["an array", []],
    ["text", "x"],
    ["null", null],
    ["an object inside", { a: {} }],
    ["a list inside", { a: [1] }],
    ["null inside", { a: null }],
    ["an empty name", { "": 1 }],
    ["a long name", { ["k".repeat(65)]: 1 }],
    ["a name with control characters", { "a\u0001": 1 }],
    ["a long text", { a: "x".repeat(501) }],
    ["control characters", { a: "\u0007" }],
    ["too many", Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${String(i)}`, 1]))],
    ["too much", Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${String(i)}`, "x".repeat(450)]))],
  ])("refuses %s", (_what, attributes) => {
    expect(faultsOf({ attributes })).toHaveLength(1);
  });
});

describe("the other fields", () => {
  it("takes an image over https alone", () => {
    expect(faultsOf({ image_url: "https://img.example/a.png" })).toEqual([]);
    expect(faultsOf({ image_url: null })).toEqual([]);
    expect(faultsOf({ image_url: "http://img.example/a.png" })).toHaveLength(1);
    expect(faultsOf({ image_url: "javascript:alert(1)" })).toHaveLength(1);
  });

  it.each([
    ["a negative price", { unit_price: -1 }],
    ["half a penny", { unit_price: 0.5 }],
    ["a price above 2^53", { unit_price: 2 ** 53 }],
    ["a price as text", { unit_price: "1" }],
    ["a price for nothing", { price_quantity: 0 }],
    ["a tax rate above 100 %", { tax_rate_ppm: 1_000_001 }],
    ["a negative discount", { discount_ppm: -1 }],
    ["a limit of none a sale", { max_per_sale: 0 }],
    ["an unknown unit", { unit: "kg" }],
    ["an empty name", { name: "" }],
    ["a long name", { name: "x".repeat(201) }],
    ["a long SKU", { sku: "x".repeat(65) }],
    ["a long description", { description: "x".repeat(4001) }],
    ["an id that is not UUIDv7", { id: "00000000-0000-4000-8000-000000000000" }],
    ["a category that is no id", { category_id: "x" }],
    ["a number for a boolean", { track_stock: 1 }],
    ["a version", { version: 2 }],
    ["an unknown field", { vendor: "x" }],
  ])("refuses %s", (_what, fields) => {
    expect(faultsOf(fields)).not.toEqual([]);
  });

  it("refuses a patch that names nothing and a batch of none or too many", () => {
    expect(productPatch.safeParse({}).success).toBe(false);
    expect(productPatch.safeParse({ cost_price: null }).success).toBe(true);
    expect(productBatch.safeParse({ products: [] }).success).toBe(false);
    const entries = Array.from({ length: 1001 }, (_, i) => ({ sku: `S${String(i)}` }));
    expect(productBatch.safeParse({ products: entries }).success).toBe(false);
    expect(productBatch.safeParse({ products: entries.slice(0, 1000) }).success).toBe(true);
  });
});
