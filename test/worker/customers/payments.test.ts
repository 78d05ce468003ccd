import { describe, expect, it } from "vitest";
import { asUser, createStore, expectProblem, expectStatus, openShift, uuid } from "../../support/api.ts";
import { auditOf, closeShift, entriesOf, receivedOf } from "../payments/books.ts";
import { newCustomer, paid, pay, readCustomer, soldOnAccount } from "../payments/credit.ts";
import { everyRow, openShop, readSale, refund } from "../sales/shop.ts";

const card = (amount: number) => ({ method: "card", amount });
const cash = (amount: number) => ({ method: "cash", amount });

describe("POST /v1/customers/{id}/payments", () => {
  it("is of its till's store where it names none, else of the store signed in to", async () => {
    const shop = await openShop();
    const { id } = await newCustomer();
    expect(await paid(shop, id, [cash(5)], { store_id: undefined })).toMatchObject({ store_id: shop.store.id });
    const nameless = { store_id: undefined, terminal_id: undefined };
    const by = await asUser("cashier", [shop.store.id], shop.store.code);
    expect((await pay(shop, id, [cash(5)], nameless, { by })).body).toMatchObject({ store_id: shop.store.id });
    const problem = expectProblem(await pay(shop, id, [cash(5)], nameless), 422, "validation_failed");
    expect(problem.errors).toMatchObject([{ pointer: "/store_id" }]);
  });

  it("pays the open sales, the oldest first, cutting a tender where it spans two", async () => {
    const shop = await openShop();
    const { id } = await newCustomer();
    const [first, second] = [await soldOnAccount(shop, id, 700, 300), await soldOnAccount(shop, id, 500)];
    const payment = await paid(shop, id, [card(800), cash(100)], { note: "By post" });
    expect(payment).toEqual({
      id: expect.any(String) as string,
      customer_id: id,
      store_id: shop.store.id,
      terminal_id: shop.terminal.id,
      shift_id: shop.shift.id,
      business_date: payment.created_at.slice(0, 10),
      user_id: shop.admin.user.id,
      currency: "GBP",
      amount: 900,
      payments: [
        { payment_no: 1, method: "card", amount: 800, reference: null, card_last4: null },
        { payment_no: 2, method: "cash", amount: 100, reference: null, card_last4: null },
      ],
      settled: [
        { sale_id: first.id, amount: 700 },
        { sale_id: second.id, amount: 200 },
      ],
      balance: 300,
      note: "By post",
      created_at: expect.any(String) as string,
    });
    const where = { kind: "account", shift_id: shop.shift.id, business_date: payment.business_date };
    expect(await receivedOf(payment.id)).toEqual([
      { ...where, method: "card", amount: 700, sale_id: first.id },
      { ...where, method: "card", amount: 100, sale_id: second.id },
      { ...where, method: "cash", amount: 100, sale_id: second.id },
    ]);
    expect(await readSale(shop, first.id)).toMatchObject({
      paid_total: 1000,
      balance_due: 0,
      payments: [
        { method: "on_account", amount: 700 },
        { method: "card", amount: 300 },
        { payment_no: 3, method: "card", amount: 700 },
      ],
    });
    expect(await readSale(shop, second.id)).toMatchObject({ paid_total: 200, balance_due: 300 });
    expect(await entriesOf(id)).toEqual([
      { ledger: "account", kind: "sale", amount: 700, balance_after: 700 },
      { ledger: "account", kind: "sale", amount: 500, balance_after: 1200 },
      { ledger: "account", kind: "payment", amount: -900, balance_after: 300 },
    ]);
    expect(await readCustomer(id)).toMatchObject({
      balance: 300,
      store_credit: 0,
      accounts: [{ ledger: "account", currency: "GBP", balance: 300 }],
    });
    expect((await auditOf(id)).at(-1)).toEqual({
      action: "customer.pay",
      before: null,
      after: JSON.stringify({ payment_id: payment.id, amount: 900, currency: "GBP" }),
    });
  });

  it("is paid ahead where it is more than is owed, and the next sale on account is covered without credit", async () => {
    const shop = await openShop();
    const { id } = await newCustomer(0);
    const payment = await paid(shop, id, [cash(400)], { terminal_id: undefined });
    expect(payment).toMatchObject({ settled: [], balance: -400, terminal_id: null, shift_id: null, note: null });
    expect(await receivedOf(payment.id)).toMatchObject([{ sale_id: null, amount: 400 }]);
    await soldOnAccount(shop, id, 400);
    expect((await readCustomer(id)).balance).toBe(0);
  });

  it("frees credit for the next sale", async () => {
    const shop = await openShop();
    const { id } = await newCustomer(1000);
    await soldOnAccount(shop, id, 1000);
    await paid(shop, id, [card(600)]);
    await soldOnAccount(shop, id, 600);
    expect((await readCustomer(id)).balance).toBe(1000);
  });

  it("leaves alone what is owed in another store, and what has come back", async () => {
    const [shop, other] = [await openShop(), await openShop()];
    const { id } = await newCustomer();
    const elsewhere = await soldOnAccount(other, id, 500);
    const sale = await soldOnAccount(shop, id, 900);
    const lines = [{ line_no: 1, quantity: 1 }];
    expectStatus(await refund(shop, sale.id, { lines, payments: [{ method: "on_account", amount: 900 }] }), 201);
    const half = await soldOnAccount(shop, id, 200);
    const payment = await paid(shop, id, [cash(500)]);
    expect(payment.settled).toEqual([{ sale_id: half.id, amount: 200 }]);
    expect(payment.balance).toBe(200);
    expect((await readSale(other, elsewhere.id)).balance_due).toBe(500);
  });

  it("is in the till's cash as an account payment", async () => {
    const shop = await openShop();
    const { id } = await newCustomer();
    await paid(shop, id, [cash(400), card(100)]);
    const report = await shop.admin.get<{ net: number; cash: Record<string, number> }>(
      `/v1/shifts/${shop.shift.id}/report`,
    );
    expect(report.body).toMatchObject({ net: 0, cash: { account_payments: 400, sales: 0, expected: 400 } });
  });
});

