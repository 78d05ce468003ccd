import { describe, expect, it } from "vitest";
import { draftProduct, pickFields, reviseProduct } from "../../../src/modules/catalog/product.ts";

const NOW = "2026-03-01T10:00:00.000Z";
const { after: product } = draftProduct({ sku: "A", name: "Apple", unit_price: 50 }, "an-id", NOW);

describe("draftProduct", () => {
  it("fills in what is not named", () => {
    expect(product).toMatchObject({ id: "an-id", unit: "each", price_quantity: 1, active: true, version: 1 });
    expect(product).toMatchObject({ track_stock: true, barcodes: [], attributes: {}, cost_price: null });
  });

  it("takes what is named, and takes undefined for not named", () => {
    const { after } = draftProduct({ sku: "A", name: "B", unit_price: 1, unit: "g", active: undefined }, "x", NOW);
    expect(after).toMatchObject({ unit: "g", active: true });
  });
});

describe("reviseProduct", () => {
  it("changes the named fields alone and lists those that differ", () => {
    const later = new Date("2026-03-02T10:00:00.000Z");
    const change = reviseProduct(product, { name: "Pear", unit_price: 50, cost_price: undefined }, later);
    expect(change.after).toEqual({ ...product, name: "Pear", version: 2, updated_at: later.toISOString() });
    expect(change.changed).toEqual(["name"]);
    expect(pickFields(product, change.changed)).toEqual({ name: "Apple" });
  });

  it("moves updated_at on though the clock stood still or went back", () => {
    expect(reviseProduct(product, { name: "B" }, new Date(NOW)).after.updated_at).toBe("2026-03-01T10:00:00.001Z");
    const earlier = new Date("2020-01-01T00:00:00.000Z");
    expect(reviseProduct(product, { name: "B" }, earlier).after.updated_at).toBe("2026-03-01T10:00:00.001Z");
  });
});
