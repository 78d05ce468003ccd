import { beforeAll, describe, expect, it } from "vitest";
import { expectStatus } from "../../support/api.ts";
import { complete, deposited, giveBack, openOrderShop, ordered } from "../orders/shop.ts";
import { cash, close, nextShift, reportOf, type ShiftReport } from "./day.ts";

/** A deposit is in the drawer of the shift in which it was received, and in the sales of the one that made it a sale. */

let first: ShiftReport;
let second: ShiftReport;
let store_id: string;
let read: (path: string) => Promise<Record<string, unknown>>;

const paid = (method: string, amount: number) => ({ method, amount });

beforeAll(async () => {
  const shop = await openOrderShop();
  store_id = shop.store.id;
  read = async (path) => {
    const answer = await shop.admin.get<Record<string, unknown>>(path);
    expectStatus(answer, 200);
    return answer.body;
  };
  const [sold, dropped] = [await ordered(shop), await ordered(shop)];
  await deposited(shop, sold.id, [paid("cash", 30), paid("card", 50)]);
  const held = await deposited(shop, dropped.id, [paid("cash", 25)]);
  const closing = await close(shop, { counted: [paid("cash", 55), paid("card", 50)] });
  expectStatus(closing, 200);
  first = closing.body.report;

  const next = { ...shop, ...(await nextShift(shop)) };
  expectStatus(await complete(next, sold.id, { payments: [paid("cash", 500)], total: 200 }), 200);
  expectStatus(await giveBack(next, dropped.id, held.deposits[0]?.id ?? ""), 201);
  expect((await reportOf(next)).kind).toBe("x");
  const last = await close(next, cash(95));
  expectStatus(last, 200);
  second = last.body.report;
});

describe("a deposit", () => {
  it("is in the drawer of the shift in which it came, and no revenue of it", () => {
    expect(first).toMatchObject({
      gross: 0,
      net: 0,
      sales_count: 0,
      by_method: [
        { method: "card", sales: 0, refunds: 0, expected: 50, counted: 50, difference: 0 },
        { method: "cash", sales: 0, refunds: 0, expected: 55, counted: 55, difference: 0 },
      ],
      cash: { sales: 0, deposits: 55, expected: 55 },
    });
  });

  it("is a payment of the sale it became, and passes no drawer again", () => {
    // Of 200, deposits of 30 and 50 paid 80, and 500 in cash the rest: 380 went back. 25 were given back as well.
    expect(second).toMatchObject({
      gross: 200,
      net: 200,
      sales_count: 1,
      refunds_count: 0,
      by_method: [
        { method: "card", sales: 50, refunds: 0, expected: 0, counted: null, difference: null },
        { method: "cash", sales: 150, refunds: 0, expected: 95, counted: 95, difference: 0 },
      ],
      cash: { sales: 500, change: 380, deposits: -25, expected: 95 },
    });
  });

  it("makes the day's report the sum of both Z reports", async () => {
    expect(await read(`/v1/reports/daily?store_id=${store_id}&date=${second.business_date}`)).toMatchObject({
      gross: first.gross + second.gross,
      net: first.net + second.net,
      by_method: [
        { method: "card", sales: 50, refunds: 0, net: 50 },
        { method: "cash", sales: 150, refunds: 0, net: 150 },
      ],
    });
    expect(second.grand_total).toBe(200);
  });
});
