import { describe, expect, it } from "vitest";
import { type Answer, countRows, expectProblem, expectStatus, receiveStock, uuid } from "../../support/api.ts";
import {
  changeUnseen,
  everyRow,
  openShop,
  refund,
  refunded,
  saleBody,
  sell,
  sold,
  stockOf,
  stockProduct,
} from "./shop.ts";

describe("a sale that is sent again with its key", () => {
  it("gets the answer it got, and nothing is written", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop);
    const key = uuid();
    const request = { lines: [{ product_id: product.id, quantity: 1 }] };
    const first = await sell(shop, request, { key });
    expectStatus(first, 201);
    expect(first.headers.has("Idempotency-Replayed")).toBe(false);
    const before = await everyRow();
    const again = await sell(shop, request, { key });
    expect([again.status, again.headers.get("Idempotency-Replayed")]).toEqual([201, "true"]);
    expect(again.body).toEqual(first.body);
    expect(await everyRow()).toEqual(before);
  });

  it.each<
    [string, (product_id: string, sale_id: string, shop: Awaited<ReturnType<typeof openShop>>) => Promise<unknown>]
  >([
    ["the price changed", async (product_id) => changeUnseen(product_id, "unit_price = 777")],
    ["the product was taken off sale", async (product_id) => changeUnseen(product_id, "active = 0")],
    ["the stock ran out", async (product_id, _, shop) => sold(shop, { lines: [{ product_id, quantity: 4 }] })],
    ["it was refunded", async (_, sale_id, shop) => refunded(shop, sale_id, [{ line_no: 1, quantity: 1 }])],
  ])("gets the answer it got after %s", async (_, meanwhile) => {
    const shop = await openShop();
    const product = await stockProduct(shop, {}, 5);
    const key = uuid();
    const request = { lines: [{ product_id: product.id, quantity: 1, unit_price: 100 }], total: 100 };
    const first = await sold(shop, request, { key });
    await meanwhile(product.id, first.id, shop);
    const again = await sell(shop, request, { key });
    expectStatus(again, 201);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.body).toEqual(first);
  });

  it("is the same however its members are ordered and spaced", async () => {
    const shop = await openShop();
    const key = uuid();
    const body = saleBody(shop, {
      lines: [{ custom: { name: "Goods", unit_price: 5, tax_rate_ppm: 0 }, quantity: 1 }],
    });
    const headers = { "Idempotency-Key": key };
    const first = await shop.admin.post("/v1/sales", body, headers);
    const turned = Object.fromEntries(Object.entries(body).toReversed());
    const again = await shop.admin.post("/v1/sales", JSON.stringify(turned, null, 2), headers);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.body).toEqual(first.body);
  });

  it("is another command when it names another time, and the same by however it writes it", async () => {
    const shop = await openShop();
    const lines = [{ custom: { name: "Goods", unit_price: 5, tax_rate_ppm: 0 }, quantity: 2 }];
    const sale = await sold(shop, { lines });
    const back = { lines: [{ line_no: 1, quantity: 1 }], payments: [{ method: "cash", amount: 5 }] };
    const unlinked = { store_id: shop.store.id, lines, payments: [{ method: "cash", amount: 10 }], reason: "Old" };
    const parked = { lines, status: "parked", payments: [] };
    const commands: [string, (time: object, key: string) => Promise<Answer>][] = [
      ["sold_at", async (time, key) => sell(shop, { lines, ...time }, { key })],
      ["sold_at", async (time, key) => sell(shop, { ...parked, ...time }, { key })],
      ["refunded_at", async (time, key) => refund(shop, sale.id, { ...back, ...time }, { key })],
      [
        "refunded_at",
        async (time, key) => shop.admin.post("/v1/refunds", { ...unlinked, ...time }, { "Idempotency-Key": key }),
      ],
    ];
    for (const [field, send] of commands) {
      const [named, none] = [uuid(), uuid()];
      const [time, other] = [0, 1000].map((later) => new Date(Date.now() + later).toISOString()) as [string, string];
      const first = await send({ [field]: time }, named);
      expectStatus(first, 201);
      expect((await send({ [field]: time.replace("Z", "+00:00") }, named)).body).toEqual(first.body);
      expectProblem(await send({ [field]: other }, named), 422, "idempotency_key_reused");
      expectProblem(await send({}, named), 422, "idempotency_key_reused");
      expectStatus(await send({}, none), 201);
      expectProblem(await send({ [field]: time }, none), 422, "idempotency_key_reused");
    }
  });

  it("is sold once when both arrive together", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, {}, 10);
    const key = uuid();
    const answers = await Promise.all(
      Array.from({ length: 10 }, async () => sell(shop, { lines: [{ product_id: product.id, quantity: 2 }] }, { key })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201));
    expect(answers.filter(({ headers }) => !headers.has("Idempotency-Replayed"))).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: 8, moved: 8 });
  });
});

describe("a key", () => {
  it("belongs to one command: another body is refused, whatever else would refuse it", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, {}, 2);
    const key = uuid();
    const sale = await sold(shop, { lines: [{ product_id: product.id, quantity: 1 }] }, { key });
    const before = await everyRow();
    for (const quantity of [2, 1000]) {
      const other = await sell(shop, { lines: [{ product_id: product.id, quantity }] }, { key });
      expectProblem(other, 422, "idempotency_key_reused");
    }
    const asRefund = await refund(
      shop,
      sale.id,
      { lines: [{ line_no: 1, quantity: 1 }], payments: [{ method: "cash", amount: 100 }] },
      { key },
    );
    expectProblem(asRefund, 422, "idempotency_key_reused");
    expect(await everyRow()).toEqual(before);
  });

  it("is not kept by a command that was refused: it may be tried again", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, {}, 1);
    const key = uuid();
    const request = { lines: [{ product_id: product.id, quantity: 2 }] };
    const keys = await countRows("idempotency_keys");
    expectProblem(await sell(shop, request, { key }), 409, "insufficient_stock");
    expect(await countRows("idempotency_keys")).toBe(keys);
    await receiveStock(shop.store.id, [{ product_id: product.id, quantity: 1 }]);
    expectStatus(await sell(shop, request, { key }), 201);
  });

  it("is one store's: the same key in another is another command", async () => {
    const [here, there] = [await openShop(), await openShop()];
    const lines = [{ custom: { name: "Goods", unit_price: 100, tax_rate_ppm: 0 }, quantity: 1 }];
    const key = uuid();
    const [first, second] = [await sell(here, { lines }, { key }), await sell(there, { lines }, { key })];
    expectStatus(second, 201);
    expect(second.headers.has("Idempotency-Replayed")).toBe(false);
    expect(second.body.id).not.toBe(first.body.id);
  });
});
