import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createProduct, expectProblem, expectStatus, type ProductBody, receiveStock } from "../../support/api.ts";
import { complete, parked } from "./actions.ts";
import { changeUnseen, openShop, sell, type Shop, sold, stockOf, stockProduct } from "./shop.ts";

/** What a till claims, and what an isolate remembers: the commit proves both, or refuses. */

const one = (product: ProductBody, over: Record<string, unknown> = {}) => ({
  lines: [{ product_id: product.id, quantity: 1, ...over }],
});

/** A product that this isolate has sold, and so remembers. */
async function rememberedProduct(shop: Shop, over: Record<string, unknown> = {}): Promise<ProductBody> {
  const product = await stockProduct(shop, { unit_price: 100, ...over });
  await sold(shop, one(product));
  return product;
}

describe("a price or total that is claimed", () => {
  it("is taken when it is the one in force", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, { unit_price: 100 });
    expect(await sold(shop, { ...one(product, { unit_price: 100 }), total: 100 })).toMatchObject({ total: 100 });
  });

  it("is refused with the current price when it is not", async () => {
    const shop = await openShop();
    const [dear, cheap] = [await stockProduct(shop, { unit_price: 900 }), await stockProduct(shop, { unit_price: 90 })];
    const answer = await sell(shop, {
      lines: [
        { product_id: dear.id, quantity: 1, unit_price: 899 },
        { product_id: cheap.id, quantity: 1, unit_price: 90 },
        { sku: cheap.sku, quantity: 1, unit_price: 91 },
      ],
    });
    expect(expectProblem(answer, 409, "price_changed").errors).toMatchObject([
      { pointer: "/lines/0/unit_price", current: 900 },
      { pointer: "/lines/2/unit_price", current: 90 },
    ]);
  });

  it("is refused with the right total", async () => {
    const shop = await openShop({ cash_rounding: 10 });
    const product = await stockProduct(shop, { unit_price: 104 });
    const answer = await sell(shop, { ...one(product), total: 104 });
    expect(expectProblem(answer, 409, "total_mismatch")).toMatchObject({
      expected_total: 100,
      errors: [{ pointer: "/total", current: 100 }],
    });
  });
});

describe("a total that is claimed is compared before the payments, which were made for it", () => {
  const basket = { lines: [{ custom: { name: "Goods", unit_price: 35, tax_rate_ppm: 0 }, quantity: 1 }] };
  const by = (method: string, amount: number) => ({ total: amount, payments: [{ method, amount }] });

  it.each([
    ["too low", by("card", 34), 35],
    ["too high", by("card", 36), 35],
    ["without its rounding", by("cash", 34), 40],
    ["without payments", { total: 34, payments: [] }, 35],
  ])("and is refused when it is %s", async (_, claim, expected_total) => {
    const shop = await openShop({ cash_rounding: 20 });
    const put = await parked(shop, basket);
    const request = { ...basket, store_id: shop.store.id, ...claim };
    for (const answer of [
      await sell(shop, request),
      await complete(shop, put.id, claim),
      await shop.admin.post("/v1/sales/quote", request),
    ]) {
      expect(expectProblem(answer, 409, "total_mismatch")).toMatchObject({ expected_total });
    }
  });

  it("and is right though they are short or over", async () => {
    const shop = await openShop();
    expectProblem(await sell(shop, { ...basket, ...by("card", 34), total: 35 }), 409, "payment_short");
    expectProblem(await sell(shop, { ...basket, ...by("card", 36), total: 35 }), 422, "validation_failed");
  });
});

