import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { asUser, expectStatus, uuid } from "../../support/api.ts";
import { hashOf } from "../../support/canonical-json.ts";
import { openShop, refund, type Sale, type Shop, sold } from "../sales/shop.ts";
import { exceptionsOf, sync, synced } from "../sync/till.ts";
import { closed, goods, late, moved, nextShift, received, reportOf, type ShiftReport, zReportsOf } from "./day.ts";

/** What comes for a shift that is closed stands in a supplement Z report of it, and in no other. */

let shop: Shop;
let second: Shop;
let sale: Sale;
let zs: ShiftReport[];
let outcomes: string[];

const cash = (amount: number) => [{ method: "cash", amount }];

beforeAll(async () => {
  shop = await openShop({ tax_mode: "exclusive" });
  sale = await sold(shop, { lines: [goods(1000, 200_000), goods(200, 50_000)], payments: cash(1500) });
  await moved(shop, { type: "paid_in", amount: 40 });
  await closed(shop);
  second = await nextShift(shop, { opening_float: 300 });
  await sold(second, { lines: [goods(500, 200_000)], payments: [{ method: "card", amount: 600 }] });
  const results = await synced(shop, [
    late(shop, 1, "sale", {
      lines: [goods(100, 50_000), goods(7)],
      payments: [{ method: "mobile_wallet", amount: 12 }, ...cash(200)],
    }),
    late(shop, 2, "refund", {
      sale_id: sale.id,
      lines: [{ line_no: 2, quantity: 1, restock: "none" }],
      payments: cash(210),
      reason: "Broken",
    }),
    late(shop, 3, "cash_movement", { type: "drop", amount: 30, reason: "To the safe" }),
    late(shop, 4, "cash_movement", { type: "no_sale", reason: "Looked" }),
  ]);
  outcomes = results.map(({ outcome }) => outcome);
  const back = {
    lines: [{ line_no: 1, quantity: 1, restock: "none" }],
    payments: cash(1200),
    terminal_id: shop.terminal.id,
  };
  expectStatus(await refund(shop, sale.id, back), 201);
  await closed(second);
  zs = await zReportsOf(shop);
});

