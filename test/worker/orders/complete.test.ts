import { describe, expect, it } from "vitest";
import { asUser, createStore, expectProblem, expectStatus, uuid } from "../../support/api.ts";
import { approved, createManager } from "../approvals/manager.ts";
import { auditOf, closeShift } from "../payments/books.ts";
import { readCustomer } from "../payments/credit.ts";
import { changeUnseen, everyRow, readSale, stockOf, stockProduct } from "../sales/shop.ts";
import { change, complete, deposit, deposited, giveBack, openOrderShop, ordered, readOrder } from "./shop.ts";

const card = (amount: number) => ({ method: "card", amount });
const cash = (amount: number) => ({ method: "cash", amount });

describe("POST /v1/orders/{id}/complete", () => {
  it("sells what was ordered, the deposits first among its payments", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    await deposited(shop, id, [cash(30), { ...card(50), reference: "tok_1", card_last4: "4242" }]);
    const answer = await complete(shop, id, { payments: [cash(500)], total: 200 });
    expectStatus(answer, 200);
    const { order, sale } = answer.body;
    expect(sale).toMatchObject({
      status: "completed",
      invoice_no: `${shop.store.code}-01-000001`,
      customer_id: shop.customer_id,
      terminal_id: shop.terminal.id,
      shift_id: shop.shift.id,
      total: 200,
      paid_total: 580,
      change_due: 380,
      balance_due: 0,
      lines: [{ product_id: shop.product.id, quantity: 2, total: 200 }],
      payments: [
        { payment_no: 1, method: "cash", amount: 30 },
        { payment_no: 2, method: "card", amount: 50, reference: "tok_1", card_last4: "4242" },
        { payment_no: 3, method: "cash", amount: 500 },
      ],
    });
    expect(sale).toEqual(await readSale(shop, sale.id));
    expect(order).toEqual(await readOrder(shop, id));
    expect(order).toMatchObject({ status: "completed", sale_id: sale.id, deposit_total: 80, version: 3 });
    expect(await stockOf(shop.store.id, shop.product.id)).toEqual({ on_hand: 998, moved: 998 });
    expect((await auditOf(id)).at(-1)).toEqual({
      action: "order.complete",
      before: null,
      after: JSON.stringify({ sale_id: sale.id }),
    });
    // The deposit passed the drawer when it came: 30, and now 120 of the 500.
    const report = await shop.admin.get<{ gross: number; cash: Record<string, number> }>(
      `/v1/shifts/${shop.shift.id}/report`,
    );
    expect(report.body.gross).toBe(200);
    expect(report.body.cash).toMatchObject({ deposits: 30, expected: 150 });
  });

  it("needs no more payments where the deposits cover it, and leaves out what was given back", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    const held = await deposited(shop, id, [card(70), card(70), card(130)]);
    expectStatus(await giveBack(shop, id, held.deposits[0]?.id ?? ""), 201);
    const answer = await complete(shop, id, { terminal_id: undefined });
    expectStatus(answer, 200);
    expect(answer.body.sale.payments.map(({ amount }) => amount)).toEqual([70, 130]);
    expect(answer.body.order).toEqual(await readOrder(shop, id));
  });

  it("puts the rest on account, with a discount and a salesperson", async () => {
    const shop = await openOrderShop();
    const { body: salesperson } = await shop.admin.post<{ id: string }>("/v1/salespeople", {
      code: "S7",
      name: "Sam",
      commission_ppm: 0,
    });
    const { id } = await ordered(shop);
    await deposited(shop, id, [card(50)]);
    const answer = await complete(shop, id, {
      discount: { amount: 20 },
      salesperson_id: salesperson.id,
      payments: [{ method: "on_account", amount: 130 }],
    });
    expectStatus(answer, 200);
    expect(answer.body.sale).toMatchObject({
      total: 180,
      discount_total: 20,
      paid_total: 50,
      balance_due: 130,
      salesperson_id: salesperson.id,
    });
    expect((await readCustomer(shop.customer_id)).balance).toBe(130);
  });

  it("is answered again by its key, word for word, and refused by another", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    await deposited(shop, id, [card(50)]);
    const key = uuid();
    const first = await complete(shop, id, { payments: [card(150)] }, { key });
    expectStatus(first, 200);
    await changeUnseen(shop.product.id, "unit_price = 777");
    await closeShift(shop.admin, shop.shift.id);
    const before = await everyRow();
    const again = await complete(shop, id, { payments: [card(150)] }, { key });
    expectStatus(again, 200);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.body).toEqual(first.body);
    expectProblem(await complete(shop, id, { payments: [card(151)] }, { key }), 422, "idempotency_key_reused");
    const other = expectProblem(await complete(shop, id, { payments: [card(150)] }), 409, "conflict");
    expect(other.detail).toContain("completed");
    expect(await everyRow()).toEqual(before);
  });

  it("becomes one sale, however many ask at once", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    await deposited(shop, id, [card(50)]);
    const key = uuid();
    const payments = [card(150)];
    const answers = await Promise.all([
      ...Array.from({ length: 3 }, async () => complete(shop, id, { payments }, { key })),
      ...Array.from({ length: 3 }, async () => complete(shop, id, { payments })),
    ]);
    const taken = answers.filter(({ status }) => status === 200);
    expect(new Set(taken.map(({ body }) => body.sale.id)).size).toBe(1);
    for (const { body } of taken) expect(body.order).toEqual(await readOrder(shop, id));
    for (const one of answers.filter(({ status }) => status !== 200)) expectProblem(one, 409, "conflict");
    expect(await stockOf(shop.store.id, shop.product.id)).toMatchObject({ on_hand: 998 });
  });

  it("takes a deposit along that comes at the same moment, or refuses it", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    await deposited(shop, id, [card(50)]);
    const [done, late] = await Promise.all([
      complete(shop, id, { payments: [card(150)] }),
      deposit(shop, id, [card(10)]),
    ]);
    const order = await readOrder(shop, id);
    if (done.status === 200) {
      expectProblem(late, 409, "conflict");
      expect(order).toMatchObject({ status: "completed", deposit_total: 50 });
    } else {
      // The deposit came first: what was to be paid is too much by now.
      expectProblem(done, 422, "validation_failed");
      expectStatus(late, 201);
      expect(order).toMatchObject({ status: "pending", deposit_total: 60 });
    }
  });
});

