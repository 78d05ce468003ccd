import { describe, expect, test } from "vitest";
import { type DiscountedLine, findLinesAboveLimit } from "../../../src/modules/sales/discount-limit.ts";
import { type Discount, priceBasket } from "../../../src/modules/sales/pricing.ts";

const TEN_PERCENT = 100_000;

interface Goods {
  unit_price: number;
  /** Named on the line. */
  discount?: Discount;
  /** The product's own. */
  discount_ppm?: number;
}

/** The lines above 10 %, as the pricing engine discounts them. */
function above(goods: Goods[], order?: Discount, limit = TEN_PERCENT): number[] {
  const basket = goods.map((one) => ({ price_quantity: 1, quantity: 1, tax_rate_ppm: 0, discount_ppm: 0, ...one }));
  const { lines } = priceBasket({ tax_mode: "inclusive", rounding: { mode: "half_up", scope: "line" } }, basket, order);
  const discounted = lines.map((line, i): DiscountedLine => ({ ...line, discount: goods[i]?.discount }));
  return findLinesAboveLimit(discounted, order, limit);
}

describe("what a person gives away of a line", () => {
  test.each<[string, Goods[], Discount | undefined]>([
    ["nothing", [{ unit_price: 1000 }], undefined],
    ["a tenth", [{ unit_price: 1000, discount: { amount: 100 } }], undefined],
    ["a tenth that rounding takes above it", [{ unit_price: 105, discount: { ppm: TEN_PERCENT } }], undefined],
    [
      "a tenth of the order, whose odd unit falls on one line",
      [{ unit_price: 105 }, { unit_price: 105 }],
      { ppm: TEN_PERCENT },
    ],
    ["the same as an amount", [{ unit_price: 105 }, { unit_price: 105 }], { amount: 21 }],
    // 2 of 15: by largest remainder the line of 10 bears 2, a fifth of it.
    ["a tenth of an order of pennies", [10, 1, 1, 1, 1, 1].map((unit_price) => ({ unit_price })), { ppm: TEN_PERCENT }],
    // 0.01 % on the line and 9.9909 % on the order are 9.9999 %; of what rounding left to the order they would be more.
    [
      "two rates within it, whatever the first is rounded to",
      [{ unit_price: 104, discount: { ppm: 100 } }],
      { ppm: 99_909 },
    ],
    [
      "the product's own half is not given by anybody",
      [{ unit_price: 1000, discount_ppm: 500_000 }],
      { ppm: TEN_PERCENT },
    ],
    ["nothing of what is free", [{ unit_price: 0, discount: { amount: 0 } }], { amount: 0 }],
  ])("is not above the limit: %s", (_what, goods, order) => {
    expect(above(goods, order)).toEqual([]);
  });

  test.each<[string, Goods[], Discount | undefined, number[]]>([
    ["a unit more", [{ unit_price: 1000, discount: { amount: 101 } }], undefined, [0]],
    ["a fraction of a unit more", [{ unit_price: 999, discount: { amount: 100 } }], undefined, [0]],
    ["two rates above it", [{ unit_price: 104, discount: { ppm: 100 } }], { ppm: 99_911 }, [0]],
    ["a rate that rounding hides", [{ unit_price: 1000, discount: { ppm: 100_001 } }], undefined, [0]],
    [
      "line and order together",
      [{ unit_price: 1000, discount: { ppm: 60_000 } }, { unit_price: 1000 }],
      { ppm: 50_000 },
      [0],
    ],
    ["an order's amount, on every line", [{ unit_price: 1000 }, { unit_price: 500 }], { amount: 151 }, [0, 1]],
    [
      "all of it, which leaves the order nothing to share",
      [{ unit_price: 5, discount: { ppm: 1_000_000 } }],
      { amount: 0 },
      [0],
    ],
  ])("is above the limit: %s", (_what, goods, order, expected) => {
    expect(above(goods, order)).toEqual(expected);
  });

  test("is exact for the largest amounts", () => {
    const unit_price = 999_999_999_990;
    expect(above([{ unit_price, discount: { amount: unit_price / 10 } }])).toEqual([]);
    expect(above([{ unit_price, discount: { amount: unit_price / 10 + 1 } }])).toEqual([0]);
    expect(above([{ unit_price }], { amount: unit_price }, 1_000_000)).toEqual([]);
  });
});
