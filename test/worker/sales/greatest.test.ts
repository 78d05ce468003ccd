import { describe, expect, it } from "vitest";
import { expectProblem, expectStatus, uuid } from "../../support/api.ts";
import { newCustomer, paid, settle, soldOnAccount } from "../payments/credit.ts";
import { cash, close, goods, moved, open, reportOf } from "../shifts/day.ts";
import { outcomes, saleCommand, synced } from "../sync/till.ts";
import { everyRow, openShop, sell, type Shop, sold, stockProduct } from "./shop.ts";

/** The greatest amounts (ADR 0026): what is above is refused at the door, and what is not is exact in every report. */

const MOST = 999_999_999_999;
const ABOVE = MOST + 1;

const transfer = (amount: number) => [{ method: "bank_transfer", amount }];
const dear = { custom: { name: "Dear thing", unit_price: MOST, tax_rate_ppm: 0 }, quantity: 1000 };

async function post(shop: Shop, path: string, body: Record<string, unknown>) {
  return shop.admin.post<unknown>(path, body, { "Idempotency-Key": uuid() });
}

describe("a shift of the greatest documents", () => {
  it("is reported to the last unit, and closes", async () => {
    const shop = await openShop();
    const { store, terminal, shift } = shop;
    for (let i = 0; i < 12; i += 1) await sold(shop, { lines: [goods(MOST)], payments: transfer(MOST) });
    await sold(shop, { lines: [goods(1)], payments: [{ method: "cash", amount: MOST }] });
    await moved(shop, { type: "paid_in", amount: MOST });
    const amount = MOST;
    const payments = transfer(MOST);
    expectStatus(await post(shop, "/v1/gift-cards", { store_id: store.id, shift_id: shift.id, amount, payments }), 201);
    const { id } = await newCustomer(MOST);
    const sale = await soldOnAccount(shop, id, MOST);
    expectStatus(await settle(shop, sale.id, transfer(MOST)), 201);
    await paid(shop, id, transfer(MOST));
    const gross = 13 * MOST + 1;
    const daily = await shop.admin.get(`/v1/reports/daily?store_id=${store.id}`);
    expectStatus(daily, 200);
    expect(daily.body).toMatchObject({ gross, net: gross });
    expect(await reportOf(shop)).toMatchObject({ gross, cash: { sales: MOST, change: MOST - 1, expected: MOST + 1 } });
    const answer = await close(shop, cash(MOST));
    expectStatus(answer, 200);
    expect(answer.body.report).toMatchObject({ gross, terminal_id: terminal.id });
  });

  it("takes what its difference comes to as the limit of an approval", async () => {
    const shop = await openShop();
    const { id: store_id } = shop.store;
    const body = { action: "drawer_difference", manager: "nobody", pin: "123456", limit: 40 * MOST, store_id };
    expectProblem(await shop.admin.post("/v1/approvals", body), 403, "approval_required");
  });
});

describe("more than the greatest amount is refused, and nothing is written", () => {
  it.each<[string, Record<string, unknown>, string]>([
    ["a line", { lines: [dear], payments: transfer(MOST) }, "/lines/0"],
    ["a line of an amount that passes 2^53", { lines: [{ ...dear, quantity: 1_000_000_000 }] }, "/lines/0"],
    ["a basket", { lines: [goods(MOST), goods(1)], payments: transfer(MOST) }, "/lines"],
    ["a tender", { lines: [goods(1)], payments: transfer(ABOVE) }, "/payments/0/amount"],
    ["a claimed total", { lines: [goods(1)], total: ABOVE }, "/total"],
    [
      "what coins make of a total",
      {
        lines: [goods(MOST)],
        payments: [...transfer(500_000_000_000), { method: "cash", amount: MOST }],
        total: undefined,
      },
      "/payments/1/amount",
    ],
  ])("%s", async (_, request, pointer) => {
    const shop = await openShop({ cash_rounding: 1000 });
    const before = await everyRow();
    const body = request as { lines: Record<string, unknown>[] };
    const problem = expectProblem(await sell(shop, body), 422, "validation_failed");
    expect(problem.errors).toMatchObject([{ pointer, detail: expect.stringContaining("999999999999") as string }]);
    expect(await everyRow()).toEqual(before);
    // An offline till is told so too.
    const [result] = await synced(shop, [saleCommand(1, request)]);
    expect(result).toMatchObject({ outcome: "rejected", problem: { code: "validation_failed" } });
  });

  it("a line at the price from which it is overridden", async () => {
    const shop = await openShop();
    const product = await stockProduct(shop, { unit_price: MOST, track_stock: false }, 0);
    const override = { unit_price: 0, reason: "A gift" };
    for (const quantity of [2, 1_000_000_000]) {
      const request = { lines: [{ product_id: product.id, quantity, override }], payments: [] };
      const problem = expectProblem(await sell(shop, request), 422, "validation_failed");
      expect(problem.errors).toMatchObject([{ pointer: "/lines/0" }]);
      expect(await outcomes(shop, [saleCommand(quantity, request)])).toEqual(["rejected"]);
    }
  });

  it("a gift card, what a customer pays, and what is paid for a sale", async () => {
    const shop = await openShop();
    const { id: store_id } = shop.store;
    const { id } = await newCustomer(MOST);
    const sale = await soldOnAccount(shop, id, MOST);
    const before = await everyRow();
    const requests: [string, Record<string, unknown>][] = [
      ["/v1/gift-cards", { store_id, amount: ABOVE, payments: transfer(MOST) }],
      [`/v1/customers/${id}/payments`, { store_id, payments: [...transfer(MOST), ...transfer(1)] }],
      [`/v1/sales/${sale.id}/payments`, { payments: [...transfer(MOST), ...transfer(1)] }],
    ];
    for (const [path, body] of requests) expectProblem(await post(shop, path, body), 422, "validation_failed");
    expect(await everyRow()).toEqual(before);
  });

  it("a float, a movement of cash and a count", async () => {
    const shop = await openShop();
    const path = `/v1/shifts/${shop.shift.id}`;
    const reason = "Because";
    expectProblem(await open(shop, { opening_float: ABOVE }), 422, "validation_failed");
    const movement = { type: "paid_in", amount: ABOVE, reason };
    expectProblem(await post(shop, `${path}/cash-movements`, movement), 422, "validation_failed");
    expectProblem(await close(shop, cash(ABOVE)), 422, "validation_failed");
  });
});
