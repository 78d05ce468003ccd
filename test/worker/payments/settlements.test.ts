import { describe, expect, it } from "vitest";
import { asUser, createStore, expectProblem, expectStatus, openShift, uuid } from "../../support/api.ts";
import { everyRow, openShop, readSale, refund, sold } from "../sales/shop.ts";
import { auditOf, closeShift, entriesOf } from "./books.ts";
import { newCustomer, paid, readCustomer, settle, soldOnAccount } from "./credit.ts";

const card = (amount: number) => ({ method: "card", amount });
const cash = (amount: number) => ({ method: "cash", amount });

describe("POST /v1/sales/{sale_id}/payments", () => {
  it("pays off a sale in parts, and shows it as it is read", async () => {
    const shop = await openShop();
    const { id } = await newCustomer();
    const sale = await soldOnAccount(shop, id, 700, 300);
    const part = await settle(shop, sale.id, [{ ...card(250), reference: "tok_1", card_last4: "4242" }]);
    expectStatus(part, 201);
    expect(part.body).toEqual(await readSale(shop, sale.id));
    expect(part.body).toEqual({
      ...sale,
      paid_total: 550,
      balance_due: 450,
      due: 450,
      payments: [
        ...sale.payments,
        { payment_no: 3, method: "card", amount: 250, reference: "tok_1", card_last4: "4242" },
      ],
    });
    const rest = await settle(shop, sale.id, [card(50), cash(500)]);
    expectStatus(rest, 201);
    expect(rest.body).toEqual(await readSale(shop, sale.id));
    expect(rest.body).toMatchObject({ paid_total: 1100, change_due: 100, balance_due: 0, status: "completed" });
    expect(rest.body.payments.slice(3)).toMatchObject([
      { payment_no: 4, method: "card", amount: 50 },
      { payment_no: 5, method: "cash", amount: 500 },
    ]);
    expect(await entriesOf(id)).toEqual([
      { ledger: "account", kind: "sale", amount: 700, balance_after: 700 },
      { ledger: "account", kind: "payment", amount: -250, balance_after: 450 },
      { ledger: "account", kind: "payment", amount: -450, balance_after: 0 },
    ]);
    expect((await auditOf(sale.id)).at(-1)).toEqual({
      action: "sale.settle",
      before: '{"balance_due":450}',
      after: '{"balance_due":0,"amount":450}',
    });
    const nothing = expectProblem(await settle(shop, sale.id, [card(1)]), 409, "conflict");
    expect(nothing.detail).toBe("Nothing is due on this sale.");
  });

  it("says what was handed over and what went back, here and wherever the sale is read", async () => {
    const shop = await openShop();
    const { id } = await newCustomer();
    const sale = await sold(shop, {
      customer_id: id,
      lines: [{ custom: { name: "Goods", unit_price: 1000, tax_rate_ppm: 0 }, quantity: 1 }],
      payments: [
        { method: "on_account", amount: 600 },
        { method: "cash", amount: 500 },
      ],
    });
    expect(sale).toMatchObject({ paid_total: 500, change_due: 100, balance_due: 600 });
    const answer = await settle(shop, sale.id, [cash(1000)]);
    expectStatus(answer, 201);
    const handedOver = { total: 1000, paid_total: 1500, change_due: 500, balance_due: 0 };
    expect(answer.body).toMatchObject(handedOver);
    expect(answer.body.payments.at(-1)).toMatchObject({ payment_no: 3, method: "cash", amount: 1000 });
    expect(await readSale(shop, sale.id)).toEqual(answer.body);
    const list = await shop.admin.get<{ data: object[] }>(`/v1/sales?store_id=${shop.store.id}`);
    expect(list.body.data).toMatchObject([{ id: sale.id, ...handedOver }]);
    const bill = await shop.admin.post<{ sale: object }>(`/v1/sales/${sale.id}/receipts`, { format: "json" });
    expect(bill.body.sale).toEqual(answer.body);
    // The drawer kept 400 of the sale and 600 of the account.
    const report = await shop.admin.get<{ cash: object }>(`/v1/shifts/${shop.shift.id}/report`);
    expect(report.body.cash).toMatchObject({ sales: 500, change: 100, account_payments: 600, expected: 1000 });
    const daily = await shop.admin.get<{ by_method: object[] }>(`/v1/reports/daily?store_id=${shop.store.id}`);
    expect(daily.body.by_method).toMatchObject([
      { method: "cash", sales: 400 },
      { method: "on_account", sales: 600 },
    ]);
  });

  it("takes cash that all goes back as never handed over", async () => {
    const shop = await openShop();
    const sale = await soldOnAccount(shop, (await newCustomer()).id, 600);
    const answer = await settle(shop, sale.id, [card(600), cash(50)]);
    expectStatus(answer, 201);
    expect(answer.body).toMatchObject({ paid_total: 600, change_due: 0, balance_due: 0 });
    expect(answer.body.payments).toHaveLength(2);
    expect(answer.body).toEqual(await readSale(shop, sale.id));
  });

  it("takes no more than what has not come back", async () => {
    const shop = await openShop();
    const { id } = await newCustomer();
    const sale = await sold(shop, {
      customer_id: id,
      lines: [{ custom: { name: "Goods", unit_price: 300, tax_rate_ppm: 0 }, quantity: 3 }],
      payments: [{ method: "on_account", amount: 900 }],
    });
    const back = { lines: [{ line_no: 1, quantity: 1 }], payments: [{ method: "on_account", amount: 300 }] };
    expectStatus(await refund(shop, sale.id, back), 201);
    const problem = expectProblem(await settle(shop, sale.id, [card(601)]), 422, "validation_failed");
    expect(problem.errors?.[0]).toMatchObject({
      pointer: "/payments",
      detail: expect.stringContaining("600") as string,
    });
    const answer = await settle(shop, sale.id, [card(600)]);
    expectStatus(answer, 201);
    expect(answer.body).toEqual(await readSale(shop, sale.id));
    expectProblem(await settle(shop, sale.id, [card(1)]), 409, "conflict");
    expect((await readCustomer(id)).balance).toBe(0);
  });

  it("is in the till's cash as an account payment", async () => {
    const shop = await openShop();
    const { id } = await newCustomer();
    const sale = await soldOnAccount(shop, id, 700);
    expectStatus(await settle(shop, sale.id, [cash(1000)]), 201);
    const report = await shop.admin.get<{ cash: Record<string, number> }>(`/v1/shifts/${shop.shift.id}/report`);
    expect(report.body.cash).toMatchObject({ sales: 0, change: 0, account_payments: 700, expected: 700 });
  });
});

