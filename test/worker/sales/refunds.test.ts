import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asUser, type Client, countRows, expectProblem, expectStatus, uuid } from "../../support/api.ts";
import {
  everyRow,
  openShop,
  readSale,
  type Refund,
  refund,
  refunded,
  type Sale,
  type Shop,
  sold,
  stockOf,
  stockProduct,
} from "./shop.ts";

const cash = (amount: number) => [{ method: "cash", amount }];

/** A sale of `quantity` pieces at 1.00, without tax. */
async function soldPieces(shop: Shop, quantity: number, over: Record<string, unknown> = {}) {
  const product = await stockProduct(shop, over, quantity);
  return { product, sale: await sold(shop, { lines: [{ product_id: product.id, quantity }] }) };
}

describe("POST /v1/sales/{sale_id}/refunds", () => {
  it("takes back lines by id or number, and marks how far the sale has come back", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, { unit_price: 600, tax_rate_ppm: 200_000 });
    const sale = await sold(shop, {
      lines: [
        { product_id: product.id, quantity: 2, discount: { amount: 100 } },
        { custom: { name: "Gift wrap", unit_price: 250, tax_rate_ppm: 0 }, quantity: 1 },
      ],
    });
    const first = await refunded(shop, sale.id, [{ line_id: sale.lines[0]?.id, quantity: 1 }]);
    expect(first).toMatchObject({
      sale_id: sale.id,
      store_id: shop.store.id,
      currency: "GBP",
      subtotal: 600,
      discount_total: 50,
      tax_total: 92,
      total: 550,
      payments: [{ payment_no: 1, method: "cash", amount: 550 }],
      lines: [{ line_no: 1, sale_line_no: 1, sku: product.sku, quantity: 1, restock: "sellable", total: 550 }],
    });
    const read = await shop.admin.get<Refund>(`/v1/refunds/${first.id}`);
    expect(read.body).toEqual(first);
    expect(await readSale(shop, sale.id)).toMatchObject({
      status: "partially_refunded",
      lines: [{ refunded_quantity: 1 }, { refunded_quantity: 0 }],
    });
    await refunded(shop, sale.id, [
      { line_no: 2, quantity: 1 },
      { line_no: 1, quantity: 1 },
    ]);
    expect(await readSale(shop, sale.id)).toMatchObject({
      status: "refunded",
      total: sale.total,
      lines: [{ refunded_quantity: 2 }, { refunded_quantity: 1 }],
    });
  });

  it("puts goods back on the shelf, writes them off, or leaves stock alone", async () => {
    const shop = await openShop();
    const { product, sale } = await soldPieces(shop, 9);
    const levels = [];
    for (const restock of [undefined, "sellable", "damaged", "none"]) {
      await refunded(shop, sale.id, [{ line_no: 1, quantity: 2, ...(restock === undefined ? {} : { restock }) }]);
      levels.push((await stockOf(shop.store.id, product.id)).on_hand);
    }
    expect(levels).toEqual([2, 4, 4, 4]);
    const { body } = await shop.admin.get<{ data: { reason: string; quantity: number }[] }>(
      `/v1/stock/movements?store_id=${shop.store.id}&product_id=${product.id}`,
    );
    expect(body.data.map(({ reason, quantity }) => [reason, quantity])).toEqual([
      ["received", 9],
      ["sale", -9],
      ["refund", 2],
      ["refund", 2],
      ["refund", 2],
      ["damaged", -2],
    ]);
  });

  it("moves no stock for what had none when it was sold", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, { track_stock: false }, 0);
    const sale = await sold(shop, { lines: [{ product_id: product.id, quantity: 1 }] });
    const before = await countRows("stock_movements");
    await refunded(shop, sale.id, [{ line_no: 1, quantity: 1 }]);
    expect(await countRows("stock_movements")).toBe(before);
  });

  it("never takes back more than was bought", async () => {
    const shop = await openShop();
    const { sale } = await soldPieces(shop, 3);
    await refunded(shop, sale.id, [{ line_no: 1, quantity: 1 }]);
    const before = await everyRow();
    const over = await refund(shop, sale.id, { lines: [{ line_no: 1, quantity: 3 }], payments: cash(300) });
    expect(expectProblem(over, 409, "over_refund").errors).toMatchObject([
      { pointer: "/lines/0/quantity", refundable_quantity: 2 },
    ]);
    const twice = await refund(shop, sale.id, {
      lines: [
        { line_no: 1, quantity: 2 },
        { line_no: 1, quantity: 1 },
      ],
      payments: cash(300),
    });
    expect(expectProblem(twice, 409, "over_refund").errors).toMatchObject([{ pointer: "/lines/1/quantity" }]);
    expect(await everyRow()).toEqual(before);
  });

  it("is paid out to the last unit, by several methods if need be", async () => {
    const shop = await openShop();
    const { sale } = await soldPieces(shop, 3);
    for (const payments of [cash(99), cash(101), [], [...cash(50), { method: "card", amount: 49 }]]) {
      const answer = await refund(shop, sale.id, { lines: [{ line_no: 1, quantity: 1 }], payments });
      expect(expectProblem(answer, 409, "total_mismatch")).toMatchObject({ expected_total: 100 });
    }
    const split = [...cash(60), { method: "card", amount: 40, card_last4: "4242" }];
    expectStatus(await refund(shop, sale.id, { lines: [{ line_no: 1, quantity: 1 }], payments: split }), 201);
  });

  it("of what cost nothing pays nothing", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop);
    const line = { product_id: product.id, quantity: 1, discount: { ppm: 1_000_000 } };
    const sale = await sold(shop, { lines: [line], payments: [] });
    expect(await refunded(shop, sale.id, [{ line_no: 1, quantity: 1 }])).toMatchObject({ total: 0, payments: [] });
  });

  it("waits for more where rounding leaves one piece at less than nothing", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, { unit_price: 3, price_quantity: 4 });
    // 3 less 2 for four pieces: by halves rounded up the first three come to 0, 1 and 0.
    const sale = await sold(shop, { lines: [{ product_id: product.id, quantity: 4, discount: { amount: 2 } }] });
    const piece = [{ line_no: 1, quantity: 1 }];
    expect((await refunded(shop, sale.id, piece)).total).toBe(0);
    expect((await refunded(shop, sale.id, piece)).total).toBe(1);
    const third = await refund(shop, sale.id, { lines: piece, payments: [] });
    expect(expectProblem(third, 422, "validation_failed").errors).toMatchObject([{ pointer: "/lines" }]);
    const quote = await shop.admin.post(`/v1/sales/${sale.id}/refunds/quote`, { lines: piece });
    expect(expectProblem(quote, 422, "validation_failed").errors).toMatchObject([{ pointer: "/lines" }]);
    expect((await refunded(shop, sale.id, [{ line_no: 1, quantity: 2 }])).total).toBe(0);
    expect(await readSale(shop, sale.id)).toMatchObject({ total: 1, status: "refunded" });
  });

  it("refuses lines that are not the sale's, sales that are not there, and what it does not know", async () => {
    const shop = await openShop();
    const { sale } = await soldPieces(shop, 1);
    const payments = cash(100);
    const noLine = await refund(shop, sale.id, { lines: [{ line_no: 2, quantity: 1 }], payments });
    expect(expectProblem(noLine, 422, "validation_failed").errors).toMatchObject([{ pointer: "/lines/0/line_no" }]);
    const noId = await refund(shop, sale.id, { lines: [{ line_id: uuid(), quantity: 1 }], payments });
    expect(expectProblem(noId, 422, "validation_failed").errors).toMatchObject([{ pointer: "/lines/0/line_id" }]);
    expectProblem(await refund(shop, uuid(), { lines: [{ line_no: 1, quantity: 1 }], payments }), 404, "not_found");
    for (const over of [
      { lines: [{ line_no: 1, line_id: sale.lines[0]?.id, quantity: 1 }] },
      { lines: [{ quantity: 1 }] },
      { lines: [{ line_no: 1, quantity: 1, restock: "eaten" }] },
      { lines: [] },
      { reason: "" },
      { refunded_at: "2099-01-01T00:00:00Z" },
    ]) {
      const answer = await refund(shop, sale.id, { lines: [{ line_no: 1, quantity: 1 }], payments, ...over });
      expectProblem(answer, 422, "validation_failed");
    }
    const other = await openShop();
    const till = { lines: [{ line_no: 1, quantity: 1 }], payments, terminal_id: other.terminal.id };
    expectProblem(await refund(shop, sale.id, till), 404, "not_found");
  });

  it("is not of a time before the sale", async () => {
    const shop = await openShop();
    const line = { custom: { name: "Goods", unit_price: 100, tax_rate_ppm: 0 }, quantity: 2 };
    const sale = await sold(shop, { lines: [line], sold_at: "2026-03-02T10:00:00.500Z" });
    const request = { lines: [{ line_no: 1, quantity: 1 }], payments: cash(100) };
    const before = await everyRow();
    const early = await refund(shop, sale.id, { ...request, refunded_at: "2026-03-02T10:00:00.499Z" });
    expect(expectProblem(early, 422, "validation_failed").errors).toMatchObject([{ pointer: "/refunded_at" }]);
    expect(await everyRow()).toEqual(before);
    expectStatus(await refund(shop, sale.id, { ...request, refunded_at: "2026-03-02T11:00:00.500+01:00" }), 201);
    // A till's clock may run a little ahead of ours: its sale can be brought back at once.
    const ahead = new Date(Date.now() + 120_000).toISOString();
    const { id } = await sold(shop, { lines: [line], sold_at: ahead });
    expectStatus(await refund(shop, id, request), 201);
  });

  it("is of today, but for those who see the other days", async () => {
    const shop = await openShop();
    const [cashier, employee] = [
      await asUser("cashier", [shop.store.id], shop.store.code),
      await asUser("employee", [shop.store.id], shop.store.code),
    ];
    const line = { custom: { name: "Goods", unit_price: 100, tax_rate_ppm: 0 }, quantity: 3 };
    const sale = await sold(shop, { lines: [line], sold_at: "2026-03-02T10:00:00Z" });
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    const request = { lines: [{ line_no: 1, quantity: 1 }], payments: cash(100) };
    const before = await everyRow();
    for (const refunded_at of ["2026-03-03T10:00:00Z", ago(60 * 25)]) {
      expectProblem(await refund(shop, sale.id, { ...request, refunded_at }, { by: cashier }), 403, "forbidden");
      const unlinked = { store_id: shop.store.id, lines: [line], payments: cash(300), reason: "No bill", refunded_at };
      const answer = await cashier.post("/v1/refunds", unlinked, { "Idempotency-Key": uuid() });
      expectProblem(answer, 403, "forbidden");
    }
    expect(await everyRow()).toEqual(before);
    expectStatus(await refund(shop, sale.id, { ...request, refunded_at: ago(4) }, { by: cashier }), 201);
    const earlier = { ...request, refunded_at: "2026-03-03T10:00:00Z" };
    expectStatus(await refund(shop, sale.id, earlier, { by: employee }), 201);
  });

  it("is for the sale's own store", async () => {
    const [shop, other] = [await openShop(), await openShop()];
    const { sale } = await soldPieces(shop, 1);
    const back = await refunded(shop, sale.id, [{ line_no: 1, quantity: 1 }]);
    const stranger = await asUser("employee", [other.store.id], other.store.code);
    const lines = [{ line_no: 1, quantity: 1 }];
    expectProblem(await refund(shop, sale.id, { lines, payments: cash(100) }, { by: stranger }), 404, "not_found");
    expectProblem(await stranger.post(`/v1/sales/${sale.id}/refunds/quote`, { lines }), 404, "not_found");
    expectProblem(await stranger.get(`/v1/refunds/${back.id}`), 404, "not_found");
    expectProblem(await stranger.get(`/v1/refunds/${uuid()}`), 404, "not_found");
  });

  it("answers a repeat as before, also when nothing is left to refund", async () => {
    const shop = await openShop();
    const { product, sale } = await soldPieces(shop, 2);
    const key = uuid();
    const request = { lines: [{ line_no: 1, quantity: 2 }], payments: cash(200) };
    const first = await refund(shop, sale.id, request, { key });
    const again = await refund(shop, sale.id, request, { key });
    expect([again.status, again.headers.get("Idempotency-Replayed")]).toEqual([201, "true"]);
    expect(again.body).toEqual(first.body);
    expect((await stockOf(shop.store.id, product.id)).on_hand).toBe(2);
    const other = await refund(shop, sale.id, { ...request, reason: "Another" }, { key });
    expectProblem(other, 422, "idempotency_key_reused");
  });

  it("bears its own number, also under the id of its sale", async () => {
    const shop = await openShop();
    const { sale } = await soldPieces(shop, 2);
    const lines = [{ line_no: 1, quantity: 1 }];
    const answer = await refund(shop, sale.id, { id: sale.id, lines, payments: cash(100) });
    expectStatus(answer, 201);
    expect(answer.body).toEqual((await shop.admin.get(`/v1/refunds/${sale.id}`)).body);
    const taken = await refund(shop, sale.id, { id: sale.id, lines, payments: cash(100) });
    expectProblem(taken, 409, "conflict");
  });

  it("gives out exactly what was bought, however many race", async () => {
    const shop = await openShop();
    const { product, sale } = await soldPieces(shop, 12);
    const answers = await Promise.all(
      Array.from({ length: 30 }, async () =>
        refund(shop, sale.id, { lines: [{ line_no: 1, quantity: 1 }], payments: cash(100) }),
      ),
    );
    const done = answers.filter(({ status }) => status === 201);
    expect(done).toHaveLength(12);
    for (const answer of answers.filter((one) => !done.includes(one))) expectProblem(answer, 409, "over_refund");
    expect(await readSale(shop, sale.id)).toMatchObject({ status: "refunded", lines: [{ refunded_quantity: 12 }] });
    expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: 12, moved: 12 });
  });
});

