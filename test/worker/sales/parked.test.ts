import { beforeAll, describe, expect, it } from "vitest";
import {
  type Answer,
  asUser,
  countRows,
  createTerminal,
  expectProblem,
  expectStatus,
  uuid,
} from "../../support/api.ts";
import { complete, park, parked, voidSale } from "./actions.ts";
import { balanceOf, createCustomer, even } from "../../support/ledgers.ts";
import {
  changeUnseen,
  everyRow,
  openShop,
  readSale,
  type Sale,
  sell,
  type Shop,
  sold,
  stockOf,
  stockProduct,
} from "./shop.ts";

/** Baskets put aside, finished or thrown away. */

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

const GOODS = { custom: { name: "Goods", unit_price: 100, tax_rate_ppm: 0 }, quantity: 1 };
const BASKET = { lines: [GOODS] };
const cash = (amount: number) => [{ method: "cash", amount }];

async function idsOf(query: string): Promise<string[]> {
  const answer = await shop.admin.get<{ data: { id: string }[] }>(`/v1/sales?store_id=${shop.store.id}${query}`);
  expectStatus(answer, 200);
  return answer.body.data.map(({ id }) => id);
}

describe("a parked sale", () => {
  it("moves no stock, takes no number and is no sale yet", async () => {
    const product = await stockProduct(shop, {}, 5);
    const [sequences, sales] = [await countRows("number_sequences"), await countRows("sales")];
    const sale = await parked(shop, { lines: [{ product_id: product.id, quantity: 2 }, GOODS], note: "Blue coat" });
    expect(sale).toMatchObject({
      status: "parked",
      invoice_no: null,
      shift_id: null,
      total: 300,
      paid_total: 0,
      change_due: 0,
      balance_due: 0,
      payments: [],
      note: "Blue coat",
    });
    expect(sale.lines.map(({ total }) => total)).toEqual([200, 100]);
    expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: 5, moved: 5 });
    expect([await countRows("number_sequences"), await countRows("sales")]).toEqual([sequences, sales]);
    expect(await readSale(shop, sale.id)).toEqual(sale);
  });

  it("stands in its own list, page by page, and in no other", async () => {
    const mine = [await parked(shop, BASKET), await parked(shop, BASKET), await parked(shop, BASKET)].map(
      ({ id }) => id,
    );
    const whole = await idsOf("&status=parked");
    expect(whole.slice(-3)).toEqual(mine);
    for (const query of [
      "",
      `&business_date=${(await readSale(shop, mine[0] ?? "")).business_date}`,
      "&status=completed",
    ]) {
      const others = await idsOf(query);
      expect(others.filter((id) => mine.includes(id))).toEqual([]);
    }
    const paged: string[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const page: Answer<{ data: Sale[]; next_cursor: string | null }> = await shop.admin.get(
        `/v1/sales?store_id=${shop.store.id}&status=parked&limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`,
      );
      paged.push(...page.body.data.map(({ id }) => id));
      cursor = page.body.next_cursor;
    }
    expect(paged).toEqual(whole);
  });

  it("is found by its day and its customer", async () => {
    const customer_id = await createCustomer(shop.store.id);
    const old = await parked(shop, { ...BASKET, sold_at: "2026-03-02T09:30:00Z" });
    const hers = await parked(shop, { ...BASKET, customer_id });
    const found = async (query: string) => idsOf(`&status=parked${query}`);
    expect(await found("&business_date=2026-03-02")).toEqual([old.id]);
    expect(await found(`&customer_id=${customer_id}`)).toEqual([hers.id]);
    expect(await found(`&customer_id=${customer_id}&business_date=2026-03-02`)).toEqual([]);
    expect(await found(`&shift_id=${shop.shift.id}`)).toEqual([]);
    expect(await found(`&invoice_no=${shop.store.code}-01-000001`)).toEqual([]);
  });

  it("needs no open shift, and none but its store's people see it", async () => {
    const till = await createTerminal(shop.store.id, { code: "P2" });
    const sale = await parked(shop, { lines: [GOODS], terminal_id: till.id });
    expect(sale).toMatchObject({ terminal_id: till.id, shift_id: null });
    const other = await openShop();
    const stranger = await asUser("cashier", [other.store.id], other.store.code);
    for (const answer of [
      await stranger.get(`/v1/sales/${sale.id}`),
      await complete(shop, sale.id, { payments: cash(100) }, { by: stranger }),
      await stranger.post(`/v1/sales/${sale.id}/void`, {}, { "Idempotency-Key": uuid() }),
      await park(shop, { lines: [GOODS] }, { by: stranger }),
    ]) {
      expectProblem(answer, 404, "not_found");
    }
  });

  it.each<[string, Record<string, unknown>, number, string, string]>([
    ["payments", { payments: [{ method: "cash", amount: 100 }] }, 422, "validation_failed", "/payments"],
    ["an unknown product", { lines: [{ sku: "none", quantity: 1 }] }, 422, "validation_failed", "/lines/0/sku"],
    ["an unknown customer", { customer_id: uuid() }, 422, "validation_failed", "/customer_id"],
    ["an unknown salesperson", { salesperson_id: uuid() }, 422, "validation_failed", "/salesperson_id"],
    ["a time to come", { sold_at: "2126-01-01T00:00:00Z" }, 422, "validation_failed", "/sold_at"],
    ["another total", { total: 99 }, 409, "total_mismatch", "/total"],
  ])("with %s is refused, and nothing is written", async (_, request, status, code, pointer) => {
    const before = await everyRow();
    const problem = expectProblem(await park(shop, { lines: [GOODS], ...request }), status, code as "conflict");
    expect(problem.errors?.map((one) => one.pointer)).toEqual([pointer]);
    expect(await everyRow()).toEqual(before);
  });

  it("in a store that is closed for business is refused", async () => {
    const closed = await openShop();
    expectStatus(await closed.admin.post(`/v1/stores/${closed.store.id}/deactivate`), 200);
    const before = await everyRow();
    expectProblem(await park(closed, { lines: [GOODS] }), 409, "conflict");
    expect(await everyRow()).toEqual(before);
  });

  it("with a claim of another price is refused", async () => {
    const product = await stockProduct(shop);
    const lines = [{ product_id: product.id, quantity: 1, unit_price: 99 }];
    expectProblem(await park(shop, { lines }), 409, "price_changed");
  });

  it("has its key: the same answer again, and another body is refused", async () => {
    const key = uuid();
    const first = await park(shop, { lines: [GOODS] }, { key });
    const again = await park(shop, { lines: [GOODS] }, { key });
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.body).toEqual(first.body);
    expectProblem(await park(shop, { lines: [GOODS, GOODS] }, { key }), 422, "idempotency_key_reused");
  });

  it("has an id of its own: no other basket or sale takes it", async () => {
    const [basket, sale] = [await parked(shop, BASKET), await sold(shop, { lines: [GOODS] })];
    expectProblem(await park(shop, { id: basket.id, lines: [GOODS] }), 409, "conflict");
    expectProblem(await park(shop, { id: sale.id, lines: [GOODS] }), 409, "conflict");
    expectProblem(await sell(shop, { id: basket.id, lines: [GOODS] }), 409, "conflict");
  });

  it("has no bill and no refund", async () => {
    const [{ id }, thrown] = [await parked(shop, BASKET), await parked(shop, BASKET)];
    expectProblem(await shop.admin.post(`/v1/sales/${id}/receipts`, { format: "json" }), 409, "conflict");
    expectStatus(await voidSale(shop, thrown.id), 200);
    const lines = [{ line_no: 1, quantity: 1 }];
    const refund = { lines, payments: cash(100), reason: "None" };
    const other = await openShop();
    const stranger = await asUser("employee", [other.store.id], other.store.code);
    for (const [sale, told] of [
      [id, /^It is parked: nothing was sold yet/],
      [thrown.id, /^It was thrown away: nothing was sold/],
    ] as const) {
      const path = `/v1/sales/${sale}/refunds`;
      const refused = await shop.admin.post(path, refund, { "Idempotency-Key": uuid() });
      expect(expectProblem(refused, 409, "conflict").detail).toMatch(told);
      const quote = await shop.admin.post(`${path}/quote`, { lines });
      expect(expectProblem(quote, 409, "conflict").detail).toMatch(told);
      expectProblem(await stranger.post(path, refund, { "Idempotency-Key": uuid() }), 404, "not_found");
      expectProblem(await stranger.post(`${path}/quote`, { lines }), 404, "not_found");
    }
  });
});