describe("a settlement that is sent again", () => {
  it("is answered as before, though nothing is due any more and the shift is closed", async () => {
    const shop = await openShop();
    const { id } = await newCustomer();
    const sale = await soldOnAccount(shop, id, 700);
    const key = uuid();
    const first = await settle(shop, sale.id, [card(300)], {}, { key });
    expectStatus(first, 201);
    expectStatus(await settle(shop, sale.id, [card(400)]), 201);
    await closeShift(shop.admin, shop.shift.id);
    const before = await everyRow();
    const again = await settle(shop, sale.id, [card(300)], {}, { key });
    expectStatus(again, 201);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.body).toEqual(first.body);
    expect(await everyRow()).toEqual(before);
    expectProblem(await settle(shop, sale.id, [card(299)], {}, { key }), 422, "idempotency_key_reused");
  });
});

describe("settlements that race", () => {
  it("never pay more than is due, and each shows the sale as it left it", async () => {
    const shop = await openShop();
    const { id } = await newCustomer();
    const sale = await soldOnAccount(shop, id, 1000);
    const answers = await Promise.all(Array.from({ length: 5 }, async () => settle(shop, sale.id, [card(300)])));
    const taken = answers.filter(({ status }) => status === 201);
    expect(taken.map(({ body }) => body.balance_due).toSorted((a, b) => b - a)).toEqual([700, 400, 100]);
    for (const one of answers.filter(({ status }) => status !== 201)) expectProblem(one, 422, "validation_failed");
    const { balance_due, paid_total } = await readSale(shop, sale.id);
    expect([balance_due, paid_total]).toEqual([100, 900]);
    expect((await readCustomer(id)).balance).toBe(100);
  });

  it("with payments of the account never pay a sale twice", async () => {
    const shop = await openShop();
    const { id } = await newCustomer();
    const sale = await soldOnAccount(shop, id, 1000);
    const [settled, account] = await Promise.all([settle(shop, sale.id, [card(1000)]), paid(shop, id, [card(1000)])]);
    expect((await readSale(shop, sale.id)).balance_due).toBe(0);
    if (settled.status === 201) expect(account).toMatchObject({ settled: [], balance: -1000 });
    else expect(account).toMatchObject({ settled: [{ sale_id: sale.id, amount: 1000 }], balance: 0 });
  });
});

