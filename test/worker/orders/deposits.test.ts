import { describe, expect, it } from "vitest";
import { asUser, createStore, expectProblem, expectStatus, openShift, uuid } from "../../support/api.ts";
import { auditOf, closeShift, receivedOf } from "../payments/books.ts";
import { everyRow } from "../sales/shop.ts";
import { change, deposit, deposited, giveBack, openOrderShop, ordered, readOrder } from "./shop.ts";

const card = (amount: number) => ({ method: "card", amount });
const cash = (amount: number) => ({ method: "cash", amount });

async function cashOf(shop: Awaited<ReturnType<typeof openOrderShop>>): Promise<Record<string, number>> {
  const report = await shop.admin.get<{ cash: Record<string, number> }>(`/v1/shifts/${shop.shift.id}/report`);
  expectStatus(report, 200);
  return report.body.cash;
}

describe("POST /v1/orders/{id}/deposits", () => {
  it("takes money into the drawer and holds it for the order", async () => {
    const shop = await openOrderShop();
    const taken = await ordered(shop);
    const payments = [{ ...card(50), reference: "tok_1", card_last4: "4242" }, cash(30)];
    const answer = await deposit(shop, taken.id, payments, { note: "Half" });
    expectStatus(answer, 201);
    const where = {
      id: expect.any(String) as string,
      terminal_id: shop.terminal.id,
      shift_id: shop.shift.id,
      business_date: taken.created_at.slice(0, 10),
      user_id: shop.admin.user.id,
      note: "Half",
      received_at: expect.any(String) as string,
      given_back_at: null,
    };
    expect(answer.body).toEqual({
      ...taken,
      deposit_total: 80,
      deposits: [
        { ...where, method: "card", amount: 50, reference: "tok_1", card_last4: "4242" },
        { ...where, method: "cash", amount: 30, reference: null, card_last4: null },
      ],
      version: 2,
      updated_at: expect.any(String) as string,
    });
    expect(await readOrder(shop, taken.id)).toEqual(answer.body);
    expect(await cashOf(shop)).toMatchObject({ deposits: 30, sales: 0, expected: 30 });
    expect((await auditOf(taken.id)).at(-1)).toEqual({
      action: "order.deposit",
      before: null,
      after: '{"amount":80,"deposit_total":80}',
    });
  });

  it("needs no till", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    const answer = await deposit(shop, id, [card(5)], { terminal_id: undefined });
    expect(answer.body.deposits).toMatchObject([{ terminal_id: null, shift_id: null }]);
  });

  it("is taken once by its key, and told again as it was", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    const key = uuid();
    const first = await deposit(shop, id, [card(50)], {}, { key });
    expectStatus(first, 201);
    await deposited(shop, id, [card(5)]);
    await closeShift(shop.admin, shop.shift.id);
    const before = await everyRow();
    const again = await deposit(shop, id, [card(50)], {}, { key });
    expectStatus(again, 201);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.body).toEqual(first.body);
    expect(await everyRow()).toEqual(before);
    expectProblem(await deposit(shop, id, [card(51)], {}, { key }), 422, "idempotency_key_reused");
    expectProblem(
      await deposit(shop, (await ordered(shop)).id, [card(50)], {}, { key }),
      422,
      "idempotency_key_reused",
    );
  });

  it("adds up when several come at once, and each shows the order as it left it", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    const answers = await Promise.all([1, 20, 300, 4000].map(async (amount) => deposit(shop, id, [card(amount)])));
    for (const one of answers) expectStatus(one, 201);
    const last = await readOrder(shop, id);
    expect(last).toMatchObject({ deposit_total: 4321, version: 5 });
    expect(answers.map(({ body }) => body.version).toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5]);
    expect(answers.find(({ body }) => body.version === 5)?.body).toEqual(last);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["nothing", { payments: [] }, "/payments"],
    ["store credit", { payments: [{ method: "store_credit", amount: 5 }] }, "/payments/0/method"],
    ["a gift card", { payments: [{ method: "gift_card", amount: 5, reference: "ABCDEFGH" }] }, "/payments/0/method"],
    ["less than nothing", { payments: [card(-5)] }, "/payments/0/amount"],
    ["a store", { payments: [card(5)], amount: 5 }, "/amount"],
  ])("refuses %s, and nothing is written", async (_, over, pointer) => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    const before = await everyRow();
    const problem = expectProblem(await deposit(shop, id, [], over), 422, "validation_failed");
    expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
    expect(await everyRow()).toEqual(before);
  });

  it("takes a hundred, and no more", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    const twenty = Array.from({ length: 20 }, () => card(1));
    for (let i = 0; i < 5; i += 1) await deposited(shop, id, twenty);
    expectProblem(await deposit(shop, id, [card(1)]), 409, "conflict");
  });

  it("refuses a sum that the books can't hold", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    await deposited(shop, id, [card(999_999_999_999)]);
    expectProblem(await deposit(shop, id, [card(1)]), 422, "validation_failed");
  });

  it("refuses a finished order, a closed shift, and another store", async () => {
    const shop = await openOrderShop();
    const other = await openOrderShop();
    const cancelled = await ordered(shop);
    expectStatus(await change(shop, cancelled, { status: "cancelled" }), 200);
    expectProblem(await deposit(shop, cancelled.id, [card(5)]), 409, "conflict");
    const { id } = await ordered(shop);
    const stranger = await asUser("cashier", [(await createStore()).id]);
    expectProblem(await deposit(shop, id, [card(5)], {}, { by: stranger }), 404, "not_found");
    expectProblem(await deposit(shop, id, [card(5)], { terminal_id: other.terminal.id }), 404, "not_found");
    expectProblem(await deposit(shop, uuid(), [card(5)]), 404, "not_found");
    await closeShift(shop.admin, shop.shift.id);
    expectProblem(await deposit(shop, id, [card(5)]), 409, "shift_closed");
    await openShift(shop.terminal.id);
    expectProblem(await deposit(shop, id, [card(5)], { shift_id: shop.shift.id }), 409, "shift_closed");
    expect((await readOrder(shop, id)).deposit_total).toBe(0);
  });
});

