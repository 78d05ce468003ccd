import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RoundingMode } from "../../src/core/money.ts";
import { type Settlement, SettlementError, settlePayments } from "../../src/modules/sales/settle.ts";

interface Till {
  total: number;
  payments: { method: string; amount: number }[];
  cash_rounding: number;
  mode: RoundingMode;
}

const payment = fc.oneof(
  { weight: 2, arbitrary: fc.record({ method: fc.constant("cash"), amount: fc.integer({ min: 0, max: 3000 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      method: fc.constantFrom("card", "gift_card", "store_credit", "on_account"),
      amount: fc.integer({ min: 1, max: 3000 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ method: "cash", amount: 0 }) },
);

const till: fc.Arbitrary<Till> = fc.record({
  total: fc.integer({ min: 0, max: 5000 }),
  payments: fc.array(payment, { maxLength: 4 }),
  cash_rounding: fc.constantFrom(1, 5, 10, 50, 100),
  mode: fc.constantFrom<RoundingMode>("half_up", "half_even"),
});

function attempt(given: Till): Settlement | SettlementError {
  try {
    return settlePayments(given);
  } catch (error) {
    if (error instanceof SettlementError) return error;
    throw error;
  }
}

function hasCash(payments: Till["payments"]): boolean {
  return payments.some(({ method }) => method === "cash");
}

function sumOf(payments: Till["payments"], isCash: boolean): number {
  return payments.filter(({ method }) => (method === "cash") === isCash).reduce((sum, { amount }) => sum + amount, 0);
}

const RUNS = { numRuns: 1000 };

describe("what was handed over", () => {
  test("less change is the total, and change comes from cash alone", () => {
    fc.assert(
      fc.property(till, (given) => {
        const settled = attempt(given);
        fc.pre(!(settled instanceof SettlementError));
        expect(settled.paid_total - settled.change_due + settled.balance_due).toBe(settled.total);
        const onAccount = given.payments.reduce((sum, one) => sum + (one.method === "on_account" ? one.amount : 0), 0);
        expect(settled.paid_total).toBe(sumOf(given.payments, true) + sumOf(given.payments, false) - onAccount);
        expect(settled.change_due).toBeGreaterThanOrEqual(0);
        expect(settled.change_due).toBeLessThanOrEqual(sumOf(given.payments, true));
        expect(settled.balance_due).toBe(onAccount);
      }),
      RUNS,
    );
  });

  test("is rounded only where cash was named, by at most half a coin, to what coins can pay", () => {
    fc.assert(
      fc.property(till, (given) => {
        const settled = attempt(given);
        fc.pre(!(settled instanceof SettlementError));
        expect(settled.total).toBe(given.total + settled.rounding_adjustment);
        if (!hasCash(given.payments)) {
          expect(settled.rounding_adjustment).toBe(0);
        } else {
          expect(Math.abs(settled.rounding_adjustment) * 2).toBeLessThanOrEqual(given.cash_rounding);
          expect((settled.total - sumOf(given.payments, false)) % given.cash_rounding).toBe(0);
        }
      }),
      RUNS,
    );
  });
});

describe("a refusal", () => {
  test("for too little names what settles it exactly, by the same kind of tender", () => {
    fc.assert(
      fc.property(till, (given) => {
        const refused = attempt(given);
        fc.pre(refused instanceof SettlementError && refused.code === "payment_short");
        expect(refused.due).toBeGreaterThan(0);
        const method = hasCash(given.payments) ? "cash" : "card";
        const pay = (amount: number) => attempt({ ...given, payments: [...given.payments, { method, amount }] });
        expect(pay(refused.due)).toMatchObject({ change_due: 0 });
        if (refused.due > 1) expect(pay(refused.due - 1)).toMatchObject({ code: "payment_short", due: 1 });
      }),
      RUNS,
    );
  });

  test("for too much names the first tender other than cash that passes what is due", () => {
    fc.assert(
      fc.property(till, (given) => {
        const result = attempt(given);
        const passesAt = given.payments.findIndex(
          (_, index) => sumOf(given.payments.slice(0, index + 1), false) > given.total,
        );
        const overpaid = result instanceof SettlementError && result.code === "overpaid";
        expect(overpaid).toBe(passesAt !== -1);
        if (overpaid) expect(result.index).toBe(passesAt);
      }),
      RUNS,
    );
  });
});

test("the order of the tenders changes nothing", () => {
  fc.assert(
    fc.property(till, (given) => {
      const settled = attempt(given);
      fc.pre(!(settled instanceof SettlementError));
      expect(attempt({ ...given, payments: given.payments.toReversed() })).toEqual(settled);
    }),
    RUNS,
  );
});
