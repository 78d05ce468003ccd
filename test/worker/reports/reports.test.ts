import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { businessDate } from "../../../src/core/business-day.ts";
import { daySumsStatements, rateSumsStatements } from "../../../src/modules/reports/queries.ts";
import {
  api,
  asAdmin,
  asUser,
  createProduct,
  createStore,
  createTerminal,
  openShift,
  expectProblem,
  expectStatus,
  receiveStock,
  type StoreBody,
  uuid,
} from "../../support/api.ts";
import type { TaxByRate } from "../../../src/modules/shifts/index.ts";
import { openShop, sold } from "../sales/shop.ts";
import { addDebtor } from "../shifts/day.ts";
import { addRefund, addSale } from "./till.ts";

interface Figures {
  sales_count: number;
  refunds_count: number;
  voids_count: number;
  voids_total: number;
  gross: number;
  discount_total: number;
  tax_total: number;
  refund_total: number;
  refund_tax_total: number;
  net: number;
  by_method: { method: string; sales: number; refunds: number; net: number }[];
}

type Daily = Figures & { store_id: string; business_date: string; currency: string; tax_by_rate: TaxByRate };
type Rows = { data: (Figures & { key: string; label: string; store_id: string; currency: string })[] };

const NOTHING: Figures = {
  sales_count: 0,
  refunds_count: 0,
  voids_count: 0,
  voids_total: 0,
  gross: 0,
  discount_total: 0,
  tax_total: 0,
  refund_total: 0,
  refund_tax_total: 0,
  net: 0,
  by_method: [],
};

const UNKNOWN_STORE = "01890a5d-ac96-774b-bcce-b302099a8057";

function daily(store_id: string, date?: string): string {
  return `/v1/reports/daily?store_id=${store_id}${date === undefined ? "" : `&date=${date}`}`;
}

function sales(store_id: string, from: string, to: string): string {
  return `/v1/reports/sales?store_id=${store_id}&from=${from}&to=${to}&group_by=day`;
}

/** A store with two days of trade on 2 and 4 March, a refund alone on 6 March, and trade outside of them. */
async function tradingStore(): Promise<StoreBody> {
  const store = await createStore();
  const { user } = await asAdmin();
  const by = { store_id: store.id, user_id: user.id };
  const [second, fourth, sixth] = ["2026-03-02", "2026-03-04", "2026-03-06"] as const;
  await addSale({
    ...by,
    business_date: second,
    subtotal: 1000,
    discount_total: 100,
    tax_total: 150,
    payments: [
      { method: "card", amount: 500 },
      { method: "cash", amount: 600 },
    ],
    change_due: 200,
  });
  await addSale({
    ...by,
    business_date: second,
    subtotal: 240,
    tax_total: 40,
    payments: [{ method: "card", amount: 240 }],
  });
  await addSale({
    ...by,
    business_date: second,
    subtotal: 7777,
    payments: [{ method: "cash", amount: 7777 }],
    completed: false,
  });
  await addRefund({
    ...by,
    business_date: second,
    total: 120,
    tax_total: 20,
    payments: [
      { method: "cash", amount: 20 },
      { method: "bank_transfer", amount: 100 },
    ],
  });
  await addSale({
    ...by,
    business_date: fourth,
    subtotal: 60,
    payments: [{ method: "mobile_wallet", amount: 60 }],
  });
  await addRefund({ ...by, business_date: sixth, total: 30, payments: [{ method: "cash", amount: 30 }] });
  await addSale({
    ...by,
    business_date: "2026-02-28",
    subtotal: 1,
    payments: [{ method: "cash", amount: 1 }],
  });
  await addSale({
    ...by,
    business_date: "2026-03-10",
    subtotal: 1,
    payments: [{ method: "cash", amount: 1 }],
  });
  return store;
}

const SECOND: Figures = {
  sales_count: 2,
  refunds_count: 1,
  voids_count: 0,
  voids_total: 0,
  gross: 1140,
  discount_total: 100,
  tax_total: 190,
  refund_total: 120,
  refund_tax_total: 20,
  net: 1020,
  by_method: [
    { method: "bank_transfer", sales: 0, refunds: 100, net: -100 },
    { method: "card", sales: 740, refunds: 0, net: 740 },
    { method: "cash", sales: 400, refunds: 20, net: 380 },
  ],
};