describe("completing a parked sale", () => {
  it("sells it under its id, with the till's next number, in the till's shift", async () => {
    const product = await stockProduct(shop, {}, 5);
    const basket = await parked(shop, {
      lines: [{ product_id: product.id, quantity: 2 }],
      discount: { amount: 50 },
      note: "Coat",
    });
    const before = await sold(shop, { lines: [GOODS] });
    const answer = await complete(shop, basket.id, { terminal_id: shop.terminal.id, payments: cash(200) });
    expectStatus(answer, 200);
    expect(answer.body).toMatchObject({
      id: basket.id,
      status: "completed",
      terminal_id: shop.terminal.id,
      shift_id: shop.shift.id,
      total: 150,
      discount_total: 50,
      paid_total: 200,
      change_due: 50,
      note: "Coat",
    });
    expect(numberOf(answer.body)).toBe(numberOf(before) + 1);
    expect(await readSale(shop, basket.id)).toEqual(answer.body);
    expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: 3, moved: 3 });
    expect(await idsOf("&status=parked")).not.toContain(basket.id);
    expect(await idsOf("")).toContain(basket.id);
  });

  it("names its drawer itself: what was parked at a till is in none without one, or in that of a shift", async () => {
    const [one, other] = [
      await parked(shop, { lines: [GOODS], terminal_id: shop.terminal.id }),
      await parked(shop, { lines: [GOODS], terminal_id: shop.terminal.id }),
    ];
    const nowhere = await complete(shop, one.id, { payments: cash(100) });
    expectStatus(nowhere, 200);
    expect(nowhere.body).toMatchObject({ terminal_id: null, shift_id: null });
    const named = await complete(shop, other.id, { shift_id: shop.shift.id, payments: cash(100) });
    expectStatus(named, 200);
    expect(named.body).toMatchObject({ terminal_id: shop.terminal.id, shift_id: shop.shift.id });
  });

  it("at a till without an open shift is refused, and it stays parked", async () => {
    const till = await createTerminal(shop.store.id, { code: "P3" });
    const { id } = await parked(shop, BASKET);
    expectProblem(await complete(shop, id, { terminal_id: till.id, payments: cash(100) }), 409, "shift_closed");
    expect(await readSale(shop, id)).toMatchObject({ status: "parked" });
  });

  it("takes other lines, another discount and another customer in place of those that were parked", async () => {
    const product = await stockProduct(shop, {}, 5);
    const customer_id = await createCustomer(shop.store.id, { credit_limit: 1000 });
    const basket = await parked(shop, { lines: [GOODS, GOODS], discount: { ppm: 500_000 } });
    const answer = await complete(shop, basket.id, {
      lines: [{ product_id: product.id, quantity: 3 }],
      discount: { amount: 10 },
      customer_id,
      payments: [{ method: "on_account", amount: 290 }],
    });
    expectStatus(answer, 200);
    expect(answer.body).toMatchObject({ total: 290, discount_total: 10, balance_due: 290, customer_id });
    expect(answer.body.lines.map(({ product_id }) => product_id)).toEqual([product.id]);
    expect(await balanceOf("account", customer_id)).toEqual(even(290));
    expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: 2, moved: 2 });
  });

  it("takes discount and customer away where they are null, and keeps them where they are left out", async () => {
    const customer_id = await createCustomer(shop.store.id);
    const basket = { lines: [GOODS, GOODS], discount: { amount: 10 }, customer_id };
    const [bare, kept] = [await parked(shop, basket), await parked(shop, basket)];
    const answer = await complete(shop, bare.id, { discount: null, customer_id: null, payments: cash(1000) });
    expectStatus(answer, 200);
    expect(answer.body).toMatchObject({ total: bare.total + 10, discount_total: 0, customer_id: null });
    const same = await complete(shop, kept.id, { payments: cash(1000) });
    expect(same.body).toMatchObject({ total: kept.total, discount_total: 10, customer_id });
  });

  it("prices it anew: at what is in force, or not at all where the old price was claimed", async () => {
    const product = await stockProduct(shop);
    const line = { product_id: product.id, quantity: 1 };
    const [free, claimed] = [
      await parked(shop, { lines: [line] }),
      await parked(shop, { lines: [{ ...line, unit_price: 100 }] }),
    ];
    await changeUnseen(product.id, "unit_price = 120");
    const problem = expectProblem(await complete(shop, claimed.id, { payments: cash(500) }), 409, "price_changed");
    expect(problem.errors).toMatchObject([{ pointer: "/lines/0/unit_price", current: 120 }]);
    const mended = await complete(shop, claimed.id, { lines: [{ ...line, unit_price: 120 }], payments: cash(120) });
    expectStatus(mended, 200);
    const short = expectProblem(await complete(shop, free.id, { payments: cash(100) }), 409, "payment_short");
    expect(short).toMatchObject({ due: 20 });
    const answer = await complete(shop, free.id, { payments: cash(120), total: 120 });
    expectStatus(answer, 200);
    expect(answer.body.total).toBe(120);
  });

  it("with a total it has not is refused", async () => {
    const { id } = await parked(shop, { lines: [GOODS], total: 100 });
    const problem = expectProblem(await complete(shop, id, { payments: cash(100), total: 99 }), 409, "total_mismatch");
    expect(problem).toMatchObject({ expected_total: 100 });
  });

  it("refuses what was sold meanwhile, and an unknown customer", async () => {
    const product = await stockProduct(shop, {}, 1);
    const lines = [{ product_id: product.id, quantity: 1 }];
    const { id } = await parked(shop, { lines });
    await sold(shop, { lines });
    const before = await everyRow();
    const problem = expectProblem(await complete(shop, id, { payments: cash(100) }), 409, "insufficient_stock");
    expect(problem.errors).toMatchObject([{ pointer: "/lines/0/quantity", on_hand: 0 }]);
    const customer_id = uuid();
    const other = await complete(shop, id, { customer_id, lines: [GOODS], payments: cash(100) });
    expect(expectProblem(other, 422, "validation_failed").errors).toMatchObject([{ pointer: "/customer_id" }]);
    expect(await everyRow()).toEqual(before);
  });

  it("has its key: the same answer again, and another body is refused", async () => {
    const [{ id }, key] = [await parked(shop, BASKET), uuid()];
    const first = await complete(shop, id, { payments: cash(100) }, { key });
    expectStatus(first, 200);
    const again = await complete(shop, id, { payments: cash(100) }, { key });
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.body).toEqual(first.body);
    expectProblem(await complete(shop, id, { payments: cash(200) }, { key }), 422, "idempotency_key_reused");
    expectProblem(
      await complete(shop, (await parked(shop, BASKET)).id, { payments: cash(100) }, { key }),
      422,
      "idempotency_key_reused",
    );
  });

  it("is told already_resumed once it is done, whatever else would be wrong, and of what was never parked", async () => {
    const { id } = await parked(shop, BASKET);
    expectStatus(await complete(shop, id, { payments: cash(100) }), 200);
    const sale = await sold(shop, { lines: [GOODS] });
    const before = await everyRow();
    expectProblem(await complete(shop, id, { payments: cash(100) }), 409, "already_resumed");
    expectProblem(await complete(shop, id, { payments: [] }), 409, "already_resumed");
    expectProblem(
      await complete(shop, id, { lines: [{ sku: "none", quantity: 1 }], payments: [] }),
      409,
      "already_resumed",
    );
    expectProblem(await complete(shop, sale.id, { payments: cash(100) }), 409, "already_resumed");
    expectProblem(await complete(shop, uuid(), { payments: cash(100) }), 404, "not_found");
    expect(await everyRow()).toEqual(before);
  });
});