describe("a settlement is refused, and nothing is written", () => {
  it("of a sale on which nothing is due: paid, parked or voided", async () => {
    const shop = await openShop();
    const { id } = await newCustomer();
    const lines = [{ custom: { name: "Goods", unit_price: 100, tax_rate_ppm: 0 }, quantity: 1 }];
    const paidSale = await sold(shop, { lines });
    const voided = await soldOnAccount(shop, id, 700);
    const key = () => ({ "Idempotency-Key": uuid() });
    expectStatus(await shop.admin.post(`/v1/sales/${voided.id}/void`, { reason: "A mistake" }, key()), 200);
    const parked = await sold(shop, { lines, status: "parked", payments: [] });
    const before = await everyRow();
    for (const sale_id of [paidSale.id, voided.id, parked.id]) {
      expectProblem(await settle(shop, sale_id, [card(1)]), 409, "conflict");
    }
    expect(await everyRow()).toEqual(before);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["nothing", { payments: [] }, "/payments"],
    ["store credit", { payments: [{ method: "store_credit", amount: 5 }] }, "/payments/0/method"],
    ["on account", { payments: [{ method: "on_account", amount: 5 }] }, "/payments/0/method"],
    ["more than is due by card", { payments: [card(701)] }, "/payments"],
    ["a card number", { payments: [{ ...card(5), reference: "4111 1111 1111 1111" }] }, "/payments/0/reference"],
    ["a store", { payments: [card(5)], store_id: uuid() }, "/store_id"],
  ])("for %s", async (_, over, pointer) => {
    const shop = await openShop();
    const sale = await soldOnAccount(shop, (await newCustomer()).id, 700);
    const before = await everyRow();
    const answer = await settle(shop, sale.id, [], over);
    if (pointer === "/store_id") {
      expectProblem(answer, 422, "validation_failed");
    } else {
      const problem = expectProblem(answer, 422, "validation_failed");
      expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
    }
    expect(await everyRow()).toEqual(before);
  });

  it("in a closed shift", async () => {
    const shop = await openShop();
    const sale = await soldOnAccount(shop, (await newCustomer()).id, 700);
    await closeShift(shop.admin, shop.shift.id);
    expectProblem(await settle(shop, sale.id, [card(5)]), 409, "shift_closed");
    const next = await openShift(shop.terminal.id);
    expectProblem(await settle(shop, sale.id, [card(5)], { shift_id: shop.shift.id }), 409, "shift_closed");
    expectStatus(await settle(shop, sale.id, [card(5)], { shift_id: next.id }), 201);
  });

  it("of another store's sale, and at another store's till", async () => {
    const [shop, other] = [await openShop(), await openShop()];
    const sale = await soldOnAccount(shop, (await newCustomer()).id, 700);
    const stranger = await asUser("cashier", [(await createStore()).id]);
    expectProblem(await settle(shop, sale.id, [card(5)], {}, { by: stranger }), 404, "not_found");
    expectProblem(await settle(shop, uuid(), [card(5)]), 404, "not_found");
    expectProblem(await settle(shop, sale.id, [card(5)], { terminal_id: other.terminal.id }), 404, "not_found");
    expect((await readSale(shop, sale.id)).balance_due).toBe(700);
  });
});