const FOURTH: Figures = {
  ...NOTHING,
  sales_count: 1,
  gross: 60,
  net: 60,
  by_method: [{ method: "mobile_wallet", sales: 60, refunds: 0, net: 60 }],
};

const SIXTH: Figures = {
  ...NOTHING,
  refunds_count: 1,
  refund_total: 30,
  net: -30,
  by_method: [{ method: "cash", sales: 0, refunds: 30, net: -30 }],
};

describe("GET /v1/reports/daily", () => {
  it("sums a day's sales and refunds; parked sales are in no figure", async () => {
    const store = await tradingStore();
    const answer = await (await asAdmin()).get<Daily>(daily(store.id, "2026-03-02"));
    expectStatus(answer, 200);
    expect(answer.body).toEqual({
      store_id: store.id,
      business_date: "2026-03-02",
      currency: "GBP",
      ...SECOND,
      tax_by_rate: [
        { tax_rate_ppm: 200_000, sales_taxable: 950, sales_tax: 190, refunds_taxable: 100, refunds_tax: 20 },
      ],
    });
  });

  it("counts a refund on its own day", async () => {
    const store = await tradingStore();
    const answer = await (await asAdmin()).get<Daily>(daily(store.id, "2026-03-06"));
    expect(answer.body).toMatchObject(SIXTH);
  });

  it("is of nothing on a day without trade", async () => {
    const store = await tradingStore();
    const answer = await (await asAdmin()).get<Daily>(daily(store.id, "2026-03-03"));
    expectStatus(answer, 200);
    expect(answer.body).toMatchObject(NOTHING);
  });

  it("is of the store's today when no day is named", async () => {
    const store = await createStore({ timezone: "Pacific/Kiritimati", day_cutoff: "04:00" });
    const answer = await (await asAdmin()).get<Daily>(daily(store.id));
    expectStatus(answer, 200);
    expect(answer.body.business_date).toBe(businessDate(new Date(), "Pacific/Kiritimati", "04:00"));
  });

  it("never sums the trade of another store", async () => {
    const [one, other] = [await tradingStore(), await createStore()];
    const answer = await (await asAdmin()).get<Daily>(daily(other.id, "2026-03-02"));
    expect(answer.body).toMatchObject({ store_id: other.id, ...NOTHING });
    expect(answer.body.store_id).not.toBe(one.id);
  });

  it("equals the sum of what was sold and refunded through the API", async () => {
    const store = await createStore();
    const [till, product] = [await createTerminal(store.id), await createProduct({ unit_price: 250 })];
    await openShift(till.id);
    await receiveStock(store.id, [{ product_id: product.id, quantity: 10 }]);
    const employee = await asUser("employee", [store.id]);
    const bought = await employee.post<{ id: string; total: number; lines: { line_no: number }[] }>(
      "/v1/sales",
      {
        store_id: store.id,
        terminal_id: till.id,
        lines: [{ product_id: product.id, quantity: 4 }],
        payments: [{ method: "cash", amount: 2000 }],
      },
      { "Idempotency-Key": uuid() },
    );
    expectStatus(bought, 201);
    const refunded = await employee.post(
      `/v1/sales/${bought.body.id}/refunds`,
      {
        lines: [{ line_no: 1, quantity: 1, restock: "sellable" }],
        payments: [{ method: "cash", amount: 250 }],
        reason: "Broken",
      },
      { "Idempotency-Key": uuid() },
    );
    expectStatus(refunded, 201);
    const answer = await employee.get<Daily>(daily(store.id));
    expect(answer.body).toMatchObject({
      sales_count: 1,
      refunds_count: 1,
      gross: 1000,
      refund_total: 250,
      net: 750,
      by_method: [{ method: "cash", sales: 1000, refunds: 250, net: 750 }],
    });
  });

  it("leaves voided sales out of every figure but the voids, and counts what is on account", async () => {
    const shop = await openShop();
    const goods = (unit_price: number) => ({
      custom: { name: "Goods", unit_price, tax_rate_ppm: 200_000 },
      quantity: 1,
    });
    await sold(shop, {
      customer_id: await addDebtor(),
      lines: [goods(1200)],
      payments: [
        { method: "on_account", amount: 700 },
        { method: "card", amount: 100 },
        { method: "cash", amount: 1000 },
      ],
    });
    const mistakes = [await sold(shop, { lines: [goods(600)] }), await sold(shop, { lines: [goods(60)] })];
    for (const { id } of mistakes) {
      expectStatus(await shop.admin.post(`/v1/sales/${id}/void`, {}, { "Idempotency-Key": uuid() }), 200);
    }
    await sold(shop, { status: "parked", lines: [goods(9999)], payments: [] });
    const answer = await shop.admin.get<Daily>(daily(shop.store.id));
    const { store_id: _store, business_date: day, currency: _currency, tax_by_rate: _rates, ...figures } = answer.body;
    const expected: Figures = {
      ...NOTHING,
      sales_count: 1,
      voids_count: 2,
      voids_total: 660,
      gross: 1200,
      tax_total: 200,
      net: 1200,
      by_method: [
        { method: "card", sales: 100, refunds: 0, net: 100 },
        { method: "cash", sales: 400, refunds: 0, net: 400 },
        { method: "on_account", sales: 700, refunds: 0, net: 700 },
      ],
    };
    expect(figures).toEqual(expected);
    const rows = await shop.admin.get<Rows>(sales(shop.store.id, day, day));
    expect(rows.body.data).toEqual([{ key: day, label: day, store_id: shop.store.id, currency: "GBP", ...expected }]);
  });

  it("tells the tax of sales and refunds by rate, of voided sales none", async () => {
    const shop = await openShop();
    const goods = (unit_price: number, tax_rate_ppm: number) => ({
      custom: { name: "Goods", unit_price, tax_rate_ppm },
      quantity: 2,
    });
    const bought = await sold(shop, { lines: [goods(1200, 200_000), goods(105, 50_000)] });
    await sold(shop, { lines: [goods(600, 200_000), goods(100, 0)] });
    const mistake = await sold(shop, { lines: [goods(600, 200_000)] });
    expectStatus(await shop.admin.post(`/v1/sales/${mistake.id}/void`, {}, { "Idempotency-Key": uuid() }), 200);
    const refunded = await shop.admin.post(
      `/v1/sales/${bought.id}/refunds`,
      {
        lines: [{ line_no: 2, quantity: 1, restock: "none" }],
        payments: [{ method: "cash", amount: 105 }],
        reason: "Broken",
      },
      { "Idempotency-Key": uuid() },
    );
    expectStatus(refunded, 201);
    const answer = await shop.admin.get<Daily>(daily(shop.store.id));
    expect(answer.body.tax_by_rate).toEqual([
      { tax_rate_ppm: 0, sales_taxable: 200, sales_tax: 0, refunds_taxable: 0, refunds_tax: 0 },
      { tax_rate_ppm: 50_000, sales_taxable: 200, sales_tax: 10, refunds_taxable: 100, refunds_tax: 5 },
      { tax_rate_ppm: 200_000, sales_taxable: 3000, sales_tax: 600, refunds_taxable: 0, refunds_tax: 0 },
    ]);
  });

  it.each([
    ["store_id=7", "#query/store_id"],
    ["date=2026-03-02", "#query/store_id"],
    [`store_id=${UNKNOWN_STORE}&date=2026-02-30`, "#query/date"],
    [`store_id=${UNKNOWN_STORE}&date=today`, "#query/date"],
    [`store_id=${UNKNOWN_STORE}&day=2026-03-02`, "#query/day"],
  ])("refuses ?%s", async (query, pointer) => {
    const answer = await (await asAdmin()).get(`/v1/reports/daily?${query}`);
    expect(expectProblem(answer, 422, "validation_failed").errors?.[0]?.pointer).toBe(pointer);
  });

  it("does not know a store that is not there", async () => {
    expectProblem(await (await asAdmin()).get(daily(UNKNOWN_STORE)), 404, "not_found");
  });
});

