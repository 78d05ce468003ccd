import { describe, expect, test } from "vitest";
import { MAX_AMOUNT, type RoundingMode } from "../../../src/core/money.ts";
import { roundingOf, type Settlement, SettlementError, settlePayments } from "../../../src/modules/sales/settle.ts";

type Tender = [method: string, amount: number];

function settle(total: number, tenders: Tender[], cashRounding = 1, mode: RoundingMode = "half_up"): Settlement {
  const payments = tenders.map(([method, amount]) => ({ method, amount }));
  return settlePayments({ total, payments, cash_rounding: cashRounding, mode });
}

function failureOf(total: number, tenders: Tender[], cashRounding = 1): SettlementError {
  try {
    settle(total, tenders, cashRounding);
  } catch (error) {
    if (error instanceof SettlementError) return error;
    throw error;
  }
  throw new Error("it was settled");
}

describe("what payments make of a total", () => {
  test.each<[string, number, Tender[], number, RoundingMode, Omit<Settlement, "balance_due">]>([
    [
      "exact cash",
      1000,
      [["cash", 1000]],
      1,
      "half_up",
      { rounding_adjustment: 0, total: 1000, paid_total: 1000, change_due: 0 },
    ],
    [
      "change from cash",
      1234,
      [["cash", 2000]],
      1,
      "half_up",
      { rounding_adjustment: 0, total: 1234, paid_total: 2000, change_due: 766 },
    ],
    [
      "exact card",
      1234,
      [["card", 1234]],
      5,
      "half_up",
      { rounding_adjustment: 0, total: 1234, paid_total: 1234, change_due: 0 },
    ],
    // 12.32 -> 12.30
    [
      "cash rounded down",
      1232,
      [["cash", 1230]],
      5,
      "half_up",
      { rounding_adjustment: -2, total: 1230, paid_total: 1230, change_due: 0 },
    ],
    // 12.33 -> 12.35, of 20.00
    [
      "cash rounded up",
      1233,
      [["cash", 2000]],
      5,
      "half_up",
      { rounding_adjustment: 2, total: 1235, paid_total: 2000, change_due: 765 },
    ],
    [
      "a half, up",
      1225,
      [["cash", 1230]],
      10,
      "half_up",
      { rounding_adjustment: 5, total: 1230, paid_total: 1230, change_due: 0 },
    ],
    [
      "a half, to even",
      1225,
      [["cash", 1220]],
      10,
      "half_even",
      { rounding_adjustment: -5, total: 1220, paid_total: 1220, change_due: 0 },
    ],
    // After 10.01 by card 2.32 is left: -> 2.30. The whole, 12.33, would have gone up.
    [
      "only what other tenders leave is rounded",
      1233,
      [
        ["card", 1001],
        ["cash", 300],
      ],
      5,
      "half_up",
      { rounding_adjustment: -2, total: 1231, paid_total: 1301, change_due: 70 },
    ],
    [
      "whatever the order of the tenders",
      1233,
      [
        ["cash", 300],
        ["card", 1001],
      ],
      5,
      "half_up",
      { rounding_adjustment: -2, total: 1231, paid_total: 1301, change_due: 70 },
    ],
    [
      "cash in two hands",
      1000,
      [
        ["cash", 400],
        ["cash", 700],
      ],
      1,
      "half_up",
      { rounding_adjustment: 0, total: 1000, paid_total: 1100, change_due: 100 },
    ],
    [
      "cash beside a card that paid it all comes back whole",
      1000,
      [
        ["card", 1000],
        ["cash", 200],
      ],
      5,
      "half_up",
      { rounding_adjustment: 0, total: 1000, paid_total: 1200, change_due: 200 },
    ],
    ["nothing to pay", 0, [], 5, "half_up", { rounding_adjustment: 0, total: 0, paid_total: 0, change_due: 0 }],
    // 0.02 -> 0.00: the coin comes back
    [
      "too little for a coin",
      2,
      [["cash", 5]],
      5,
      "half_up",
      { rounding_adjustment: -2, total: 0, paid_total: 5, change_due: 5 },
    ],
    [
      "cash of nothing, because the rest rounds to nothing",
      2,
      [["cash", 0]],
      5,
      "half_up",
      { rounding_adjustment: -2, total: 0, paid_total: 0, change_due: 0 },
    ],
    [
      "cash of nothing beside a card",
      1002,
      [
        ["cash", 0],
        ["card", 1000],
      ],
      5,
      "half_up",
      { rounding_adjustment: -2, total: 1000, paid_total: 1000, change_due: 0 },
    ],
    [
      "three tenders",
      10_000,
      [
        ["card", 2500],
        ["mobile_wallet", 2500],
        ["cash", 5000],
      ],
      1,
      "half_up",
      { rounding_adjustment: 0, total: 10_000, paid_total: 10_000, change_due: 0 },
    ],
  ])("%s", (_what, total, tenders, cashRounding, mode, expected) => {
    expect(settle(total, tenders, cashRounding, mode)).toEqual({ ...expected, balance_due: 0 });
  });
});