describe("the refunds of a sale", () => {
  const lineArbitrary = fc.record({
    unit_price: fc.integer({ min: 0, max: 5000 }),
    tax_rate_ppm: fc.constantFrom(0, 50_000, 88_750, 200_000),
    quantity: fc.integer({ min: 1, max: 9 }),
    discount_ppm: fc.constantFrom(0, 0, 33_333, 500_000),
  });

  it("sum to the sale, however it is split", async () => {
    const shops = [
      await openShop({ tax_mode: "inclusive" }),
      await openShop({ tax_mode: "exclusive", rounding: { mode: "half_even", scope: "invoice" } }),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...shops),
        fc.array(lineArbitrary, { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(), { minLength: 30, maxLength: 30 }),
        async (shop, lines, dice) => {
          const sale = await sold(shop, {
            lines: lines.map(({ quantity, discount_ppm, ...custom }) => ({
              custom: { name: "Goods", ...custom },
              quantity,
              discount: { ppm: discount_ppm },
            })),
            discount: { ppm: 70_000 },
            ...(await exactCard(shop, lines)),
          });
          const refunds = await refundByParts(shop, sale, dice);
          const sums = sumOf(refunds);
          expect(sums).toEqual({
            subtotal: sale.subtotal,
            discount_total: sale.discount_total,
            tax_total: sale.tax_total,
            total: sale.total,
          });
          expect(await readSale(shop, sale.id)).toMatchObject({ status: "refunded" });
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe("POST /v1/refunds", () => {
  const post = async (client: Client, body: Record<string, unknown>, key: string = uuid()) =>
    client.post<Refund>("/v1/refunds", { reason: "No receipt", ...body }, { "Idempotency-Key": key });

  it("takes back more at once than one sale may have", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, { unit_price: 500, max_per_sale: 2 });
    const lines = [{ sku: product.sku, quantity: 3 }];
    expectStatus(await post(shop.admin, { store_id: shop.store.id, lines, payments: cash(1500) }), 201);
  });

  it("takes back goods without their sale, priced as they would be sold now", async () => {
    const shop = await openShop({ tax_mode: "exclusive" });
    const product = await stockProduct(shop, { unit_price: 500, tax_rate_ppm: 200_000, discount_ppm: 100_000 }, 1);
    const body = {
      store_id: shop.store.id,
      terminal_id: shop.terminal.id,
      lines: [
        { sku: product.sku, quantity: 2 },
        { custom: { name: "Bag", unit_price: 10, tax_rate_ppm: 0 }, quantity: 1, restock: "none" },
      ],
      payments: cash(1090),
    };
    const key = uuid();
    const answer = await post(shop.admin, body, key);
    expectStatus(answer, 201);
    expect(answer.body).toMatchObject({
      refund_no: `${shop.store.code}-01-R000001`,
      sale_id: null,
      subtotal: 1010,
      discount_total: 100,
      tax_total: 180,
      total: 1090,
      lines: [
        { sale_line_no: null, product_id: product.id, quantity: 2, restock: "sellable" },
        { product_id: null, restock: "none" },
      ],
    });
    expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: 3, moved: 3 });
    expect((await post(shop.admin, body, key)).headers.get("Idempotency-Replayed")).toBe("true");
    expectProblem(await post(shop.admin, { ...body, reason: "x" }, key), 422, "idempotency_key_reused");
  });

  it("refuses what it can't be", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop);
    const body = { store_id: shop.store.id, lines: [{ product_id: product.id, quantity: 1 }], payments: cash(100) };
    const before = await everyRow();
    expect(expectProblem(await post(shop.admin, { ...body, payments: cash(99) }), 409, "total_mismatch")).toMatchObject(
      {
        expected_total: 100,
      },
    );
    const claim = { ...body, lines: [{ product_id: product.id, quantity: 1, unit_price: 120 }] };
    expectProblem(await post(shop.admin, claim), 409, "price_changed");
    const nobody = await post(shop.admin, { ...body, customer_id: uuid() });
    expect(expectProblem(nobody, 422, "validation_failed").errors).toMatchObject([{ pointer: "/customer_id" }]);
    expectProblem(await post(shop.admin, { ...body, refunded_at: "2099-01-01T00:00:00Z" }), 422, "validation_failed");
    expectProblem(await post(shop.admin, { ...body, store_id: uuid() }), 404, "not_found");
    expect(await everyRow()).toEqual(before);
  });

  it("needs approval from a cashier", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop);
    const body = { store_id: shop.store.id, lines: [{ product_id: product.id, quantity: 1 }], payments: cash(100) };
    const cashier = await asUser("cashier", [shop.store.id], shop.store.code);
    expectProblem(await post(cashier, body), 403, "approval_required");
    const employee = await asUser("employee", [shop.store.id], shop.store.code);
    expectStatus(await post(employee, body), 201);
  });
});

