import { describe, expect, it } from "vitest";
import { findFaults, findRepeats, foldSku } from "../../../src/modules/catalog/batch.ts";
import { draftProduct } from "../../../src/modules/catalog/product.ts";
import type { KnownReferences } from "../../../src/modules/catalog/references.ts";

const EAN_A = "4006381333931";
const KEY_A = "04006381333931";

function productOf(sku: string, id: string, barcodes: string[] = []) {
  return draftProduct({ sku, name: sku, unit_price: 1, barcodes }, id, "2026-01-01T00:00:00.000Z").after;
}

function knownOf(owners: Record<string, string> = {}): KnownReferences {
  return { owners: new Map(Object.entries(owners)), category_ids: new Set(["c1"]), brand_ids: new Set(["b1"]) };
}

describe("foldSku", () => {
  it("folds the letters that the database folds, and no others", () => {
    expect(foldSku("AbZ-É1")).toBe("abz-É1");
  });
});

describe("findRepeats", () => {
  it("points at the second of two SKUs, ids and barcodes", () => {
    const repeats = findRepeats([
      { sku: "a", id: "i1", barcodes: [EAN_A] },
      { sku: "A", id: "i1", barcodes: ["x", `0${EAN_A}`] },
      { sku: "b" },
    ]);
    expect(repeats.map(({ pointer }) => pointer)).toEqual([
      "/products/1/sku",
      "/products/1/id",
      "/products/1/barcodes/1",
    ]);
  });
});

describe("findFaults", () => {
  it("asks of a new product its name and price, and a free id", () => {
    const faults = findFaults([{ sku: "n", id: "taken" }], new Map(), knownOf(), new Set(["taken"]));
    expect(faults.map(({ pointer }) => pointer)).toEqual([
      "/products/0/name",
      "/products/0/unit_price",
      "/products/0/id",
    ]);
  });

  it("refuses another id for a known SKU, and groups that are not there", () => {
    const products = new Map([["a", productOf("A", "p1")]]);
    const entries = [{ sku: "A", id: "other", category_id: "c2", brand_id: "b2" }];
    expect(findFaults(entries, products, knownOf(), new Set()).map(({ pointer }) => pointer)).toEqual([
      "/products/0/id",
      "/products/0/category_id",
      "/products/0/brand_id",
    ]);
    expect(
      findFaults([{ sku: "A", id: "p1", category_id: "c1", brand_id: null }], products, knownOf(), new Set()),
    ).toEqual([]);
  });

  it("refuses another product's barcode unless the same batch takes it from there", () => {
    const products = new Map([
      ["a", productOf("A", "p1", [EAN_A])],
      ["b", productOf("B", "p2")],
    ]);
    const known = knownOf({ [KEY_A]: "p1" });
    const toB = { sku: "B", barcodes: [EAN_A] };
    expect(findFaults([toB], products, known, new Set())).toEqual([
      { pointer: "/products/0/barcodes/0", detail: `${EAN_A} is another product's barcode` },
    ]);
    expect(findFaults([toB, { sku: "A" }], products, known, new Set())).toHaveLength(1);
    expect(findFaults([toB, { sku: "A", barcodes: [] }], products, known, new Set())).toEqual([]);
  });
});