describe("payment_short tells how much more is needed", () => {
  test.each<[string, number, Tender[], number, number]>([
    ["no payment", 1234, [], 1, 1234],
    ["no payment is not rounded", 1234, [], 5, 1234],
    ["cash", 1234, [["cash", 1000]], 1, 234],
    ["cash, of the rounded total", 1233, [["cash", 1233]], 5, 2],
    ["card, not rounded", 1233, [["card", 1000]], 5, 233],
    [
      "both, of what is left rounded",
      1233,
      [
        ["card", 1000],
        ["cash", 100],
      ],
      5,
      135,
    ], // 233 -> 235, less 100
    ["one unit", 1000, [["cash", 999]], 1, 1],
    ["cash of nothing, of the rounded total", 1233, [["cash", 0]], 5, 1235],
  ])("%s", (_what, total, tenders, cashRounding, due) => {
    expect(failureOf(total, tenders, cashRounding)).toMatchObject({
      name: "SettlementError",
      code: "payment_short",
      due,
      index: -1,
    });
  });
});

describe("overpaid names the first payment that passes what is due", () => {
  test.each<[string, number, Tender[], number]>([
    ["one card", 1000, [["card", 1001]], 0],
    [
      "the second of two",
      1000,
      [
        ["card", 600],
        ["bank_transfer", 401],
      ],
      1,
    ],
    [
      "behind cash",
      1000,
      [
        ["cash", 500],
        ["card", 1001],
      ],
      1,
    ],
    [
      "the first of several",
      1000,
      [
        ["card", 1000],
        ["mobile_wallet", 1],
        ["card", 1],
      ],
      1,
    ],
    ["a card for nothing", 0, [["card", 1]], 0],
  ])("%s", (_what, total, tenders, index) => {
    expect(failureOf(total, tenders)).toMatchObject({ code: "overpaid", due: 0, index });
  });

  test("the most cash that is taken gives exact change", () => {
    expect(settle(1, [["cash", MAX_AMOUNT]])).toMatchObject({ paid_total: MAX_AMOUNT, change_due: MAX_AMOUNT - 1 });
  });
});

describe("amount_too_large names the cash that passes the greatest amount", () => {
  test.each<[string, number, Tender[], number]>([
    [
      "more than any drawer holds",
      1000,
      [
        ["cash", MAX_AMOUNT],
        ["cash", 1],
      ],
      1,
    ],
    [
      "a total that it rounds up",
      MAX_AMOUNT,
      [
        ["cash", MAX_AMOUNT],
        ["card", 500_000_000_000],
      ],
      0,
    ],
  ])("%s", (_what, total, tenders, index) => {
    expect(failureOf(total, tenders, 1000)).toMatchObject({ code: "amount_too_large", due: 0, index });
  });
});

describe("what coins make of a total is known before it is paid", () => {
  test.each<[string, number, Tender[], number]>([
    ["nothing without cash", 1003, [["card", 500]], 0],
    ["a part of it", 1003, [["cash", 1]], 2],
    [
      "what the others leave",
      1003,
      [
        ["cash", 0],
        ["card", 1],
      ],
      -2,
    ],
    [
      "nothing where they leave nothing",
      1003,
      [
        ["card", 1004],
        ["cash", 5],
      ],
      0,
    ],
  ])("%s", (_what, total, tenders, expected) => {
    const payments = tenders.map(([method, amount]) => ({ method, amount }));
    expect(roundingOf({ total, payments, cash_rounding: 5, mode: "half_up" })).toBe(expected);
  });
});
