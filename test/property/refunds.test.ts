import fc from "fast-check";
import { expect, test } from "vitest";
import { priceBasket } from "../../src/modules/sales/pricing.ts";
import { refundLine } from "../../src/modules/sales/refund-shares.ts";
import { filledBasket } from "./baskets.ts";

const PARTS = ["subtotal", "discount_total", "tax_total", "total"] as const;

/** A sold line and the points at which its refunds split it, in the order in which they came. */
const splitSale = filledBasket.chain(({ rules, lines, discount }) =>
  fc.record({
    rules: fc.constant({ tax_mode: rules.tax_mode, mode: rules.rounding.mode }),
    sold: fc.tuple(
      ...priceBasket(rules, lines, discount).lines.map((priced, index) => {
        const quantity = lines[index]?.quantity ?? 1;
        return fc.uniqueArray(fc.integer({ min: 1, max: quantity }), { maxLength: 20 }).map((cuts) => ({
          line: { ...priced, quantity },
          ends: [...new Set([...cuts, quantity])].toSorted((a, b) => a - b),
        }));
      }),
    ),
  }),
);

test("refunds of any split of a sale sum to it exactly, in every part", () => {
  fc.assert(
    fc.property(splitSale, ({ rules, sold }) => {
      for (const { line, ends } of sold) {
        const sums = { subtotal: 0, discount_total: 0, tax_total: 0, total: 0 };
        let before = 0;
        for (const end of ends) {
          const refund = refundLine(line, before, end - before, rules);
          for (const part of PARTS) sums[part] += refund[part];
          before = end;
        }
        for (const part of PARTS) expect(sums[part]).toBe(line[part]);
      }
    }),
    { numRuns: 500 },
  );
});

test("what has come back does not depend on how it was split", () => {
  fc.assert(
    fc.property(splitSale, ({ rules, sold }) => {
      for (const { line, ends } of sold) {
        const sums = { subtotal: 0, discount_total: 0, tax_total: 0, total: 0 };
        let before = 0;
        for (const end of ends) {
          const refund = refundLine(line, before, end - before, rules);
          for (const part of PARTS) sums[part] += refund[part];
          expect(sums).toEqual(refundLine(line, 0, end, rules));
          before = end;
        }
      }
    }),
  );
});

test("each refund's total is that of its parts; no part is negative, no total below minus one unit", () => {
  fc.assert(
    fc.property(splitSale, ({ rules, sold }) => {
      for (const { line, ends } of sold) {
        let before = 0;
        for (const end of ends) {
          const { subtotal, discount_total, tax_total, total } = refundLine(line, before, end - before, rules);
          expect(total).toBe(subtotal - discount_total + (rules.tax_mode === "exclusive" ? tax_total : 0));
          expect(Math.min(subtotal, discount_total, tax_total)).toBeGreaterThanOrEqual(0);
          expect(total).toBeGreaterThanOrEqual(-1);
          before = end;
        }
      }
    }),
    { numRuns: 500 },
  );
});