describe("GET /v1/reports/sales", () => {
  it("has a row for each day with sales or refunds, the earliest first, both ends included", async () => {
    const store = await tradingStore();
    const answer = await (await asAdmin()).get<Rows>(sales(store.id, "2026-03-02", "2026-03-06"));
    expectStatus(answer, 200);
    const of = (day: string) => ({ key: day, label: day, store_id: store.id, currency: "GBP" });
    expect(answer.body.data).toEqual([
      { ...of("2026-03-02"), ...SECOND },
      { ...of("2026-03-04"), ...FOURTH },
      { ...of("2026-03-06"), ...SIXTH },
    ]);
  });

  it("has no rows where nothing was sold", async () => {
    const store = await tradingStore();
    const answer = await (await asAdmin()).get<Rows>(sales(store.id, "2026-03-05", "2026-03-05"));
    expect(answer.body).toEqual({ data: [] });
  });

  it("spans 366 days and no more", async () => {
    const { id } = await createStore();
    const admin = await asAdmin();
    expectStatus(await admin.get(sales(id, "2026-01-01", "2027-01-01")), 200);
    const problem = expectProblem(await admin.get(sales(id, "2026-01-01", "2027-01-02")), 422, "validation_failed");
    expect(problem.errors).toEqual([{ pointer: "#query/to", detail: "is more than 366 days from `from`" }]);
  });

  it.each([
    [sales(UNKNOWN_STORE, "2026-03-02", "2026-03-01"), "#query/to"],
    [sales(UNKNOWN_STORE, "2026-13-01", "2026-03-01"), "#query/from"],
    [`/v1/reports/sales?store_id=${UNKNOWN_STORE}&from=2026-03-01&to=2026-03-01&group_by=moon`, "#query/group_by"],
    [`/v1/reports/sales?store_id=${UNKNOWN_STORE}&from=2026-03-01&to=2026-03-01`, "#query/group_by"],
    [`/v1/reports/sales?store_id=${UNKNOWN_STORE}&to=2026-03-01&group_by=day`, "#query/from"],
    ["/v1/reports/sales?from=2026-03-01&to=2026-03-01&group_by=day", "#query/store_id"],
  ])("refuses %s", async (path, pointer) => {
    const problem = expectProblem(await (await asAdmin()).get(path), 422, "validation_failed");
    expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
  });
});

