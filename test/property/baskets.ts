import fc from "fast-check";
import { type BasketLine, type Discount, priceBasket, type PricingRules } from "../../src/modules/sales/pricing.ts";

/** Baskets of every kind, for the properties that must hold of all of them. */

export const pricingRules: fc.Arbitrary<PricingRules> = fc.record({
  tax_mode: fc.constantFrom("inclusive", "exclusive"),
  rounding: fc.record({
    mode: fc.constantFrom("half_up", "half_even"),
    scope: fc.constantFrom("line", "invoice"),
  }),
});

/** Few rates often, so that lines share one. */
export const taxRate = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0, 50_000, 88_750, 200_000) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 1_000_000 }) },
);

const unitPrice = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 20_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 9_000_000 }) },
);

/** A discount as a share of what it may be, given as a rate or as the amount that share comes to. */
const discountShare = fc.record({ ppm: fc.integer({ min: 0, max: 1_000_000 }), as: fc.constantFrom("ppm", "amount") });

type DiscountShare = { ppm: number; as: string };

function toDiscount({ ppm, as }: DiscountShare, base: number): Discount {
  return as === "ppm" ? { ppm } : { amount: Number((BigInt(base) * BigInt(ppm)) / 1_000_000n) };
}

const lineParts = fc.record({
  unit_price: unitPrice,
  price_quantity: fc.constantFrom(1, 1, 1, 10, 100, 1000),
  quantity: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5000 })),
  tax_rate_ppm: taxRate,
  discount_ppm: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1_000_000 })),
  printed_price: fc.option(fc.integer({ min: 1, max: 99_999 }), { nil: undefined, freq: 8 }),
});

const anyRules: PricingRules = { tax_mode: "inclusive", rounding: { mode: "half_up", scope: "line" } };

/** One line, its named discount (where it has one) never above it in either rounding mode. */
export const basketLine: fc.Arbitrary<BasketLine> = fc
  .tuple(lineParts, fc.option(discountShare, { nil: undefined }))
  .map(([line, share]) => {
    if (share === undefined) return line;
    const { subtotal } = priceBasket(anyRules, [line]);
    return { ...line, discount: toDiscount(share, Math.max(0, subtotal - 1)) };
  });

export interface Basket {
  rules: PricingRules;
  lines: BasketLine[];
  discount: Discount | undefined;
}

function basketOf(lines: fc.Arbitrary<BasketLine[]>): fc.Arbitrary<Basket> {
  return fc.tuple(pricingRules, lines, fc.option(discountShare, { nil: undefined })).map(([rules, chosen, share]) => {
    if (share === undefined) return { rules, lines: chosen, discount: undefined };
    const { subtotal, discount_total } = priceBasket(rules, chosen);
    return { rules, lines: chosen, discount: toDiscount(share, subtotal - discount_total) };
  });
}

export const basket = basketOf(fc.array(basketLine, { maxLength: 12 }));
export const filledBasket = basketOf(fc.array(basketLine, { minLength: 1, maxLength: 6 }));