describe("a payment that is sent again", () => {
  it("is answered as before, though the shift is closed and the account has changed since", async () => {
    const shop = await openShop();
    const { id } = await newCustomer();
    await soldOnAccount(shop, id, 700);
    const key = uuid();
    const first = await pay(shop, id, [card(700)], {}, { key });
    expectStatus(first, 201);
    await paid(shop, id, [card(50)]);
    await closeShift(shop.admin, shop.shift.id);
    const before = await everyRow();
    const again = await pay(shop, id, [card(700)], {}, { key });
    expectStatus(again, 201);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.body).toEqual(first.body);
    expect(await everyRow()).toEqual(before);
    expectProblem(await pay(shop, id, [card(701)], {}, { key }), 422, "idempotency_key_reused");
  });

  it("is another payment for another customer", async () => {
    const shop = await openShop();
    const [ann, ben] = [await newCustomer(), await newCustomer()];
    const key = uuid();
    expectStatus(await pay(shop, ann.id, [card(700)], {}, { key }), 201);
    expectProblem(await pay(shop, ben.id, [card(700)], {}, { key }), 422, "idempotency_key_reused");
    expect((await readCustomer(ben.id)).balance).toBe(0);
  });
});

describe("payments that race", () => {
  it("pay each sale once, and each is told the balance that it left", async () => {
    const shop = await openShop();
    const { id } = await newCustomer();
    for (const amount of [300, 500, 400]) await soldOnAccount(shop, id, amount);
    const answers = await Promise.all([250, 250, 250, 250].map(async (amount) => pay(shop, id, [card(amount)])));
    for (const one of answers) expectStatus(one, 201);
    expect(answers.map(({ body }) => body.balance).toSorted((a, b) => b - a)).toEqual([950, 700, 450, 200]);
    const sales = answers.flatMap(({ body }) => body.settled);
    const sumOf = (sale_id: string) =>
      sales.filter((one) => one.sale_id === sale_id).reduce((sum, { amount }) => sum + amount, 0);
    const order = [...new Set(sales.map(({ sale_id }) => sale_id))].toSorted();
    expect(order.map(sumOf)).toEqual([300, 500, 200]);
    expect((await readCustomer(id)).balance).toBe(200);
  });

  it("by one key are one payment", async () => {
    const shop = await openShop();
    const { id } = await newCustomer();
    await soldOnAccount(shop, id, 700);
    const key = uuid();
    const answers = await Promise.all(Array.from({ length: 10 }, async () => pay(shop, id, [card(700)], {}, { key })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect((await readCustomer(id)).balance).toBe(0);
  });
});

describe("a payment is refused, and nothing is written", () => {
  it.each<[string, Record<string, unknown>, string]>([
    ["nothing", { payments: [] }, "/payments"],
    ["a gift card", { payments: [{ method: "gift_card", amount: 5, reference: "ABCDEFGH" }] }, "/payments/0/method"],
    ["on account", { payments: [{ method: "on_account", amount: 5 }] }, "/payments/0/method"],
    ["a card number", { payments: [card(5)], note: "4111 1111 1111 1111" }, "/note"],
    ["a time", { payments: [card(5)], received_at: "2026-01-01T00:00:00Z" }, "/received_at"],
  ])("for %s", async (_, over, pointer) => {
    const shop = await openShop();
    const { id } = await newCustomer();
    const before = await everyRow();
    const problem = expectProblem(await pay(shop, id, [], over), 422, "validation_failed");
    expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
    expect(await everyRow()).toEqual(before);
  });

  it("of nobody", async () => {
    const shop = await openShop();
    expectProblem(await pay(shop, uuid(), [card(5)]), 404, "not_found");
  });

  it("in a closed shift", async () => {
    const shop = await openShop();
    const { id } = await newCustomer();
    await paid(shop, id, [card(5)]);
    await closeShift(shop.admin, shop.shift.id);
    expectProblem(await pay(shop, id, [card(5)]), 409, "shift_closed");
    await openShift(shop.terminal.id);
    expectProblem(await pay(shop, id, [card(5)], { shift_id: shop.shift.id }), 409, "shift_closed");
    expect((await readCustomer(id)).balance).toBe(-5);
  });

  it("in another store, or at another store's till", async () => {
    const [shop, other] = [await openShop(), await openShop()];
    const { id } = await newCustomer();
    const stranger = await asUser("cashier", [(await createStore()).id]);
    expectProblem(await pay(shop, id, [card(5)], {}, { by: stranger }), 404, "not_found");
    expectProblem(await pay(shop, id, [card(5)], { terminal_id: other.terminal.id }), 404, "not_found");
  });

  it("in another currency than the account's", async () => {
    const [shop, abroad] = [await openShop(), await openShop({ currency: "EUR" })];
    const { id } = await newCustomer();
    await soldOnAccount(shop, id, 700);
    expectProblem(await pay(abroad, id, [card(5)]), 422, "validation_failed");
    expect((await readCustomer(id)).balance).toBe(700);
  });
});
