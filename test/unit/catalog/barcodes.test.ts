import { describe, expect, it } from "vitest";
import { findMisplacedWeightCodes } from "../../../src/modules/catalog/barcodes.ts";
import { draftProduct, type NamedFields } from "../../../src/modules/catalog/product.ts";

const SCALE = "2112345000008";

function productOf(over: Pick<NamedFields, "unit" | "barcodes">) {
  return draftProduct({ sku: "A", name: "A", unit_price: 1, ...over }, "p1", "2026-01-01T00:00:00.000Z").after;
}

const pointersOf = (...args: Parameters<typeof findMisplacedWeightCodes>) =>
  findMisplacedWeightCodes(...args).map(({ pointer }) => pointer);

describe("a scale's code on what is not sold by the gram", () => {
  it("is refused of a new product, in each of its spellings", () => {
    expect(findMisplacedWeightCodes(null, { barcodes: ["A-1", SCALE] }, "/products/3")).toEqual([
      {
        pointer: "/products/3/barcodes/1",
        detail:
          `is refused: the barcode ${SCALE} carries grams, but the unit is each: ` +
          "set the unit to g, or take the barcode off the product",
      },
    ]);
    expect(pointersOf(null, { unit: "ml", barcodes: [`0${SCALE}`] }, "")).toEqual(["/barcodes/0"]);
  });

  it("is refused of a change of the barcodes, and of the unit alone", () => {
    const bread = productOf({ unit: "each" });
    const cheese = productOf({ unit: "g", barcodes: [SCALE] });
    expect(pointersOf(bread, { barcodes: [SCALE] }, "")).toEqual(["/barcodes/0"]);
    expect(pointersOf(cheese, { unit: "each" }, "")).toEqual(["/unit"]);
    expect(pointersOf(cheese, { unit: "ml", barcodes: [SCALE] }, "")).toEqual(["/barcodes/0"]);
    expect(pointersOf(cheese, { unit: "each", barcodes: [] }, "")).toEqual([]);
    expect(pointersOf(bread, { unit: "g", barcodes: [SCALE] }, "")).toEqual([]);
  });

  it("is left to a product that had it before, so that the rest of it can be changed", () => {
    const old = productOf({ unit: "each", barcodes: [SCALE] });
    expect(pointersOf(old, { unit_price: 2 }, "")).toEqual([]);
    expect(pointersOf(old, { unit: "each", barcodes: [SCALE, "A-1"] }, "")).toEqual([]);
    expect(pointersOf(old, { unit: "ml" }, "")).toEqual(["/unit"]);
    expect(pointersOf(old, { unit: "g" }, "")).toEqual([]);
  });

  it("is none where it carries a price, or has a weight in it: the label of one pack", () => {
    expect(pointersOf(null, { barcodes: ["2512345000006", "2112345003504"] }, "")).toEqual([]);
  });
});
