import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BasketLine, priceBasket, type PricedBasket, type PricingRules } from "../../src/modules/sales/pricing.ts";
import { basket, basketLine, pricingRules, taxRate } from "./baskets.ts";

const RUNS = { numRuns: 500 };

function sumOf(priced: PricedBasket, field: keyof PricedBasket["lines"][number]): number {
  return priced.lines.reduce((sum, line) => sum + line[field], 0);
}

function withScope(rules: PricingRules, scope: PricingRules["rounding"]["scope"]): PricingRules {
  return { ...rules, rounding: { ...rules.rounding, scope } };
}

/** A basket, and another order of its lines by their indexes. */
const shuffled = basket.chain((given) =>
  fc.record({
    given: fc.constant(given),
    order: fc.shuffledSubarray([...given.lines.keys()], { minLength: given.lines.length }),
  }),
);

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new RangeError(`there is no ${String(index)}`);
  return found;
}

function taxByRate(lines: readonly BasketLine[], priced: PricedBasket): [rate: number, tax: number][] {
  const sums = new Map<number, number>();
  for (const [index, { tax_rate_ppm }] of lines.entries()) {
    sums.set(tax_rate_ppm, (sums.get(tax_rate_ppm) ?? 0) + at(priced.lines, index).tax_total);
  }
  return [...sums].toSorted(([a], [b]) => a - b);
}

/** Whether `rounded` is a nearest integer of dividend / divisor. */
function isNearest(rounded: number, dividend: bigint, divisor: bigint): boolean {
  const off = 2n * (BigInt(rounded) * divisor - dividend);
  return off <= divisor && off >= -divisor;
}