describe("POST /v1/orders/{id}/deposit-refunds", () => {
  it("gives a deposit back whole, by the method it came by", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    const held = await deposited(shop, id, [
      cash(50),
      { ...card(30), reference: "tok_1", card_last4: "4242" },
      cash(7),
    ]);
    const [first, second, third] = held.deposits;
    const answer = await giveBack(shop, id, second?.id ?? "", { note: "Too much" });
    expectStatus(answer, 201);
    expect(answer.body).toEqual({
      ...held,
      deposit_total: 57,
      deposits: [first, { ...second, given_back_at: expect.any(String) as string }, third],
      version: 3,
      updated_at: expect.any(String) as string,
    });
    expect(await readOrder(shop, id)).toEqual(answer.body);
    expect(await receivedOf(second?.id ?? "")).toMatchObject([
      { kind: "deposit", method: "card", amount: -30, shift_id: shop.shift.id },
    ]);
    expectStatus(await giveBack(shop, id, first?.id ?? ""), 201);
    expect(await cashOf(shop)).toMatchObject({ deposits: 7, expected: 7 });
    expect((await auditOf(id)).at(-1)).toEqual({
      action: "order.give_back",
      before: null,
      after: JSON.stringify({ deposit_id: first?.id, amount: 50, deposit_total: 7 }),
    });
  });

  it("gives it back once, however many ask at once", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    const held = await deposited(shop, id, [cash(50), cash(50)]);
    const one = held.deposits[0]?.id ?? "";
    const answers = await Promise.all(Array.from({ length: 4 }, async () => giveBack(shop, id, one)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const other of answers.filter(({ status }) => status !== 201)) expectProblem(other, 409, "conflict");
    expect((await readOrder(shop, id)).deposit_total).toBe(50);
    expect((await cashOf(shop))["expected"]).toBe(50);
  });

  it("is told again by its key", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    const held = await deposited(shop, id, [cash(50)]);
    const one = held.deposits[0]?.id ?? "";
    const key = uuid();
    const first = await giveBack(shop, id, one, {}, { key });
    expectStatus(first, 201);
    const before = await everyRow();
    const again = await giveBack(shop, id, one, {}, { key });
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.body).toEqual(first.body);
    expect(await everyRow()).toEqual(before);
    expectProblem(await giveBack(shop, id, one, { note: "x" }, { key }), 422, "idempotency_key_reused");
  });

  it("refuses what is no deposit of the order", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    const other = await deposited(shop, (await ordered(shop)).id, [cash(50)]);
    for (const deposit_id of [uuid(), other.deposits[0]?.id ?? ""]) {
      const problem = expectProblem(await giveBack(shop, id, deposit_id), 422, "validation_failed");
      expect(problem.errors?.[0]?.pointer).toBe("/deposit_id");
    }
  });

  it("refuses another store, and a closed shift", async () => {
    const shop = await openOrderShop();
    const { id } = await ordered(shop);
    const held = await deposited(shop, id, [cash(50)]);
    const one = held.deposits[0]?.id ?? "";
    const stranger = await asUser("cashier", [(await createStore()).id]);
    expectProblem(await giveBack(shop, id, one, {}, { by: stranger }), 404, "not_found");
    await closeShift(shop.admin, shop.shift.id);
    expectProblem(await giveBack(shop, id, one), 409, "shift_closed");
    expect((await readOrder(shop, id)).deposit_total).toBe(50);
  });
});