describe("who may", () => {
  it("lets a cashier read today's totals of an own store, and no more", async () => {
    const [own, other] = [await createStore(), await createStore()];
    const cashier = await asUser("cashier", [own.id]);
    const today = businessDate(new Date(), own.timezone, own.day_cutoff);
    expectStatus(await cashier.get(daily(own.id)), 200);
    expectStatus(await cashier.get(daily(own.id, today)), 200);
    expectProblem(await cashier.get(daily(own.id, "2026-03-02")), 403, "forbidden");
    expectProblem(await cashier.get(sales(own.id, today, today)), 403, "forbidden");
    expectProblem(await cashier.get(daily(other.id)), 404, "not_found");
  });

  it("lets an employee read any day of an own store", async () => {
    const [own, other] = [await tradingStore(), await tradingStore()];
    const employee = await asUser("employee", [own.id]);
    expectStatus(await employee.get(daily(own.id, "2026-03-02")), 200);
    expectStatus(await employee.get(sales(own.id, "2026-03-02", "2026-03-06")), 200);
    expectProblem(await employee.get(daily(other.id, "2026-03-02")), 404, "not_found");
    expectProblem(await employee.get(sales(other.id, "2026-03-02", "2026-03-06")), 404, "not_found");
  });

  it.each([daily(UNKNOWN_STORE), sales(UNKNOWN_STORE, "2026-03-02", "2026-03-02")])(
    "%s needs a signed-in user",
    async (path) => {
      expectProblem(await api(null).get(path), 401, "unauthenticated");
    },
  );
});

describe("every sum", () => {
  const days = [UNKNOWN_STORE, "2026-03-02", "2026-03-06"] as const;
  const sums = [...daySumsStatements(...days), ...rateSumsStatements(...days)];
  it.each(sums.map(({ sql, params }) => ({ sql, params })))(
    "goes by an index, whatever else the tables hold: $sql",
    async ({ sql, params }) => {
      const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .bind(...params)
        .all<{ detail: string }>();
      const [first, ...then] = plan.results.map(({ detail }) => detail);
      expect(first).toMatch(
        /^SEARCH \w+ USING INDEX (sales|refunds|sale_voids)_by_business_date \(store_id=\? AND business_date>\? AND business_date<\?\)$/,
      );
      expect(then.join("\n")).not.toContain("SCAN");
    },
  );
});
