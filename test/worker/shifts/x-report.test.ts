import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { asUser, expectProblem, expectStatus, uuid } from "../../support/api.ts";
import { openShop, refund, sell, type Shop, sold, stockProduct } from "../sales/shop.ts";
import { saleCommand, synced } from "../sync/till.ts";
import { addDebtor, goods, moved, open, received, reportOf, type ShiftReport } from "./day.ts";

async function addCategory({ admin }: Shop): Promise<string> {
  const answer = await admin.post<{ id: string }>("/v1/categories", { name: `Of ${uuid()}` });
  expectStatus(answer, 201);
  return answer.body.id;
}

async function brought(shop: Shop, sale_id: string, line_no: number, payments: { method: string; amount: number }[]) {
  const lines = [{ line_no, quantity: 1, restock: "sellable" }];
  expectStatus(await refund(shop, sale_id, { lines, payments, terminal_id: shop.terminal.id }), 201);
}

const key = () => ({ "Idempotency-Key": uuid() });

describe("the X report", () => {
  it("of a shift without trade has nothing but its float", async () => {
    const shop = await openShop();
    expect(await reportOf(shop)).toEqual({
      kind: "x",
      number: null,
      supplement: false,
      store_id: shop.store.id,
      terminal_id: shop.terminal.id,
      shift_id: shop.shift.id,
      business_date: shop.shift["business_date"],
      business_dates: [shop.shift["business_date"]],
      currency: "GBP",
      opened_at: shop.shift["opened_at"],
      opened_by: shop.admin.user.id,
      closed_at: null,
      closed_by: null,
      opening_float: 0,
      sales_count: 0,
      refunds_count: 0,
      voids_count: 0,
      voids_total: 0,
      no_sales_count: 0,
      gross: 0,
      discount_total: 0,
      tax_total: 0,
      refund_total: 0,
      refund_tax_total: 0,
      net: 0,
      tax_by_rate: [],
      by_method: [{ method: "cash", sales: 0, refunds: 0, expected: 0, counted: null, difference: null }],
      cash: {
        opening_float: 0,
        sales: 0,
        change: 0,
        refunds: 0,
        deposits: 0,
        account_payments: 0,
        paid_in: 0,
        paid_out: 0,
        drops: 0,
        expected: 0,
      },
      cash_movements: [],
      first_invoice_no: null,
      last_invoice_no: null,
      by_category: [],
      grand_total: 0,
      previous_hash: null,
      hash: null,
    });
  });

  it("of a day's trade has every figure as worked out by hand", async () => {
    const store = await openShop({ cash_rounding: 5 });
    const [tea, sweets] = [await addCategory(store), await addCategory(store)];
    // The shop is opened with a shift of no float; the day is another till's.
    const till = await store.admin.post<Shop["terminal"]>("/v1/terminals", {
      store_id: store.store.id,
      code: "02",
      name: "A till",
    });
    const opened = await open({ ...store, terminal: till.body }, { opening_float: 10_000 });
    expectStatus(opened, 201);
    const shop: Shop = { ...store, terminal: till.body, shift: opened.body };
    const pot = await stockProduct(shop, { unit_price: 1200, tax_rate_ppm: 200_000, category_id: tea });
    const bar = await stockProduct(shop, { unit_price: 210, tax_rate_ppm: 50_000, category_id: sweets });

    // 2 x 1200 (tax 400) + 210 (tax 10) = 2610, of 5000 in cash: 2390 back.
    const first = await sold(shop, {
      lines: [
        { product_id: pot.id, quantity: 2 },
        { product_id: bar.id, quantity: 1 },
      ],
      payments: [{ method: "cash", amount: 5000 }],
    });
    // 1200 less 200, and 503 of no category; 100 off the order falls 67 and 33: 933 (tax 155.5, so 156) and 470 = 1403.
    // By card 1000; of the 403 left 405 are paid in cash (rounded by 2), of 1000: 595 back. In all 1405.
    const second = await sold(shop, {
      lines: [
        { product_id: pot.id, quantity: 1, discount: { amount: 200 } },
        { custom: { name: "Repair", unit_price: 503, tax_rate_ppm: 0 }, quantity: 1 },
      ],
      discount: { amount: 100 },
      payments: [
        { method: "card", amount: 1000 },
        { method: "cash", amount: 1000 },
      ],
    });
    // 2 x 210 (tax 20).
    await sold(shop, {
      customer_id: await addDebtor(),
      lines: [{ product_id: bar.id, quantity: 2 }],
      payments: [
        { method: "on_account", amount: 300 },
        { method: "mobile_wallet", amount: 120 },
      ],
    });
    const mistake = await sold(shop, { lines: [{ product_id: pot.id, quantity: 1 }] });
    expectStatus(await shop.admin.post(`/v1/sales/${mistake.id}/void`, {}, key()), 200);
    // In no drawer, in another's, and put aside.
    expectStatus(await sell(shop, { lines: [goods(77)], terminal_id: undefined }), 201);
    await sold(store, { lines: [goods(88)] });
    await sold(shop, { lines: [goods(99)], status: "parked", payments: [] });

    await brought(shop, first.id, 1, [
      { method: "cash", amount: 1000 },
      { method: "card", amount: 200 },
    ]);
    await brought(shop, second.id, 2, [{ method: "cash", amount: 470 }]);
    const unlinked = {
      store_id: shop.store.id,
      terminal_id: shop.terminal.id,
      lines: [{ product_id: bar.id, quantity: 1, restock: "none" }],
      payments: [{ method: "cash", amount: 210 }],
      reason: "No bill",
    };
    expectStatus(await shop.admin.post("/v1/refunds", unlinked, key()), 201);
    await received(shop, { kind: "gift_card", method: "cash", amount: 700 });
    await received(shop, { kind: "account", method: "cash", amount: 250 });
    await received(shop, { kind: "account", method: "card", amount: 50 });
    await moved(shop, { type: "paid_in", amount: 500 });
    await moved(shop, { type: "paid_out", amount: 300 });
    await moved(shop, { type: "drop", amount: 2000 });
    await moved(shop, { type: "no_sale" });

    const report = await reportOf(shop);
    const uncounted = { counted: null, difference: null };
    const names = new Map(report.by_category.map(({ category_id, name }) => [category_id, name]));
    const expected: Partial<ShiftReport> = {
      opening_float: 10_000,
      sales_count: 3,
      refunds_count: 3,
      voids_count: 1,
      voids_total: 1200,
      no_sales_count: 1,
      gross: 2610 + 1405 + 420,
      discount_total: 300,
      tax_total: 410 + 156 + 20,
      refund_total: 1200 + 470 + 210,
      refund_tax_total: 200 + 10,
      net: 4435 - 1880,
      tax_by_rate: [
        { tax_rate_ppm: 0, sales_taxable: 470, sales_tax: 0, refunds_taxable: 470, refunds_tax: 0 },
        { tax_rate_ppm: 50_000, sales_taxable: 600, sales_tax: 30, refunds_taxable: 200, refunds_tax: 10 },
        { tax_rate_ppm: 200_000, sales_taxable: 2777, sales_tax: 556, refunds_taxable: 1000, refunds_tax: 200 },
      ],
      by_method: [
        { method: "card", sales: 1000, refunds: 200, expected: 1000 - 200 + 50, ...uncounted },
        { method: "cash", sales: 2610 + 405, refunds: 1680, expected: 10_485, ...uncounted },
        { method: "mobile_wallet", sales: 120, refunds: 0, expected: 120, ...uncounted },
        { method: "on_account", sales: 300, refunds: 0, expected: 300, ...uncounted },
      ],
      cash: {
        opening_float: 10_000,
        sales: 6000,
        change: 2390 + 595,
        refunds: 1000 + 470 + 210,
        deposits: 700,
        account_payments: 250,
        paid_in: 500,
        paid_out: 300,
        drops: 2000,
        expected: 10_485,
      },
      first_invoice_no: `${shop.store.code}-02-000001`,
      last_invoice_no: `${shop.store.code}-02-000004`,
      // The goods of no category stand last.
      by_category: [
        { category_id: tea, name: names.get(tea) ?? "", quantity: 2, total: 2400 + 933 - 1200 },
        { category_id: sweets, name: names.get(sweets) ?? "", quantity: 2, total: 210 + 420 - 210 },
        { category_id: null, name: null, quantity: 0, total: 0 },
      ].toSorted((a, b) => ((a.category_id ?? "~") < (b.category_id ?? "~") ? -1 : 1)),
    };
    expect(report).toMatchObject(expected);
    expect([names.get(tea), names.get(sweets)].every((name) => name?.startsWith("Of "))).toBe(true);
    expect(report.cash_movements.map(({ type }) => type)).toEqual(["paid_in", "paid_out", "drop", "no_sale"]);
  });

  it("of a store whose prices are without tax adds it up by rate, and the taxable stays without", async () => {
    const shop = await openShop({ tax_mode: "exclusive" });
    // 1000 + 200 tax, 333 + 16.65 tax: 17.
    const sale = await sold(shop, { lines: [goods(1000, 200_000), goods(333, 50_000)] });
    await brought(shop, sale.id, 2, [{ method: "cash", amount: 350 }]);
    expect(await reportOf(shop)).toMatchObject({
      gross: 1550,
      tax_total: 217,
      refund_total: 350,
      refund_tax_total: 17,
      tax_by_rate: [
        { tax_rate_ppm: 50_000, sales_taxable: 333, sales_tax: 17, refunds_taxable: 333, refunds_tax: 17 },
        { tax_rate_ppm: 200_000, sales_taxable: 1000, sales_tax: 200, refunds_taxable: 0, refunds_tax: 0 },
      ],
      cash: { expected: 1200 },
    });
  });

  it("names the till's first and last number, however long, and none that a repeat took from the store's", async () => {
    const shop = await openShop();
    const { code } = shop.store;
    const occurred_at = new Date().toISOString();
    const bring = (seq: number, invoice_no: string) =>
      saleCommand(seq, { shift_id: shop.shift.id, invoice_no }, { occurred_at });
    await env.DB.prepare("INSERT INTO number_sequences VALUES (?, '01', 'sale', 999998)").bind(shop.store.id).run();
    const numbers = [`${code}-01-1000000`, `${code}-01-999999`, `${code}-01-999999`];
    const results = await synced(
      shop,
      numbers.map((number, index) => bring(index + 1, number)),
    );
    expect(results.map(({ resource }) => resource?.invoice_no)).toEqual([...numbers.slice(0, 2), `${code}-00-000001`]);
    expect(await reportOf(shop)).toMatchObject({ first_invoice_no: numbers[1], last_invoice_no: numbers[0] });
  });

  it("is a cashier's of the shift they opened, and of another's for who reads all reports", async () => {
    const shop = await openShop();
    const [cashier, employee] = [await asUser("cashier", [shop.store.id]), await asUser("employee", [shop.store.id])];
    const path = `/v1/shifts/${shop.shift.id}/report`;
    expectProblem(await cashier.get(path), 403, "forbidden");
    expectStatus(await employee.get(path), 200);
    expectProblem(await (await asUser("employee", [(await openShop()).store.id])).get(path), 404, "not_found");
    const till = await shop.admin.post<Shop["terminal"]>("/v1/terminals", {
      store_id: shop.store.id,
      code: "03",
      name: "A till",
    });
    const own = await open({ ...shop, terminal: till.body }, {}, { by: cashier });
    expectStatus(own, 201);
    expectStatus(await cashier.get(`/v1/shifts/${own.body.id}/report`), 200);
    expectProblem(await cashier.get(`/v1/z-reports?store_id=${shop.store.id}`), 403, "forbidden");
    expectProblem(await shop.admin.get(`/v1/shifts/${uuid()}/report`), 404, "not_found");
  });
});