describe("what comes for a closed shift", () => {
  it("is kept and told of", async () => {
    expect(outcomes).toEqual(["flagged", "flagged", "flagged", "flagged"]);
    const told = await exceptionsOf(shop, "&type=closed_shift");
    expect(told.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  it("stands in a supplement, which is numbered before the Z report of the till's next shift", () => {
    const shown = zs.map(({ number, supplement, shift_id }) => ({ number, supplement, shift_id }));
    expect(shown).toEqual([
      { number: 1, supplement: false, shift_id: shop.shift.id },
      { number: 2, supplement: true, shift_id: shop.shift.id },
      { number: 3, supplement: false, shift_id: second.shift.id },
    ]);
    for (const [index, report] of zs.entries()) {
      expect(report.hash).toBe(hashOf(report));
      expect(report.previous_hash).toBe(zs[index - 1]?.hash ?? null);
      expect(report.grand_total).toBe(zs.slice(0, index + 1).reduce((sum, { net }) => sum + net, 0));
    }
  });

  it("is there with all its figures, and nothing else is", () => {
    const [first, supplement] = zs;
    const uncounted = { counted: null, difference: null };
    expect(supplement).toMatchObject({
      kind: "z",
      business_date: first?.business_date,
      business_dates: [first?.business_date],
      opened_at: first?.opened_at,
      closed_at: first?.closed_at,
      closed_by: first?.closed_by,
      opening_float: 0,
      sales_count: 1,
      refunds_count: 1,
      voids_count: 0,
      voids_total: 0,
      no_sales_count: 1,
      gross: 112,
      discount_total: 0,
      tax_total: 5,
      refund_total: 210,
      refund_tax_total: 10,
      net: -98,
      tax_by_rate: [
        { tax_rate_ppm: 0, sales_taxable: 7, sales_tax: 0, refunds_taxable: 0, refunds_tax: 0 },
        { tax_rate_ppm: 50_000, sales_taxable: 100, sales_tax: 5, refunds_taxable: 200, refunds_tax: 10 },
      ],
      by_method: [
        { method: "cash", sales: 100, refunds: 210, expected: 100 - 210 - 30, ...uncounted },
        { method: "mobile_wallet", sales: 12, refunds: 0, expected: 12, ...uncounted },
      ],
      cash: { opening_float: 0, sales: 200, change: 100, refunds: 210, drops: 30, paid_in: 0, expected: -140 },
      cash_movements: [
        { type: "drop", amount: 30 },
        { type: "no_sale", amount: 0 },
      ],
      by_category: [{ category_id: null, name: null, quantity: 1, total: 112 - 210 }],
    });
    expect(supplement?.first_invoice_no).toBe(supplement?.last_invoice_no);
  });

  it("changes neither the shift's own Z report nor what the shift is", async () => {
    expect(await reportOf(shop)).toEqual(zs[0]);
    const { body } = await shop.admin.get<{ status: string; closed_at: string }>(`/v1/shifts/${shop.shift.id}`);
    expect(body).toMatchObject({ status: "closed", closed_at: zs[0]?.closed_at });
  });

  it("is taken in once: the next closing makes no supplement of it again", async () => {
    const third = await nextShift(shop);
    expect(await closed(third)).toMatchObject({ number: 4, supplement: false, net: 0 });
    const results = await synced(shop, [
      late(shop, 5, "cash_movement", { type: "paid_in", amount: 1, reason: "Found" }),
    ]);
    expect(results).toMatchObject([{ outcome: "flagged" }]);
    const fourth = await nextShift(shop);
    await closed(fourth);
    const later = (await zReportsOf(shop)).slice(4);
    expect(later.map(({ number, shift_id, supplement }) => ({ number, shift_id, supplement }))).toEqual([
      { number: 5, shift_id: shop.shift.id, supplement: true },
      { number: 6, shift_id: fourth.shift.id, supplement: false },
    ]);
    expect(later[0]).toMatchObject({ sales_count: 0, gross: 0, cash: { paid_in: 1, expected: 1 } });
  });
});

describe("money that is no sale's", () => {
  it("comes late as well, and stands in a supplement", async () => {
    const till = await openShop();
    await closed(till);
    await received(till, { kind: "account", method: "cash", amount: 70, happened: 1 });
    await received(till, { kind: "gift_card", method: "cash", amount: 20, happened: 1 });
    await received(till, { kind: "account", method: "card", amount: 5, happened: 1 });
    await closed(await nextShift(till));
    const [, supplement] = await zReportsOf(till);
    expect(supplement).toMatchObject({
      supplement: true,
      net: 0,
      by_method: [
        { method: "card", sales: 0, refunds: 0, expected: 5 },
        { method: "cash", sales: 0, refunds: 0, expected: 90 },
      ],
      cash: { deposits: 20, account_payments: 70, expected: 90 },
    });
  });
});

describe("a day that a till spent offline", () => {
  it("is opened, traded and closed by what it brings, once", async () => {
    const shopOf = await openShop();
    await closed(shopOf);
    const id = uuid();
    const till: Shop = { ...shopOf, shift: { ...shopOf.shift, id } };
    const hour = (ago: number) => new Date(Date.now() - ago * 3_600_000).toISOString();
    const at = { opened: hour(3), sold: hour(2), closed: hour(1) };
    const counted = [{ method: "cash", amount: 130 }];
    const opening = { type: "shift_open", occurred_at: at.opened, body: { id, opening_float: 100 } };
    const commands = [
      { seq: 1, idempotency_key: uuid(), ...opening },
      late(till, 2, "sale", { lines: [goods(30)], payments: cash(30) }, at.sold),
      late(till, 3, "shift_close", { counted }, at.closed),
    ];
    const results = await synced(till, commands);
    expect(results.map(({ outcome }) => outcome)).toEqual(["applied", "applied", "applied"]);
    const z = await reportOf(till);
    expect(z).toMatchObject({
      kind: "z",
      opened_at: at.opened,
      closed_at: at.closed,
      gross: 30,
      cash: { expected: 130 },
    });
    expect(z.by_method).toMatchObject([{ method: "cash", counted: 130, difference: 0 }]);
    const again = await synced(till, commands);
    expect(again.map(({ outcome }) => outcome)).toEqual(["replayed", "replayed", "replayed"]);
    expect(await zReportsOf(till)).toHaveLength(2);
    const [more] = await synced(till, [late(till, 4, "sale", { lines: [goods(1)], payments: cash(1) }, at.sold)]);
    expect(more).toMatchObject({ outcome: "flagged" });
  });

  it("is not closed by what a manager has not approved", async () => {
    const till = await openShop();
    const cashier = await asUser("cashier", [till.store.id]);
    const answer = await sync(till, [late(till, 1, "shift_close", { counted: cash(500) })], cashier);
    expectStatus(answer, 200);
    expect(answer.body.results).toMatchObject([{ outcome: "rejected", problem: { code: "approval_required" } }]);
    expect((await reportOf(till)).kind).toBe("x");
  });
});

describe("a day's report", () => {
  const sumOf = (of: (report: ShiftReport) => number) => zs.reduce((sum, report) => sum + of(report), 0);

  it("is the sum of its Z reports, supplements among them, whole and by method", async () => {
    const path = `/v1/reports/daily?store_id=${shop.store.id}&date=${sale.business_date}`;
    const answer = await shop.admin.get<Record<string, unknown>>(path);
    expectStatus(answer, 200);
    const methods = [...new Set(zs.flatMap(({ by_method }) => by_method.map(({ method }) => method)))].toSorted();
    expect(answer.body).toMatchObject({
      sales_count: sumOf(({ sales_count }) => sales_count),
      refunds_count: sumOf(({ refunds_count }) => refunds_count),
      gross: sumOf(({ gross }) => gross),
      discount_total: sumOf(({ discount_total }) => discount_total),
      tax_total: sumOf(({ tax_total }) => tax_total),
      refund_total: sumOf(({ refund_total }) => refund_total),
      refund_tax_total: sumOf(({ refund_tax_total }) => refund_tax_total),
      net: sumOf(({ net }) => net),
      by_method: methods.map((method) => {
        const part = (which: "sales" | "refunds") =>
          sumOf(({ by_method }) => by_method.find((one) => one.method === method)?.[which] ?? 0);
        const [sales, refunds] = [part("sales"), part("refunds")];
        return { method, sales, refunds, net: sales - refunds };
      }),
    });
    expect(answer.body["gross"]).toBe(1410 + 600 + 112);
  });

  it("and the lines that were sold and brought back are that sum by tax rate", async () => {
    const { results } = await env.DB.prepare(
      `SELECT tax_rate_ppm, sum(sold - tax) AS sales_taxable, sum(tax) AS sales_tax,
         sum(back - back_tax) AS refunds_taxable, sum(back_tax) AS refunds_tax
       FROM (
         SELECT l.tax_rate_ppm, l.total AS sold, l.tax_total AS tax, 0 AS back, 0 AS back_tax
         FROM sales s JOIN sale_lines l ON l.sale_id = s.id WHERE s.store_id = ?1
         UNION ALL
         SELECT l.tax_rate_ppm, 0, 0, l.total, l.tax_total
         FROM refunds r JOIN refund_lines l ON l.refund_id = r.id WHERE r.store_id = ?1)
       GROUP BY tax_rate_ppm ORDER BY tax_rate_ppm`,
    )
      .bind(shop.store.id)
      .all<ShiftReport["tax_by_rate"][number]>();
    expect(results).toHaveLength(3);
    for (const row of results) {
      const at = (part: "sales_taxable" | "sales_tax" | "refunds_taxable" | "refunds_tax") =>
        sumOf(({ tax_by_rate }) => tax_by_rate.find((one) => one.tax_rate_ppm === row.tax_rate_ppm)?.[part] ?? 0);
      expect(row).toEqual({
        tax_rate_ppm: row.tax_rate_ppm,
        sales_taxable: at("sales_taxable"),
        sales_tax: at("sales_tax"),
        refunds_taxable: at("refunds_taxable"),
        refunds_tax: at("refunds_tax"),
      });
    }
  });
});