/** What these lines come to, paid by card, so that no cash rounding enters. */
async function exactCard(
  shop: Shop,
  lines: { unit_price: number; tax_rate_ppm: number; quantity: number; discount_ppm: number }[],
): Promise<{ payments: { method: string; amount: number }[] }> {
  const quote = await shop.admin.post<{ total: number }>("/v1/sales/quote", {
    store_id: shop.store.id,
    lines: lines.map(({ quantity, discount_ppm, ...custom }) => ({
      custom: { name: "Goods", ...custom },
      quantity,
      discount: { ppm: discount_ppm },
    })),
    discount: { ppm: 70_000 },
  });
  expectStatus(quote, 200);
  const { total } = quote.body;
  return { payments: total === 0 ? [] : [{ method: "card", amount: total }] };
}

/** Refunds all of a sale in parts that the dice choose. A part that rounding leaves below nothing waits for more. */
async function refundByParts(shop: Shop, sale: Sale, dice: number[]): Promise<Refund[]> {
  const left = sale.lines.map(({ line_no, quantity }) => ({ line_no, quantity }));
  const refunds: Refund[] = [];
  for (let turn = 0; left.some(({ quantity }) => quantity > 0); turn += 1) {
    const open = left.filter(({ quantity }) => quantity > 0);
    const line = open[(dice[turn % dice.length] ?? 0) % open.length];
    if (!line) break;
    const quantity = turn > dice.length ? line.quantity : 1 + ((dice[(turn + 7) % dice.length] ?? 0) % line.quantity);
    const lines = [{ line_no: line.line_no, quantity, restock: "none" }];
    const quote = await shop.admin.post<{ total: number }>(`/v1/sales/${sale.id}/refunds/quote`, { lines });
    if (quote.status === 422) continue;
    expectStatus(quote, 200);
    expect(quote.body.total).toBeGreaterThanOrEqual(0);
    refunds.push(await refunded(shop, sale.id, lines));
    line.quantity -= quantity;
  }
  return refunds;
}

function sumOf(refunds: Refund[]) {
  const sums = { subtotal: 0, discount_total: 0, tax_total: 0, total: 0 };
  for (const one of refunds) {
    sums.subtotal += one.subtotal;
    sums.discount_total += one.discount_total;
    sums.tax_total += one.tax_total;
    sums.total += one.total;
  }
  return sums;
}
