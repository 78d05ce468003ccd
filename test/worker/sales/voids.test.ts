import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { asUser, type Credentials, expectProblem, expectStatus, type SignedIn, uuid } from "../../support/api.ts";
import { balanceOf, createCustomer, createGiftCard, even } from "../../support/ledgers.ts";
import { approved, createManager } from "../approvals/manager.ts";
import { complete as completeOrder, deposit, openOrderShop, ordered } from "../orders/shop.ts";
import { closeShift, reportOf, voidSale } from "./actions.ts";
import {
  everyRow,
  openShop,
  readSale,
  refund,
  refunded,
  type Sale,
  type Shop,
  sold,
  stockOf,
  stockProduct,
} from "./shop.ts";

/** Whole sales taken back on their own day. */

let shop: Shop;
let cashier: SignedIn;
let manager: Credentials;

beforeAll(async () => {
  shop = await openShop();
  cashier = await asUser("cashier", [shop.store.id], shop.store.code);
  manager = await createManager(shop.store.id);
});

const GOODS = { custom: { name: "Goods", unit_price: 100, tax_rate_ppm: 200_000 }, quantity: 1 };
const cash = (amount: number) => [{ method: "cash", amount }];

describe("a void", () => {
  it("gives the stock back by movements of its own, and keeps the number", async () => {
    const product = await stockProduct(shop, {}, 10);
    const line = { product_id: product.id, quantity: 2 };
    const sale = await sold(shop, { lines: [line, GOODS, { ...line, quantity: 3 }] });
    expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: 5, moved: 5 });
    const answer = await voidSale(shop, sale.id, { reason: "Wrong customer" });
    expectStatus(answer, 200);
    expect(answer.body).toEqual({ ...sale, status: "voided" });
    expect(await readSale(shop, sale.id)).toEqual(answer.body);
    expect(await stockOf(shop.store.id, product.id)).toEqual({ on_hand: 10, moved: 10 });
    const { results } = await env.DB.prepare(
      "SELECT reason, line_no, quantity FROM stock_movements WHERE source_id = ?1 ORDER BY arrival",
    )
      .bind(sale.id)
      .all();
    expect(results).toEqual([
      { reason: "sale", line_no: 1, quantity: -2 },
      { reason: "sale", line_no: 3, quantity: -3 },
      { reason: "void", line_no: 1, quantity: 2 },
      { reason: "void", line_no: 3, quantity: 3 },
    ]);
    const next = await sold(shop, { lines: [GOODS] });
    expect(numberOf(next)).toBe(numberOf(sale) + 1);
    const entry = await env.DB.prepare(
      "SELECT before, after FROM audit_entries WHERE entity_id = ?1 AND action = 'sale.void'",
    )
      .bind(sale.id)
      .first<{ before: string; after: string }>();
    expect(JSON.parse(entry?.before ?? "")).toEqual({ status: "completed", total: sale.total });
    expect(JSON.parse(entry?.after ?? "")).toEqual({ status: "voided", reason: "Wrong customer" });
  });

  it("gives back what was taken from gift card, store credit and account", async () => {
    const customer_id = await createCustomer(shop.store.id, { credit_limit: 500, store_credit: 300 });
    const card = await createGiftCard(shop.store.id, 400);
    const sale = await sold(shop, {
      lines: [{ ...GOODS, quantity: 10 }],
      customer_id,
      payments: [
        { method: "gift_card", amount: 150, reference: card.code },
        { method: "store_credit", amount: 250 },
        { method: "on_account", amount: 350 },
        { method: "gift_card", amount: 100, reference: card.code },
        { method: "cash", amount: 200 },
      ],
    });
    expect(sale).toMatchObject({ paid_total: 700, change_due: 50, balance_due: 350 });
    const balances = async () => [
      await balanceOf("gift_card", card.id),
      await balanceOf("store_credit", customer_id),
      await balanceOf("account", customer_id),
    ];
    expect(await balances()).toEqual([even(150), even(50), even(350)]);
    expectStatus(await voidSale(shop, sale.id), 200);
    expect(await balances()).toEqual([even(400), even(300), even(0)]);
  });

  it("is in no figure of the shift but the voids", async () => {
    const own = await openShop();
    const [kept, taken] = [
      await sold(own, { lines: [GOODS] }),
      await sold(own, { lines: [GOODS, GOODS], payments: cash(250) }),
    ];
    const before = await reportOf(own);
    expect(before).toMatchObject({
      sales_count: 2,
      gross: 300,
      voids_count: 0,
      cash: { change: 1_000_000_000 - 100 + 50 },
    });
    expectStatus(await voidSale(own, taken.id), 200);
    const after = await reportOf(own);
    expect(after).toMatchObject({
      sales_count: 1,
      voids_count: 1,
      voids_total: 200,
      gross: 100,
      net: 100,
      tax_total: kept.tax_total,
      first_invoice_no: kept.invoice_no,
      last_invoice_no: taken.invoice_no,
      cash: { sales: 1_000_000_000, change: 1_000_000_000 - 100, expected: 100 },
    });
    const daily = await own.admin.get(`/v1/reports/daily?store_id=${own.store.id}`);
    expectStatus(daily, 200);
    const by_method = [{ method: "cash", sales: 100, refunds: 0, net: 100 }];
    expect(daily.body).toMatchObject({ sales_count: 1, gross: 100, net: 100, by_method });
  });

  it("stands at the head of the bill", async () => {
    const sale = await sold(shop, { lines: [GOODS] });
    expectStatus(await voidSale(shop, sale.id), 200);
    const answer = await shop.admin.post<string>(`/v1/sales/${sale.id}/receipts`, { format: "text" });
    expectStatus(answer, 201);
    expect(answer.body.split("\n")[0]).toMatch(/\*\*\* VOID \*\*\*/);
    expect(answer.body).toContain(sale.invoice_no ?? "none");
  });

  it("has its key: the same answer again, and another body is refused", async () => {
    const [sale, key] = [await sold(shop, { lines: [GOODS] }), uuid()];
    const first = await voidSale(shop, sale.id, { reason: "Typed wrong" }, { key });
    const rows = await everyRow();
    const again = await voidSale(shop, sale.id, { reason: "Typed wrong" }, { key });
    expectStatus(again, 200);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.body).toEqual(first.body);
    expectProblem(await voidSale(shop, sale.id, {}, { key }), 422, "idempotency_key_reused");
    expect(await everyRow()).toEqual(rows);
  });
});