describe("any basket", () => {
  test("its parts sum to its totals, on every line and over them", () => {
    fc.assert(
      fc.property(basket, ({ rules, lines, discount }) => {
        const priced = priceBasket(rules, lines, discount);
        const added = (tax: number) => (rules.tax_mode === "exclusive" ? tax : 0);
        expect(priced.lines).toHaveLength(lines.length);
        for (const line of priced.lines) {
          expect(line.discount_total).toBe(line.line_discount + line.order_discount);
          expect(line.total).toBe(line.subtotal - line.discount_total + added(line.tax_total));
        }
        for (const field of ["subtotal", "discount_total", "tax_total", "total"] as const) {
          expect(priced[field]).toBe(sumOf(priced, field));
        }
        expect(priced.total).toBe(priced.subtotal - priced.discount_total + added(priced.tax_total));
      }),
      RUNS,
    );
  });

  test("no part is negative, no discount above what it is of, no tax above its total", () => {
    fc.assert(
      fc.property(basket, ({ rules, lines, discount }) => {
        for (const line of priceBasket(rules, lines, discount).lines) {
          for (const part of Object.values(line)) {
            expect(Number.isSafeInteger(part)).toBe(true);
            expect(Object.is(part, -0)).toBe(false);
            expect(part).toBeGreaterThanOrEqual(0);
          }
          expect(line.discount_total).toBeLessThanOrEqual(line.subtotal);
          expect(line.tax_total).toBeLessThanOrEqual(line.total);
        }
      }),
      RUNS,
    );
  });

  test("each subtotal is its exact value rounded once, each order discount too", () => {
    fc.assert(
      fc.property(basket, ({ rules, lines, discount }) => {
        const priced = priceBasket(rules, lines, discount);
        for (const [index, line] of lines.entries()) {
          const subtotal = priced.lines[index]?.subtotal ?? Number.NaN;
          if (line.printed_price === undefined) {
            const dividend = BigInt(line.unit_price) * BigInt(line.quantity);
            expect(isNearest(subtotal, dividend, BigInt(line.price_quantity))).toBe(true);
          } else {
            expect(subtotal).toBe(line.printed_price);
          }
        }
        const given = sumOf(priced, "order_discount");
        const base = priced.subtotal - sumOf(priced, "line_discount");
        if (discount === undefined) expect(given).toBe(0);
        else if ("amount" in discount) expect(given).toBe(discount.amount);
        else expect(isNearest(given, BigInt(base) * BigInt(discount.ppm), 1_000_000n)).toBe(true);
      }),
      RUNS,
    );
  });

  test("the tax of each line, or of each rate, is its exact value rounded once", () => {
    fc.assert(
      fc.property(basket, ({ rules, lines, discount }) => {
        const priced = priceBasket(rules, lines, discount);
        const groups = new Map<string, { rate: number; net: number; tax: number }>();
        for (const [index, line] of priced.lines.entries()) {
          const rate = lines[index]?.tax_rate_ppm ?? Number.NaN;
          const key = rules.rounding.scope === "line" ? String(index) : `rate ${String(rate)}`;
          const group = groups.get(key) ?? { rate, net: 0, tax: 0 };
          group.net += line.subtotal - line.discount_total;
          group.tax += line.tax_total;
          groups.set(key, group);
        }
        for (const { rate, net, tax } of groups.values()) {
          const divisor = rules.tax_mode === "exclusive" ? 1_000_000 : 1_000_000 + rate;
          expect(isNearest(tax, BigInt(net) * BigInt(rate), BigInt(divisor))).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test("the order of its lines changes neither subtotal nor discount_total", () => {
    fc.assert(
      fc.property(shuffled, ({ given: { rules, lines, discount }, order }) => {
        const priced = priceBasket(rules, lines, discount);
        const moved = order.map((index) => at(lines, index));
        const reordered = priceBasket(rules, moved, discount);
        expect(reordered.subtotal).toBe(priced.subtotal);
        expect(reordered.discount_total).toBe(priced.discount_total);
      }),
      RUNS,
    );
  });

  test("a line bears its exact share of the order's discount to within a unit, and never more than it comes to", () => {
    fc.assert(
      fc.property(basket, ({ rules, lines, discount }) => {
        const priced = priceBasket(rules, lines, discount);
        const given = BigInt(sumOf(priced, "order_discount"));
        const base = BigInt(priced.subtotal - sumOf(priced, "line_discount"));
        for (const line of priced.lines) {
          const net = line.subtotal - line.line_discount;
          expect(line.order_discount).toBeLessThanOrEqual(net);
          const off = BigInt(line.order_discount) * base - given * BigInt(net);
          expect(base === 0n || (off < base && off > -base)).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test("without an order discount each line's figures go with it, wherever it stands", () => {
    fc.assert(
      fc.property(shuffled, ({ given: { rules, lines }, order }) => {
        const byLine = withScope(rules, "line");
        const moved = order.map((index) => at(lines, index));
        const priced = priceBasket(byLine, lines);
        const reordered = priceBasket(byLine, moved);
        expect(reordered.lines).toEqual(order.map((index) => at(priced.lines, index)));
        expect({ ...reordered, lines: [] }).toEqual({ ...priced, lines: [] });
      }),
      RUNS,
    );
  });

  test("rounded by invoice, the order of lines moves no rate's tax, and no line's by more than a unit", () => {
    fc.assert(
      fc.property(shuffled, ({ given: { rules, lines }, order }) => {
        const byInvoice = withScope(rules, "invoice");
        const moved = order.map((index) => at(lines, index));
        const priced = priceBasket(byInvoice, lines);
        const reordered = priceBasket(byInvoice, moved);
        expect(taxByRate(moved, reordered)).toEqual(taxByRate(lines, priced));
        for (const [place, index] of order.entries()) {
          const moves = Math.abs(at(reordered.lines, place).tax_total - at(priced.lines, index).tax_total);
          expect(moves).toBeLessThanOrEqual(1);
        }
      }),
      RUNS,
    );
  });

  test("rounding by invoice moves the tax of no line by more than a unit, and nothing but tax", () => {
    fc.assert(
      fc.property(basket, ({ rules, lines, discount }) => {
        const byLine = priceBasket(withScope(rules, "line"), lines, discount);
        const byInvoice = priceBasket(withScope(rules, "invoice"), lines, discount);
        expect(byInvoice.discount_total).toBe(byLine.discount_total);
        for (const [index, line] of byInvoice.lines.entries()) {
          const other = byLine.lines[index]?.tax_total ?? Number.NaN;
          expect(Math.abs(line.tax_total - other)).toBeLessThanOrEqual(1);
        }
      }),
      RUNS,
    );
  });

  test("priced twice it comes to the same, and its lines are left as they were", () => {
    fc.assert(
      fc.property(basket, ({ rules, lines, discount }) => {
        const before = structuredClone(lines);
        expect(priceBasket(rules, lines, discount)).toEqual(priceBasket(rules, lines, discount));
        expect(lines).toEqual(before);
      }),
    );
  });
});

describe("an inclusive price and the exclusive price it contains", () => {
  const sold = fc.record({ price: fc.integer({ min: 0, max: 10_000_000 }), rate: taxRate });

  function priceLines(rules: PricingRules, prices: { price: number; rate: number }[]): PricedBasket {
    const lines = prices.map(({ price, rate }) => ({
      unit_price: price,
      price_quantity: 1,
      quantity: 1,
      tax_rate_ppm: rate,
      discount_ppm: 0,
    }));
    return priceBasket(rules, lines);
  }

  test("give the same tax within one minor unit a line", () => {
    fc.assert(
      fc.property(pricingRules, fc.array(sold, { minLength: 1, maxLength: 8 }), (rules, inclusivePrices) => {
        const inclusive = priceLines({ ...rules, tax_mode: "inclusive" }, inclusivePrices);
        const exclusivePrices = inclusivePrices.map(({ price, rate }, index) => ({
          price: price - (inclusive.lines[index]?.tax_total ?? Number.NaN),
          rate,
        }));
        const exclusive = priceLines({ ...rules, tax_mode: "exclusive" }, exclusivePrices);
        expect(Math.abs(inclusive.tax_total - exclusive.tax_total)).toBeLessThanOrEqual(inclusivePrices.length);
        if (rules.rounding.scope === "line") {
          for (const [index, line] of inclusive.lines.entries()) {
            const other = exclusive.lines[index]?.tax_total ?? Number.NaN;
            expect(Math.abs(line.tax_total - other)).toBeLessThanOrEqual(1);
          }
        }
      }),
      RUNS,
    );
  });
});

test("a discount one unit above its line is always refused, and one of all of it never", () => {
  fc.assert(
    fc.property(pricingRules, basketLine, (rules, line) => {
      const { subtotal } = priceBasket(rules, [line]);
      const price = (amount: number) => priceBasket(rules, [{ ...line, discount: { amount } }]);
      expect(price(subtotal).total).toBe(0);
      expect(() => price(subtotal + 1)).toThrow("discount_above_line");
    }),
  );
});
