import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { asAdmin, createProduct, expectProblem, expectStatus, type ProductBody } from "../../support/api.ts";

interface Found {
  product: ProductBody;
  quantity: number;
  price?: number;
}

async function lookUp(barcode: string) {
  const admin = await asAdmin();
  return admin.get<Found>(`/v1/products/lookup?barcode=${encodeURIComponent(barcode)}`);
}

describe("GET /v1/products/lookup", () => {
  it("finds a GTIN in each of its spellings, and other text as it is", async () => {
    const soda = await createProduct({ name: "Soda", barcodes: ["036000291452", "House 7/b"] });
    for (const spelling of ["036000291452", "0036000291452", "00036000291452", "House 7/b"]) {
      const answer = await lookUp(spelling);
      expectStatus(answer, 200);
      expect(answer.body).toEqual({ product: soda, quantity: 1 });
    }
  });

  it("reads the weight and the price that a shop prints", async () => {
    const ham = await createProduct({ name: "Ham", unit: "g", price_quantity: 1000, barcodes: ["2112345000008"] });
    const cake = await createProduct({ name: "Cake", barcodes: ["2512345000006"] });
    const weighed = await lookUp("2112345013404");
    expect(weighed.body).toEqual({ product: ham, quantity: 1340 });
    const priced = await lookUp("2512345004509");
    expect(priced.body).toEqual({ product: cake, quantity: 1, price: 450 });
    expect((await lookUp("02112345013404")).body).toEqual({ product: ham, quantity: 1340 });
    // Nothing printed in it: the quantity is still to be named, as in a sale.
    for (const code of ["2112345000008", "02112345000008"]) {
      expect((await lookUp(code)).body).toEqual({ product: ham, quantity: 0 });
    }
    expect((await lookUp("2512345000006")).body).toEqual({ product: cake, quantity: 0 });
  });

  it("reads as much of a printed price as it buys after the product's own discount", async () => {
    const over = { unit: "g", price_quantity: 1000, unit_price: 999, discount_ppm: 100_000 };
    const ham = await createProduct({ ...over, barcodes: ["2577002000003"] });
    expect((await lookUp("2577002005237")).body).toEqual({ product: ham, quantity: 582, price: 523 });
  });

  it("says what to do where grams are read of what is not sold by the gram", async () => {
    const bun = await createProduct({ unit: "g", barcodes: ["2377003000008"] });
    await env.DB.prepare("UPDATE products SET unit = 'each', version = 2 WHERE id = ?").bind(bun.id).run();
    const { errors } = expectProblem(await lookUp("2377003003450"), 422, "validation_failed");
    expect(errors).toMatchObject([{ pointer: "/barcode" }]);
    expect(errors?.[0]?.detail).toContain("set the unit to g");
  });

  it("prefers a product that has the whole code to the code's carrier", async () => {
    await createProduct({ name: "Cheese", unit: "g", barcodes: ["2200001000001"] });
    const pack = await createProduct({ name: "Cheese, one pack", barcodes: ["2200001012509"] });
    expect((await lookUp("2200001012509")).body).toEqual({ product: pack, quantity: 1 });
  });

  it("does not find what no product has, nor a misread code", async () => {
    await createProduct({ unit: "g", barcodes: ["2300001000008"] });
    expectStatus(await lookUp("2300001000008"), 200);
    for (const barcode of ["4006381333931", "2300001012509", "nothing", "2400001012503"]) {
      expectProblem(await lookUp(barcode), 404, "not_found");
    }
    const admin = await asAdmin();
    expectProblem(await admin.get("/v1/products/lookup"), 422, "validation_failed");
    expectProblem(await admin.get("/v1/products/lookup?barcode="), 422, "validation_failed");
    expectProblem(await admin.get(`/v1/products/lookup?barcode=${"1".repeat(65)}`), 422, "validation_failed");
  });
});
