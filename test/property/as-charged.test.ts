import fc from "fast-check";
import { expect, test } from "vitest";
import { discountedTo, withoutOwnDiscounts } from "../../src/modules/sales/as-charged.ts";
import { priceBasket } from "../../src/modules/sales/pricing.ts";
import { refundLine } from "../../src/modules/sales/refund-shares.ts";
import { filledBasket } from "./baskets.ts";

/** A basket of which the till charged a part of what it comes to, by a rate or by a few units. */
const charged = fc.tuple(filledBasket, fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 0, max: 9 }));

function lessThan(total: number, ppm: number, units: number): number {
  return Math.max(0, Number((BigInt(total) * BigInt(ppm)) / 1_000_000n) - units);
}

test("lines that are discounted to what was charged come to it, or to a unit or two less", () => {
  fc.assert(
    fc.property(charged, ([basket, ppm, units]) => {
      const priced = priceBasket(basket.rules, basket.lines, basket.discount);
      const wanted = lessThan(priced.total, ppm, units);
      const kept = discountedTo(basket, priced, wanted);
      // Where tax is added, one more unit of discount may take a unit of tax off each line or rate as well.
      const most = basket.rules.tax_mode === "inclusive" ? 0 : basket.lines.length + 1;
      expect(wanted - kept.total).toBeGreaterThanOrEqual(0);
      expect(wanted - kept.total).toBeLessThanOrEqual(most);
      expect(kept.subtotal).toBe(priced.subtotal);
      for (const [index, line] of kept.lines.entries()) {
        expect(line.line_discount).toBe(priced.lines[index]?.line_discount);
        expect(line.discount_total).toBeLessThanOrEqual(line.subtotal);
      }
      const total = kept.subtotal - kept.discount_total;
      expect(kept.total).toBe(total + (basket.rules.tax_mode === "exclusive" ? kept.tax_total : 0));
    }),
    { numRuns: 2000 },
  );
});

test("refunding all of it, in any split, never pays more than was charged", () => {
  const split = charged.chain(([basket, ppm, units]) =>
    fc.record({
      basket: fc.constant(basket),
      ppm: fc.constant(ppm),
      units: fc.constant(units),
      cuts: fc.tuple(
        ...basket.lines.map(({ quantity }) =>
          fc.uniqueArray(fc.integer({ min: 1, max: quantity }), { maxLength: 10 }).map((ends) => ({
            quantity,
            ends: [...new Set([...ends, quantity])].toSorted((a, b) => a - b),
          })),
        ),
      ),
    }),
  );
  fc.assert(
    fc.property(split, ({ basket, ppm, units, cuts }) => {
      const priced = priceBasket(basket.rules, basket.lines, basket.discount);
      const wanted = lessThan(priced.total, ppm, units);
      const kept = discountedTo(basket, priced, wanted);
      const rules = { tax_mode: basket.rules.tax_mode, mode: basket.rules.rounding.mode };
      let paid = 0;
      for (const [index, { quantity, ends }] of cuts.entries()) {
        const line = kept.lines[index];
        if (!line) throw new Error("every line is priced");
        let before = 0;
        for (const end of ends) {
          paid += refundLine({ ...line, quantity }, before, end - before, rules).total;
          expect(paid).toBeLessThanOrEqual(wanted);
          before = end;
        }
      }
      expect(paid).toBe(kept.total);
    }),
    { numRuns: 500 },
  );
});

test("what was charged in full is kept as it is", () => {
  fc.assert(
    fc.property(filledBasket, (basket) => {
      const priced = priceBasket(basket.rules, basket.lines, basket.discount);
      expect(discountedTo(basket, priced, priced.total)).toEqual(priced);
    }),
  );
});

test("without products' own discounts a basket is that of products which have none", () => {
  fc.assert(
    fc.property(filledBasket, (basket) => {
      const plain = basket.lines.map((line) => ({ ...line, discount_ppm: 0 }));
      expect(withoutOwnDiscounts(basket)).toEqual(priceBasket(basket.rules, plain, basket.discount));
    }),
  );
});