describe("a price that changed while this isolate remembered another", () => {
  it("is the one charged when the sale names none", async () => {
    const shop = await openShop();
    const product = await rememberedProduct(shop);
    await changeUnseen(product.id, "unit_price = 130");
    expect(await sold(shop, one(product))).toMatchObject({ total: 130 });
  });

  it("refuses a claim of the old one, and takes a claim of the new one", async () => {
    const shop = await openShop();
    const product = await rememberedProduct(shop);
    await changeUnseen(product.id, "unit_price = 130");
    const old = await sell(shop, one(product, { unit_price: 100 }));
    expect(expectProblem(old, 409, "price_changed").errors).toMatchObject([
      { pointer: "/lines/0/unit_price", current: 130 },
    ]);
    await changeUnseen(product.id, "unit_price = 140");
    expect(await sold(shop, one(product, { unit_price: 140 }))).toMatchObject({ total: 140 });
  });

  it.each([
    ["tax", "tax_rate_ppm = 200000", { tax_total: 17 }],
    ["own discount", "discount_ppm = 100000", { discount_total: 10 }],
    ["unit of price", "price_quantity = 2", { total: 50 }],
  ])("holds for its %s too", async (_, assignment, expected) => {
    const shop = await openShop();
    const product = await rememberedProduct(shop);
    await changeUnseen(product.id, assignment);
    expect(await sold(shop, one(product))).toMatchObject(expected);
  });

  it("holds for the store's rules", async () => {
    const shop = await openShop();
    const product = await rememberedProduct(shop, { tax_rate_ppm: 200_000 });
    await env.DB.prepare("UPDATE stores SET tax_mode = 'exclusive', version = version + 1 WHERE id = ?")
      .bind(shop.store.id)
      .run();
    expect(await sold(shop, one(product))).toMatchObject({ tax_mode: "exclusive", tax_total: 20, total: 120 });
  });

  it("holds for every line of a basket that is remembered in part", async () => {
    const shop = await openShop();
    const [known, changed] = [await rememberedProduct(shop), await rememberedProduct(shop)];
    await changeUnseen(changed.id, "unit_price = 175");
    const fresh = await stockProduct(shop, { unit_price: 7 });
    const sale = await sold(shop, {
      lines: [known, changed, fresh].map(({ id }) => ({ product_id: id, quantity: 1 })),
    });
    expect(sale.lines.map((line) => line.total)).toEqual([100, 175, 7]);
  });
});

describe("a code that moved to another product", () => {
  it("sells the product that has the barcode now", async () => {
    const shop = await openShop();
    const [barcode, key] = ["5000112637922", "05000112637922"];
    const before = await stockProduct(shop, { unit_price: 100, barcodes: [barcode] });
    const now = await stockProduct(shop, { unit_price: 250 });
    await sold(shop, { lines: [{ barcode, quantity: 1 }] });
    await env.DB.prepare("UPDATE product_barcodes SET product_id = ? WHERE key = ?").bind(now.id, key).run();
    await changeUnseen(before.id, "name = 'Without its code'");
    await changeUnseen(now.id, "name = 'With the code'");
    const sale = await sold(shop, { lines: [{ barcode, quantity: 1 }] });
    expect(sale.lines).toMatchObject([{ product_id: now.id, total: 250 }]);
    expect(await stockOf(shop.store.id, before.id)).toEqual({ on_hand: 999, moved: 999 });
  });

  it("sells the product that has the SKU now, whichever of them was sold last", async () => {
    const shop = await openShop();
    const [before, now] = [await rememberedProduct(shop), await rememberedProduct(shop, { unit_price: 250 })];
    const sku = before.sku;
    await sold(shop, { lines: [{ sku, quantity: 1 }] });
    await changeUnseen(before.id, "sku = sku || '-OLD'");
    await changeUnseen(now.id, `sku = '${sku}'`);
    await sold(shop, one(before));
    const sale = await sold(shop, { lines: [{ sku, quantity: 1 }] });
    expect(sale.lines).toMatchObject([{ product_id: now.id, total: 250 }]);
  });

  it("sells the product that took over a code through the API", async () => {
    const shop = await openShop();
    const barcode = "96385074";
    const before = await stockProduct(shop, { barcodes: [barcode] });
    await sold(shop, { lines: [{ barcode, quantity: 1 }] });
    const headers = { "If-Match": `"v${String(before.version)}"` };
    expectStatus(await shop.admin.patch(`/v1/products/${before.id}`, { barcodes: [] }, headers), 200);
    const unknown = await sell(shop, { lines: [{ barcode, quantity: 1 }] });
    expect(expectProblem(unknown, 422, "validation_failed").errors).toMatchObject([{ pointer: "/lines/0/barcode" }]);
    const now = await createProduct({ barcodes: [barcode], unit_price: 80 });
    await receiveStock(shop.store.id, [{ product_id: now.id, quantity: 1 }]);
    expect((await sold(shop, { lines: [{ barcode, quantity: 1 }] })).lines).toMatchObject([{ product_id: now.id }]);
  });
});

describe("a product that was taken off sale", () => {
  it("is not sold, though this isolate remembers it on sale", async () => {
    const shop = await openShop();
    const product = await rememberedProduct(shop);
    await changeUnseen(product.id, "active = 0");
    const answer = await sell(shop, one(product));
    expect(expectProblem(answer, 422, "validation_failed").errors).toMatchObject([{ pointer: "/lines/0/product_id" }]);
    await changeUnseen(product.id, "active = 1");
    expectStatus(await sell(shop, one(product)), 201);
  });
});