describe("throwing a parked sale away", () => {
  it("leaves it readable, in no list, and for nobody to complete", async () => {
    const basket = await parked(shop, BASKET);
    const cashier = await asUser("cashier", [shop.store.id], shop.store.code);
    const answer = await cashier.post<Sale>(`/v1/sales/${basket.id}/void`, {}, { "Idempotency-Key": uuid() });
    expectStatus(answer, 200);
    expect(answer.body).toEqual({ ...basket, status: "voided" });
    expect(await readSale(shop, basket.id)).toEqual(answer.body);
    for (const query of ["", "&status=parked", "&status=voided"]) expect(await idsOf(query)).not.toContain(basket.id);
    expectProblem(await complete(shop, basket.id, { payments: cash(100) }), 409, "already_resumed");
    expectProblem(await voidSale(shop, basket.id), 409, "already_resumed");
    expectProblem(await sell(shop, { id: basket.id, lines: [GOODS] }), 409, "conflict");
  });

  it("has its key: the same answer again, and another body is refused", async () => {
    const [{ id }, key] = [await parked(shop, BASKET), uuid()];
    const first = await voidSale(shop, id, { reason: "Left" }, { key });
    expectStatus(first, 200);
    const again = await voidSale(shop, id, { reason: "Left" }, { key });
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.body).toEqual(first.body);
    expectProblem(await voidSale(shop, id, { reason: "Came back" }, { key }), 422, "idempotency_key_reused");
  });
});

function numberOf({ invoice_no }: Sale): number {
  return Number(invoice_no?.split("-").at(-1));
}