describe("a cashier's void", () => {
  it("needs a manager's approval, which the audit entry names", async () => {
    const sale = await sold(shop, { lines: [GOODS] }, { by: cashier });
    const before = await everyRow();
    const problem = expectProblem(await voidSale(shop, sale.id, {}, { by: cashier }), 403, "approval_required");
    expect(problem).toMatchObject({ approvals_needed: [{ action: "void", limit: 100, sale_id: sale.id }] });
    expect(await everyRow()).toEqual(before);
    const approval = await approved(cashier, manager, { action: "void", sale_id: sale.id, limit: 100 });
    expectStatus(await voidSale(shop, sale.id, {}, { by: cashier, approval }), 200);
    const entry = await env.DB.prepare("SELECT after FROM audit_entries WHERE entity_id = ?1 AND action = 'sale.void'")
      .bind(sale.id)
      .first<{ after: string }>();
    expect(JSON.parse(entry?.after ?? "")).toMatchObject({ approvals: [{ action: "void", approved_by: manager.id }] });
  });

  it.each<[string, (sale: Sale) => Record<string, unknown>, RegExp]>([
    ["of another sale", () => ({ action: "void", sale_id: uuid() }), /another sale/],
    ["of a smaller sale", () => ({ action: "void", limit: 99 }), /goes up to 99, and this is 100/],
    ["for something else", () => ({ action: "price" }), /is for `price`/],
  ])("with an approval %s is refused", async (_, asked, told) => {
    const sale = await sold(shop, { lines: [GOODS] }, { by: cashier });
    const approval = await approved(cashier, manager, asked(sale));
    const answer = await voidSale(shop, sale.id, {}, { by: cashier, approval });
    expect(expectProblem(answer, 403, "approval_required").detail).toMatch(told);
    expect(await readSale(shop, sale.id)).toMatchObject({ status: "completed" });
  });

  it("with an approval that has been used is refused; a refused void uses none", async () => {
    const [one, other, old] = [
      await sold(shop, { lines: [GOODS] }, { by: cashier }),
      await sold(shop, { lines: [GOODS] }, { by: cashier }),
      await sold(shop, { lines: [GOODS], sold_at: yesterday() }, { by: cashier }),
    ];
    const approval = await approved(cashier, manager, { action: "void" });
    expectProblem(await voidSale(shop, old.id, {}, { by: cashier, approval }), 409, "conflict");
    expectStatus(await voidSale(shop, one.id, {}, { by: cashier, approval }), 200);
    const again = await voidSale(shop, other.id, {}, { by: cashier, approval });
    expect(expectProblem(again, 403, "approval_required").detail).toMatch(/has been used/);
    expect(await readSale(shop, other.id)).toMatchObject({ status: "completed" });
  });
});

