import fc from "fast-check";
import { expect, test } from "vitest";
import { findLinesAboveLimit, greatestDiscountPpm } from "../../src/modules/sales/discount-limit.ts";
import { findAboveMaxPerSale, type LimitedLine } from "../../src/modules/sales/max-per-sale.ts";
import { priceBasket } from "../../src/modules/sales/pricing.ts";
import { basket } from "./baskets.ts";

const ppm = fc.integer({ min: 0, max: 1_000_000 });

test("a discount's limit looks at each line alone: the order of lines changes which place, never which line", () => {
  const cases = basket.chain((given) =>
    fc.record({
      given: fc.constant(given),
      limit: ppm,
      order: fc.shuffledSubarray([...given.lines.keys()], { minLength: given.lines.length }),
    }),
  );
  fc.assert(
    fc.property(cases, ({ given: { rules, lines, discount }, limit, order }) => {
      const priced = priceBasket(rules, lines, discount).lines.map((line, index) => ({
        ...line,
        discount: lines[index]?.discount,
      }));
      const found = findLinesAboveLimit(priced, discount, limit);
      const moved = order.flatMap((index) => priced.slice(index, index + 1));
      const foundThere = findLinesAboveLimit(moved, discount, limit).map((place) => order[place] ?? -1);
      expect(foundThere.toSorted((a, b) => a - b)).toEqual(found);
    }),
    { numRuns: 500 },
  );
});

test("a higher limit never finds a line that a lower one lets pass, and one of all of it finds none", () => {
  fc.assert(
    fc.property(basket, ppm, ppm, ({ rules, lines, discount }, one, other) => {
      const priced = priceBasket(rules, lines, discount).lines.map((line, index) => ({
        ...line,
        discount: lines[index]?.discount,
      }));
      const strict = findLinesAboveLimit(priced, discount, Math.min(one, other));
      const lenient = findLinesAboveLimit(priced, discount, Math.max(one, other));
      expect(strict).toEqual(expect.arrayContaining(lenient));
      expect(findLinesAboveLimit(priced, discount, 1_000_000)).toEqual([]);
      const greatest = greatestDiscountPpm(priced, discount);
      expect(findLinesAboveLimit(priced, discount, greatest)).toEqual([]);
      if (greatest > 0) expect(findLinesAboveLimit(priced, discount, greatest - 1)).not.toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("a line's rate and an order's that together stay within the limit are never above it", () => {
  const rates = fc.record({ line: ppm, order: ppm });
  fc.assert(
    fc.property(basket, rates, ({ rules, lines }, { line: ratePpm, order: orderPpm }) => {
      const named = lines.map((line) => ({ ...line, discount: { ppm: ratePpm } }));
      const priced = priceBasket(rules, named).lines.map((line) => ({ ...line, discount: { ppm: ratePpm } }));
      // 1 - (1 - line)(1 - order), the next millionth up.
      const left = (1_000_000n - BigInt(ratePpm)) * (1_000_000n - BigInt(orderPpm));
      const together = 1_000_000 - Number(left / 1_000_000n);
      expect(findLinesAboveLimit(priced, { ppm: orderPpm }, together)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

const LIMITS: Record<string, number | null> = { a: 5, b: 1, c: null };
const limited: fc.Arbitrary<LimitedLine> = fc
  .record({ product_id: fc.option(fc.constantFrom("a", "b", "c")), quantity: fc.integer({ min: 1, max: 6 }) })
  .map((line) => ({ ...line, max_per_sale: line.product_id === null ? null : (LIMITS[line.product_id] ?? null) }));

test("whether a sale has more of a product than it may is a matter of its sum, not of the order or number of lines", () => {
  fc.assert(
    fc.property(fc.array(limited, { maxLength: 10 }), (lines) => {
      const isAbove = Object.entries(LIMITS).some(([product, limit]) => {
        const mine = lines.filter(({ product_id }) => product_id === product);
        return limit !== null && mine.reduce((sum, { quantity }) => sum + quantity, 0) > limit;
      });
      expect(findAboveMaxPerSale(lines).length > 0).toBe(isAbove);
      expect(findAboveMaxPerSale(lines.toReversed()).length > 0).toBe(isAbove);
    }),
    { numRuns: 500 },
  );
});
