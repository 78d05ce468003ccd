import { beforeAll, describe, expect, it } from "vitest";
import { expectProblem, expectStatus, uuid } from "../../support/api.ts";
import { balanceOf, even } from "../../support/ledgers.ts";
import { newCustomer, paid, soldOnAccount } from "../payments/credit.ts";
import { exceptionsOf, refundCommand, synced } from "../sync/till.ts";
import { voidSale } from "./actions.ts";
import { everyRow, openShop, readSale, refund, type RefundQuote, type Sale, type Shop, sold } from "./shop.ts";

/** What is still owed of a sale, and what that means for giving money back. */

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

const cash = (amount: number) => ({ method: "cash", amount });
const onAccount = (amount: number) => ({ method: "on_account", amount });
/** Three lines at 1.00 each. */
const goods = [1, 2, 3].map(() => ({ custom: { name: "Goods", unit_price: 100, tax_rate_ppm: 0 }, quantity: 1 }));
const lines = (...places: number[]) => places.map((line_no) => ({ line_no, quantity: 1 }));

/** Of 3.00 so much on account, and the rest paid by card. */
async function owing(amount: number): Promise<{ sale: Sale; customer_id: string }> {
  const { id: customer_id } = await newCustomer();
  const card = amount === 300 ? [] : [{ method: "card", amount: 300 - amount }];
  const sale = await sold(shop, { lines: goods, customer_id, payments: [onAccount(amount), ...card] });
  return { sale, customer_id };
}

async function leastOf(sale: Sale, wanted: object[]): Promise<number> {
  const answer = await shop.admin.post<RefundQuote>(`/v1/sales/${sale.id}/refunds/quote`, { lines: wanted });
  expectStatus(answer, 200);
  return answer.body.on_account_at_least;
}

async function settle(sale: Sale, amount: number) {
  const body = { payments: [{ method: "card", amount }] };
  const answer = await shop.admin.post<Sale>(`/v1/sales/${sale.id}/payments`, body, { "Idempotency-Key": uuid() });
  expectStatus(answer, 201);
  return answer.body;
}

describe("a refund of a sale of which something is owed", () => {
  it.each<[string, number, number[], number]>([
    ["all of what was never paid", 300, [1, 2, 3], 300],
    ["a part of what was never paid", 300, [1], 100],
    ["what is owed, where that is less", 120, [1, 2, 3], 120],
    ["what is owed of more than comes back", 120, [2], 100],
    ["nothing of what is paid", 0, [1, 2, 3], 0],
  ])("takes off the account at least %s", async (_, owed, places, least) => {
    const { sale, customer_id } =
      owed === 0 ? { sale: await sold(shop, { lines: goods }), customer_id: "" } : await owing(owed);
    const total = places.length * 100;
    expect(await leastOf(sale, lines(...places))).toBe(least);
    if (least > 0) {
      const before = await everyRow();
      for (const short of [0, least - 1]) {
        const payments = [onAccount(short), cash(total - short)].filter(({ amount }) => amount > 0);
        const answer = await refund(shop, sale.id, { lines: lines(...places), payments });
        const problem = expectProblem(answer, 422, "validation_failed");
        expect(problem.errors).toMatchObject([{ pointer: "/payments", on_account_at_least: least }]);
        expect(problem.detail).toContain(`at least ${String(least)} on_account`);
      }
      expect(await everyRow()).toEqual(before);
    }
    const payments = [onAccount(least), cash(total - least)].filter(({ amount }) => amount > 0);
    expectStatus(await refund(shop, sale.id, { lines: lines(...places), payments }), 201);
    expect(await readSale(shop, sale.id)).toMatchObject({ balance_due: owed, due: owed - least });
    if (customer_id !== "") expect(await balanceOf("account", customer_id)).toEqual(even(owed - least));
  });

  it("asks nothing of an account that owes nothing: what was paid ahead, or elsewhere, covers the sale", async () => {
    const ahead = await newCustomer();
    await paid(shop, ahead.id, [cash(300)]);
    const elsewhere = await openShop();
    const covered = [await soldOnAccount(shop, ahead.id, 300)];
    const { sale, customer_id } = await owing(300);
    await paid(elsewhere, customer_id, [cash(200)]);
    expect(await leastOf(sale, lines(1, 2, 3))).toBe(100);
    await paid(elsewhere, customer_id, [cash(100)]);
    covered.push(sale);
    for (const { id } of covered) {
      const again = await shop.admin.post(
        `/v1/sales/${id}/payments`,
        { payments: [cash(300)] },
        { "Idempotency-Key": uuid() },
      );
      expect(expectProblem(again, 409, "conflict").detail).toContain("owes nothing");
      const back = (await readSale(shop, id)).lines.map(({ line_no, quantity }) => ({ line_no, quantity }));
      expectStatus(await refund(shop, id, { lines: back, payments: [cash(300)] }), 201);
    }
    expect(await balanceOf("account", customer_id)).toEqual(even(0));
  });

  it("counts what has come back on account before, and what was paid off", async () => {
    const { sale } = await owing(300);
    expectStatus(await refund(shop, sale.id, { lines: lines(1), payments: [onAccount(100)] }), 201);
    expect(await leastOf(sale, lines(2, 3))).toBe(200);
    expect(await settle(sale, 150)).toMatchObject({ balance_due: 150, due: 50 });
    expect(await leastOf(sale, lines(2, 3))).toBe(50);
    expectStatus(await refund(shop, sale.id, { lines: lines(2), payments: [onAccount(50), cash(50)] }), 201);
    expect(await leastOf(sale, lines(3))).toBe(0);
    expectStatus(await refund(shop, sale.id, { lines: lines(3), payments: [cash(100)] }), 201);
  });

  it("may put more on the account than is owed", async () => {
    const { sale, customer_id } = await owing(100);
    expectStatus(await refund(shop, sale.id, { lines: lines(1, 2, 3), payments: [onAccount(300)] }), 201);
    expect(await readSale(shop, sale.id)).toMatchObject({ balance_due: 100, due: 0, status: "refunded" });
    expect(await balanceOf("account", customer_id)).toEqual(even(-200));
  });

  it("is told of another total first", async () => {
    const { sale } = await owing(300);
    const answer = await refund(shop, sale.id, { lines: lines(1), payments: [cash(99)] });
    expect(expectProblem(answer, 409, "total_mismatch")).toMatchObject({ expected_total: 100 });
  });

  it("races with what is paid off, and the books are right", async () => {
    const { sale, customer_id } = await owing(300);
    const path = `/v1/sales/${sale.id}/payments`;
    const paying = shop.admin.post(path, { payments: [cash(200)] }, { "Idempotency-Key": uuid() });
    const back = await Promise.all(
      [1, 2, 3].map(async (line) => refund(shop, sale.id, { lines: lines(line), payments: [cash(100)] })),
    );
    const wanted = (await paying).status === 201 ? 200 : 0;
    const given = back.filter(({ status }) => status === 201).length * 100;
    // Never more in money than came in.
    expect(given).toBeLessThanOrEqual(wanted);
    expect(await balanceOf("account", customer_id)).toEqual(even(300 - wanted));
  });

  it("that an offline till has given back already is kept", async () => {
    const { sale, customer_id } = await owing(300);
    const other = await newCustomer();
    const body = { sale_id: sale.id, customer_id: other.id, lines: lines(1), payments: [cash(100)] };
    const [result] = await synced(shop, [refundCommand(1, body)]);
    expect(result?.outcome).not.toBe("rejected");
    expect((await exceptionsOf(shop)).map(({ type }) => type)).not.toContain("credit_exceeded");
    const read = await shop.admin.get(`/v1/refunds/${result?.resource?.id ?? ""}`);
    expect(read.body).toMatchObject({ customer_id, total: 100 });
    expect(await readSale(shop, sale.id)).toMatchObject({ due: 300 });
  });
});

