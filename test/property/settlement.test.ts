import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitTenders, sumBySale } from "../../src/modules/payments/settlement.ts";

const tenders = fc.array(
  fc.record({ method: fc.constantFrom("cash", "card"), amount: fc.integer({ min: 1, max: 5000 }) }),
  { maxLength: 6 },
);
const owed = fc
  .array(fc.integer({ min: 1, max: 3000 }), { maxLength: 12 })
  .map((dues) => dues.map((due, index) => ({ sale_id: `sale-${String(index)}`, due })));

const RUNS = { numRuns: 1000 };
const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

describe("tenders laid upon sales", () => {
  test("keep every unit: the shares of a tender, in order, sum to it", () => {
    fc.assert(
      fc.property(tenders, owed, (given, sales) => {
        const shares = splitTenders(given, sales).map(({ tender }) => ({ ...tender }));
        for (const tender of given) {
          let left = tender.amount;
          while (left > 0) {
            const share = shares.shift();
            expect(share?.method).toBe(tender.method);
            expect(share?.amount).toBeGreaterThan(0);
            left -= share?.amount ?? left;
          }
          expect(left).toBe(0);
        }
        expect(shares).toEqual([]);
      }),
      RUNS,
    );
  });

  test("pay no sale more than is due, and none before the one ahead of it is whole", () => {
    fc.assert(
      fc.property(tenders, owed, (given, sales) => {
        const paid = new Map(sumBySale(splitTenders(given, sales)).map(({ sale_id, amount }) => [sale_id, amount]));
        let left = sum(given.map(({ amount }) => amount));
        for (const { sale_id, due } of sales) {
          expect(paid.get(sale_id) ?? 0).toBe(Math.min(left, due));
          left -= Math.min(left, due);
        }
        const unlaid = splitTenders(given, sales).filter(({ sale_id }) => sale_id === null);
        expect(sum(unlaid.map(({ tender }) => tender.amount))).toBe(left);
      }),
      RUNS,
    );
  });

  test("are cut no more often than there are sales", () => {
    fc.assert(
      fc.property(tenders, owed, (given, sales) => {
        expect(splitTenders(given, sales).length).toBeLessThanOrEqual(given.length + sales.length);
      }),
      RUNS,
    );
  });
});