describe("an order is not completed, and nothing is written", () => {
  it("with too little or too much paid", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    await deposited(shop, id, [card(50)]);
    const before = await everyRow();
    expect(expectProblem(await complete(shop, id), 409, "payment_short").detail).toContain("150");
    const over = await complete(shop, id, { payments: [card(100), card(51)] });
    expect(expectProblem(over, 422, "validation_failed").errors?.[0]?.pointer).toBe("/payments/1/amount");
    const balance = await complete(shop, id, { payments: [{ method: "store_credit", amount: 150 }] });
    expect(expectProblem(balance, 409, "insufficient_balance").errors?.[0]?.pointer).toBe("/payments/0/amount");
    expectProblem(await complete(shop, id, { payments: [card(150)], total: 201 }), 409, "total_mismatch");
    expect(await everyRow()).toEqual(before);
  });

  it("that holds more than it comes to", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    await deposited(shop, id, [card(150), card(51)]);
    const problem = expectProblem(await complete(shop, id), 409, "conflict");
    expect(problem.detail).toContain("give one back");
  });

  it("for stock or prices that are not there, told by its items", async () => {
    const shop = await openOrderShop();
    const few = await stockProduct(shop, {}, 1);
    const scarce = await ordered(shop, { items: [{ product_id: few.id, quantity: 2 }] });
    const short = await complete(shop, scarce.id, { payments: [card(200)] });
    expect(expectProblem(short, 409, "insufficient_stock").errors?.[0]?.pointer).toBe("/items/0/quantity");
    const claimed = await ordered(shop, { items: [{ product_id: shop.product.id, quantity: 1, unit_price: 100 }] });
    await changeUnseen(shop.product.id, "unit_price = 120");
    const dearer = await complete(shop, claimed.id, { payments: [card(100)] });
    expect(expectProblem(dearer, 409, "price_changed").errors?.[0]?.pointer).toBe("/items/0/unit_price");
    expect((await readOrder(shop, claimed.id)).status).toBe("pending");
  });

  it("with a discount above the role's, but with leave", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    const cashier = await asUser("cashier", [shop.store.id]);
    const over = { discount: { ppm: 300_000 }, payments: [card(140)] };
    expectProblem(await complete(shop, id, over, { by: cashier }), 403, "approval_required");
    expectStatus(await complete(shop, id, over, { by: await asUser("employee", [shop.store.id]) }), 200);
  });

  it("with an approval for this order alone, and not for another", async () => {
    const shop = await openOrderShop();
    const [{ id }, other] = [await ordered(shop), await ordered(shop)];
    const cashier = await asUser("cashier", [shop.store.id], shop.store.code);
    const over = { discount: { ppm: 300_000 }, payments: [card(140)] };
    const wanted = expectProblem(await complete(shop, id, over, { by: cashier }), 403, "approval_required");
    expect(wanted).toMatchObject({ approvals_needed: [{ action: "discount", limit: 300_000, sale_id: id }] });
    const manager = await createManager(shop.store.id);
    const approvalFor = async (sale_id: string) =>
      approved(cashier, manager, { action: "discount", limit: 300_000, sale_id });
    const wrong = await complete(shop, id, over, { by: cashier, approval: await approvalFor(other.id) });
    expectProblem(wrong, 403, "approval_required");
    expectStatus(await complete(shop, id, over, { by: cashier, approval: await approvalFor(id) }), 200);
  });

  it("that is cancelled, another store's, or not there", async () => {
    const shop = await openOrderShop();
    const cancelled = await ordered(shop);
    expectStatus(await change(shop, cancelled, { status: "cancelled" }), 200);
    expectProblem(await complete(shop, cancelled.id, { payments: [card(200)] }), 409, "conflict");
    const stranger = await asUser("cashier", [(await createStore()).id]);
    const { id } = await ordered(shop);
    expectProblem(await complete(shop, id, { payments: [card(200)] }, { by: stranger }), 404, "not_found");
    expectProblem(await complete(shop, uuid(), { payments: [card(200)] }), 404, "not_found");
  });

  it("in a closed shift", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    await closeShift(shop.admin, shop.shift.id);
    expectProblem(await complete(shop, id, { payments: [card(200)] }), 409, "shift_closed");
  });
});