describe("a sale is not voided", () => {
  const refused = async (at: Shop, sale_id: string, told: RegExp) => {
    const before = await everyRow();
    expect(expectProblem(await voidSale(at, sale_id), 409, "conflict").detail).toMatch(told);
    expect(await everyRow()).toEqual(before);
  };

  it("twice", async () => {
    const sale = await sold(shop, { lines: [GOODS] });
    expectStatus(await voidSale(shop, sale.id), 200);
    await refused(shop, sale.id, /voided already/);
  });

  it("on another business day", async () => {
    const sale = await sold(shop, { lines: [GOODS], sold_at: yesterday() });
    await refused(shop, sale.id, new RegExp(`business day ${sale.business_date}, which is over`));
  });

  it("once some or all of it has been refunded", async () => {
    for (const quantity of [1, 2]) {
      const sale = await sold(shop, { lines: [{ ...GOODS, quantity: 2 }] });
      await refunded(shop, sale.id, [{ line_no: 1, quantity }]);
      await refused(shop, sale.id, /has been refunded/);
    }
  });

  it("once its shift is closed; one without a shift is", async () => {
    const own = await openShop();
    const [sale, loose] = [
      await sold(own, { lines: [GOODS] }),
      await sold(own, { lines: [GOODS], terminal_id: undefined }),
    ];
    await closeShift(own);
    await refused(own, sale.id, /shift is closed; refund it instead/);
    expectStatus(await voidSale(own, loose.id), 200);
  });

  it("with a deposit among its payments", async () => {
    const own = await openOrderShop();
    const { id } = await ordered(own);
    const deposited = await deposit(own, id, [{ method: "card", amount: 50 }]);
    expectStatus(deposited, 201);
    const done = await completeOrder(own, id, { payments: [{ method: "card", amount: 150 }] });
    expectStatus(done, 200);
    await refused(own, done.body.sale.id, /deposit of its order is among its payments; refund it instead/);
    await closeShift(own);
    await refused(own, done.body.sale.id, /shift is closed; refund it instead/);
  });

  it("in a store that is closed for business", async () => {
    const own = await openShop();
    const sale = await sold(own, { lines: [GOODS] });
    await env.DB.prepare("UPDATE stores SET active = 0, version = version + 1 WHERE id = ?").bind(own.store.id).run();
    await refused(own, sale.id, /store is closed for business/);
  });

  it("by who works elsewhere, and not at all where it is not there", async () => {
    const other = await openShop();
    const sale = await sold(other, { lines: [GOODS] });
    expectProblem(await voidSale(shop, sale.id, {}, { by: cashier }), 404, "not_found");
    expectProblem(await voidSale(shop, uuid()), 404, "not_found");
  });
});

describe("a voided sale", () => {
  it("has nothing to refund, by its lines or by its quote", async () => {
    const sale = await sold(shop, { lines: [GOODS] });
    expectStatus(await voidSale(shop, sale.id), 200);
    const before = await everyRow();
    const lines = [{ line_no: 1, quantity: 1 }];
    const problem = expectProblem(await refund(shop, sale.id, { lines, payments: cash(100) }), 409, "over_refund");
    expect(problem.detail).toMatch(/voided/);
    expectProblem(await shop.admin.post(`/v1/sales/${sale.id}/refunds/quote`, { lines }), 409, "over_refund");
    expect(await everyRow()).toEqual(before);
  });

  it("is listed as voided", async () => {
    const sale = await sold(shop, { lines: [GOODS] });
    expectStatus(await voidSale(shop, sale.id), 200);
    const answer = await shop.admin.get<{ data: Sale[] }>(
      `/v1/sales?store_id=${shop.store.id}&status=voided&limit=200`,
    );
    expect(answer.body.data.filter(({ id }) => id === sale.id)).toMatchObject([{ status: "voided" }]);
  });
});

function yesterday(): string {
  return new Date(Date.now() - 86_400_000).toISOString();
}

function numberOf({ invoice_no }: Sale): number {
  return Number(invoice_no?.split("-").at(-1));
}