describe("the customer of a refund", () => {
  it("is the sale's, and no other", async () => {
    const { sale, customer_id } = await owing(300);
    const other = await newCustomer();
    const before = await everyRow();
    const request = { lines: lines(1), payments: [onAccount(100)] };
    const answer = await refund(shop, sale.id, { ...request, customer_id: other.id });
    expect(expectProblem(answer, 422, "validation_failed").errors).toMatchObject([{ pointer: "/customer_id" }]);
    expect(await everyRow()).toEqual(before);
    expectStatus(await refund(shop, sale.id, { ...request, customer_id }), 201);
  });

  it("is whoever is named where the sale names nobody, if we know them", async () => {
    const sale = await sold(shop, { lines: goods });
    const request = { lines: lines(1), payments: [cash(100)] };
    const before = await everyRow();
    const nobody = await refund(shop, sale.id, { ...request, customer_id: uuid() });
    const problem = expectProblem(nobody, 422, "validation_failed");
    expect(problem.errors).toMatchObject([{ pointer: "/customer_id", detail: "names no customer" }]);
    expect(await everyRow()).toEqual(before);
    const { id: customer_id } = await newCustomer();
    const answer = await refund(shop, sale.id, { ...request, customer_id });
    expectStatus(answer, 201);
    expect(answer.body).toMatchObject({ customer_id });
  });
});

describe("what is due of a sale", () => {
  it("is its balance, less what was paid off or came back on account, and nothing once it is voided", async () => {
    const { id: customer_id } = await newCustomer();
    const sales = [
      await sold(shop, { lines: goods, customer_id }),
      await soldOnAccount(shop, customer_id, 300),
      await soldOnAccount(shop, customer_id, 300),
      await sold(shop, { lines: goods, customer_id, payments: [onAccount(300)] }),
      await soldOnAccount(shop, customer_id, 300),
    ];
    expect(sales.map(({ due }) => due)).toEqual([0, 300, 300, 300, 300]);
    const [, , settled, returned, voided] = sales;
    await settle(settled as Sale, 100);
    expectStatus(await refund(shop, returned?.id ?? "", { lines: lines(1), payments: [onAccount(100)] }), 201);
    const taken = await voidSale(shop, voided?.id ?? "");
    expectStatus(taken, 200);
    expect(taken.body).toMatchObject({ balance_due: 300, due: 0 });
    const list = await shop.admin.get<{ data: Sale[] }>(`/v1/sales?customer_id=${customer_id}`);
    expectStatus(list, 200);
    const dues = [
      [0, 0],
      [300, 300],
      [200, 200],
      [300, 200],
      [300, 0],
    ];
    expect(list.body.data.map(({ balance_due, due }) => [balance_due, due])).toEqual(dues);
    for (const [place, { id }] of sales.entries()) {
      const { balance_due, due, paid_total, change_due, total } = await readSale(shop, id);
      expect([balance_due, due]).toEqual(dues[place]);
      expect(paid_total - change_due + balance_due).toBe(total);
    }
  });
});
