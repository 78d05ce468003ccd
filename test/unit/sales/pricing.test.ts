import { describe, expect, test } from "vitest";
import type { RoundingMode } from "../../../src/core/money.ts";
import {
  type BasketLine,
  type Discount,
  priceBasket,
  type PricedBasket,
  type PricedLine,
  PricingError,
  type PricingRules,
} from "../../../src/modules/sales/pricing.ts";

/** Worked by hand; the arithmetic stands beside each example. Amounts in minor units. */

function rules(
  taxMode: PricingRules["tax_mode"],
  mode: RoundingMode = "half_up",
  scope: PricingRules["rounding"]["scope"] = "line",
): PricingRules {
  return { tax_mode: taxMode, rounding: { mode, scope } };
}

function line(given: Partial<BasketLine>): BasketLine {
  return { unit_price: 0, price_quantity: 1, quantity: 1, tax_rate_ppm: 0, discount_ppm: 0, ...given };
}

/** One field of every line. */
function each(field: keyof PricedLine, priced: { lines: PricedLine[] }): number[] {
  return priced.lines.map((one) => one[field]);
}

function header({ subtotal, discount_total, tax_total, total }: PricedBasket): number[] {
  return [subtotal, discount_total, tax_total, total];
}

function failureOf(price: () => unknown): PricingError {
  try {
    price();
  } catch (error) {
    if (error instanceof PricingError) return error;
    throw error;
  }
  throw new Error("it was priced");
}

const VAT = 200_000;

describe("subtotals", () => {
  test.each<[string, Partial<BasketLine>, RoundingMode, number]>([
    ["3 x 1.20", { unit_price: 120, quantity: 3 }, "half_up", 360],
    // 3.49 a kg x 1234 g = 430.666
    ["by weight, up", { unit_price: 349, price_quantity: 1000, quantity: 1234 }, "half_up", 431],
    // 2.99 a kg x 250 g = 74.75 ; x 251 g = 75.049
    ["by weight, down", { unit_price: 299, price_quantity: 1000, quantity: 251 }, "half_up", 75],
    // 3.01 a kg x 500 g = 150.5
    ["a half, half up", { unit_price: 301, price_quantity: 1000, quantity: 500 }, "half_up", 151],
    ["a half, to even", { unit_price: 301, price_quantity: 1000, quantity: 500 }, "half_even", 150],
    // 2.99 a kg x 500 g = 149.5
    ["a half from odd, to even", { unit_price: 299, price_quantity: 1000, quantity: 500 }, "half_even", 150],
    // 10 for 0.99: 3 pieces = 29.7
    ["a price for ten", { unit_price: 99, price_quantity: 10, quantity: 3 }, "half_up", 30],
    // 1 g of 0.49 a kg = 0.00049
    ["too little to charge", { unit_price: 49, price_quantity: 1000, quantity: 1 }, "half_up", 0],
    ["free", { unit_price: 0, quantity: 7 }, "half_up", 0],
  ])("%s", (_what, given, mode, subtotal) => {
    const priced = priceBasket(rules("inclusive", mode), [line(given)]);
    expect(each("subtotal", priced)).toEqual([subtotal]);
    expect(header(priced)).toEqual([subtotal, 0, 0, subtotal]);
  });

  test("a printed price is charged as printed: neither quantity nor the product's own discount changes it", () => {
    const printed = line({
      unit_price: 1500,
      price_quantity: 1000,
      quantity: 358,
      discount_ppm: 100_000,
      tax_rate_ppm: 50_000,
      printed_price: 537,
    });
    const priced = priceBasket(rules("inclusive"), [printed]);
    // 537 x 0.05 / 1.05 = 25.57
    expect(header(priced)).toEqual([537, 0, 26, 537]);
  });

  test("a discount that the line names does apply to a printed price", () => {
    const priced = priceBasket(rules("inclusive"), [line({ printed_price: 537, discount: { ppm: 500_000 } })]);
    expect(header(priced)).toEqual([537, 269, 0, 268]); // 268.5
  });
});

describe("tax", () => {
  test.each<[string, PricingRules, Partial<BasketLine>, { tax: number; total: number }]>([
    // 240 x 0.2 / 1.2 = 40
    [
      "20 % inclusive",
      rules("inclusive"),
      { unit_price: 120, quantity: 2, tax_rate_ppm: VAT },
      { tax: 40, total: 240 },
    ],
    // 99 x 0.2 / 1.2 = 16.5
    ["inclusive half, up", rules("inclusive"), { unit_price: 99, tax_rate_ppm: VAT }, { tax: 17, total: 99 }],
    [
      "inclusive half, to even",
      rules("inclusive", "half_even"),
      { unit_price: 99, tax_rate_ppm: VAT },
      { tax: 16, total: 99 },
    ],
    // 19.99 x 8.875 % = 177.41
    ["8.875 % exclusive", rules("exclusive"), { unit_price: 1999, tax_rate_ppm: 88_750 }, { tax: 177, total: 2176 }],
    // 2.50 x 5 % = 12.5
    ["exclusive half, up", rules("exclusive"), { unit_price: 250, tax_rate_ppm: 50_000 }, { tax: 13, total: 263 }],
    [
      "exclusive half, to even",
      rules("exclusive", "half_even"),
      { unit_price: 250, tax_rate_ppm: 50_000 },
      { tax: 12, total: 262 },
    ],
    // 3 x 980 yen x 10 % = 294
    [
      "yen, 10 % exclusive",
      rules("exclusive"),
      { unit_price: 980, quantity: 3, tax_rate_ppm: 100_000 },
      { tax: 294, total: 3234 },
    ],
    // 105 yen x 0.08 / 1.08 = 7.78
    ["yen, 8 % inclusive", rules("inclusive"), { unit_price: 105, tax_rate_ppm: 80_000 }, { tax: 8, total: 105 }],
    ["no tax", rules("exclusive"), { unit_price: 105 }, { tax: 0, total: 105 }],
    // 100 % inclusive: half of it
    ["100 % inclusive", rules("inclusive"), { unit_price: 500, tax_rate_ppm: 1_000_000 }, { tax: 250, total: 500 }],
  ])("%s", (_what, how, given, { tax, total }) => {
    const priced = priceBasket(how, [line(given)]);
    expect([priced.tax_total, priced.total]).toEqual([tax, total]);
    expect(each("tax_total", priced)).toEqual([tax]);
    expect(each("total", priced)).toEqual([total]);
  });

  // 1000 x 20 % = 200 ; 250 x 5 % = 12.5 ; 399 x 0 % = 0
  test("three rates in one basket", () => {
    const lines = [
      line({ unit_price: 1000, tax_rate_ppm: VAT }),
      line({ unit_price: 250, tax_rate_ppm: 50_000 }),
      line({ unit_price: 399 }),
    ];
    const priced = priceBasket(rules("exclusive"), lines);
    expect(each("tax_total", priced)).toEqual([200, 13, 0]);
    expect(each("total", priced)).toEqual([1200, 263, 399]);
    expect(header(priced)).toEqual([1649, 0, 213, 1862]);
  });

  // 1000 less 10 % = 900 ; 900 x 20 % = 180
  test("is on what is left after the discounts", () => {
    const priced = priceBasket(rules("exclusive"), [
      line({ unit_price: 1000, tax_rate_ppm: VAT, discount: { ppm: 100_000 } }),
    ]);
    expect(header(priced)).toEqual([1000, 100, 180, 1080]);
  });

  describe("rounded once per rate over the invoice", () => {
    const dimes = Array.from({ length: 3 }, () => line({ unit_price: 33, tax_rate_ppm: 100_000 }));

    // By line 3.3 each -> 3 + 3 + 3. By invoice 99 x 10 % = 9.9 -> 10, shared 3.33 each: the unit left to the first.
    test("exclusive", () => {
      expect(each("tax_total", priceBasket(rules("exclusive"), dimes))).toEqual([3, 3, 3]);
      const priced = priceBasket(rules("exclusive", "half_up", "invoice"), dimes);
      expect(each("tax_total", priced)).toEqual([4, 3, 3]);
      expect(each("total", priced)).toEqual([37, 36, 36]);
      expect(header(priced)).toEqual([99, 0, 10, 109]);
    });

    // Rate 20 %: (99 + 99) x 0.2 / 1.2 = 33, shared 16.5 each, tie to the earlier -> 17, 16. Rate 5 %: 105 x 0.05 / 1.05 = 5.
    // By line it would be 17 + 5 + 17.
    test("inclusive, rates apart though their lines are mixed", () => {
      const lines = [
        line({ unit_price: 99, tax_rate_ppm: VAT }),
        line({ unit_price: 105, tax_rate_ppm: 50_000 }),
        line({ unit_price: 99, tax_rate_ppm: VAT }),
      ];
      expect(each("tax_total", priceBasket(rules("inclusive"), lines))).toEqual([17, 5, 17]);
      const priced = priceBasket(rules("inclusive", "half_up", "invoice"), lines);
      expect(each("tax_total", priced)).toEqual([17, 5, 16]);
      expect(header(priced)).toEqual([303, 0, 38, 303]);
    });

    // 250 x 5 % = 12.5 -> 12, shared over 50 and 200: 2.4 and 9.6 -> 2 and 10
    test("by the store's mode, to the largest remainder", () => {
      const lines = [50, 200].map((price) => line({ unit_price: price, tax_rate_ppm: 50_000 }));
      expect(each("tax_total", priceBasket(rules("exclusive", "half_even", "invoice"), lines))).toEqual([2, 10]);
    });

    test("lines that came to nothing bear none", () => {
      const lines = [
        line({ unit_price: 100, tax_rate_ppm: VAT, discount: { ppm: 1_000_000 } }),
        line({ unit_price: 0, tax_rate_ppm: VAT }),
      ];
      expect(header(priceBasket(rules("exclusive", "half_up", "invoice"), lines))).toEqual([100, 100, 0, 0]);
    });
  });
});

describe("line discounts", () => {
  test.each<[string, Partial<BasketLine>, RoundingMode, number]>([
    // 3 x 3.33 = 999, 10 % = 99.9
    ["the product's own", { unit_price: 333, quantity: 3, discount_ppm: 100_000 }, "half_up", 100],
    // 2.50 x 5 % = 12.5
    ["a half, up", { unit_price: 250, discount: { ppm: 50_000 } }, "half_up", 13],
    ["a half, to even", { unit_price: 250, discount: { ppm: 50_000 } }, "half_even", 12],
    [
      "the named one in place of the product's own",
      { unit_price: 1000, discount_ppm: 100_000, discount: { amount: 50 } },
      "half_up",
      50,
    ],
    ["a named nothing too", { unit_price: 1000, discount_ppm: 100_000, discount: { amount: 0 } }, "half_up", 0],
    ["a named 0 ppm too", { unit_price: 1000, discount_ppm: 100_000, discount: { ppm: 0 } }, "half_up", 0],
    ["all of it", { unit_price: 1000, discount: { amount: 1000 } }, "half_up", 1000],
    ["all of it by rate", { unit_price: 1000, discount: { ppm: 1_000_000 } }, "half_up", 1000],
  ])("%s", (_what, given, mode, discount) => {
    const priced = priceBasket(rules("inclusive", mode), [line(given)]);
    expect(each("line_discount", priced)).toEqual([discount]);
    expect(each("order_discount", priced)).toEqual([0]);
    expect(each("discount_total", priced)).toEqual([discount]);
    expect(priced.total).toBe(priced.subtotal - discount);
  });

  test("above its line is refused, with the line", () => {
    const lines = [line({ unit_price: 500 }), line({ unit_price: 100, discount: { amount: 101 } })];
    expect(failureOf(() => priceBasket(rules("inclusive"), lines))).toMatchObject({
      code: "discount_above_line",
      line_index: 1,
    });
  });
});

describe("order discounts", () => {
  function shares(prices: number[], discount: Discount, mode: RoundingMode = "half_up"): number[] {
    const lines = prices.map((price) => line({ unit_price: price }));
    return each("order_discount", priceBasket(rules("inclusive", mode), lines, discount));
  }

  test.each<[string, number[], Discount, RoundingMode, number[]]>([
    // 33.33 each: the unit left goes to the first of the equals
    ["a tie to the earlier line", [100, 100, 100], { amount: 100 }, "half_up", [34, 33, 33]],
    ["two units left", [100, 100, 100], { amount: 50 }, "half_up", [17, 17, 16]],
    // 1000 x 15 % = 150: 49.95 and 100.05
    ["the largest remainder", [333, 667], { ppm: 150_000 }, "half_up", [50, 100]],
    // 7 x 199/1000 = 1.39, 7 x 301/1000 = 2.11, 7 x 500/1000 = 3.5
    ["a later largest remainder", [199, 301, 500], { amount: 7 }, "half_up", [1, 2, 4]],
    // 250 x 5 % = 12.5
    ["a half, up", [125, 125], { ppm: 50_000 }, "half_up", [7, 6]],
    ["a half, to even", [125, 125], { ppm: 50_000 }, "half_even", [6, 6]],
    ["all of it", [199, 301], { amount: 500 }, "half_up", [199, 301]],
    ["all of it by rate", [199, 301], { ppm: 1_000_000 }, "half_up", [199, 301]],
    ["less than there are lines", [100, 100, 100], { amount: 1 }, "half_up", [1, 0, 0]],
    ["nothing off nothing", [0, 0], { ppm: 100_000 }, "half_up", [0, 0]],
  ])("%s", (_what, prices, discount, mode, expected) => {
    expect(shares(prices, discount, mode)).toEqual(expected);
  });

  // After the line discounts 500 and 500 stand; 10 % of 1000 = 100 is shared over those. Tax 20 % of 450 each.
  test("is of and over what the line discounts leave", () => {
    const lines = [
      line({ unit_price: 1000, tax_rate_ppm: VAT, discount: { ppm: 500_000 } }),
      line({ unit_price: 500, tax_rate_ppm: VAT }),
    ];
    const priced = priceBasket(rules("exclusive"), lines, { ppm: 100_000 });
    expect(each("order_discount", priced)).toEqual([50, 50]);
    expect(each("discount_total", priced)).toEqual([550, 50]);
    expect(each("tax_total", priced)).toEqual([90, 90]);
    expect(header(priced)).toEqual([1500, 600, 180, 1080]);
  });

  test("a line that came to nothing bears no share", () => {
    const lines = [line({ unit_price: 1000, discount: { ppm: 1_000_000 } }), line({ unit_price: 300 })];
    expect(each("order_discount", priceBasket(rules("inclusive"), lines, { amount: 100 }))).toEqual([0, 100]);
  });

  test("above the order is refused", () => {
    const lines = [line({ unit_price: 100, discount: { amount: 40 } }), line({ unit_price: 100 })];
    const price = (amount: number) => priceBasket(rules("inclusive"), lines, { amount });
    expect(price(160).total).toBe(0);
    expect(failureOf(() => price(161))).toMatchObject({ code: "discount_above_order", line_index: null });
  });
});

describe("a whole basket", () => {
  // Tax exclusive, half even, order discount 5.00 on three rates:
  //   line        subtotal   own/named discount   left   share of 500                  net    tax
  //   2 x 12.49   2498       -                    2498   500 x 2498/4229 = 295.34 295  2203   20 %   440.6   441
  //   375 g @8.99  337.125 337  own 10 % 33.7 34   303   500 x  303/4229 =  35.82  36   267    5 %    13.35   13
  //   6 x 2.38    1428       -                    1428   500 x 1428/4229 = 168.83 169  1259    0 %     0       0
  test("three rates, a weight, an own discount and an order discount", () => {
    const lines = [
      line({ unit_price: 1249, quantity: 2, tax_rate_ppm: VAT }),
      line({ unit_price: 899, price_quantity: 1000, quantity: 375, tax_rate_ppm: 50_000, discount_ppm: 100_000 }),
      line({ unit_price: 238, quantity: 6 }),
    ];
    const priced = priceBasket(rules("exclusive", "half_even"), lines, { amount: 500 });
    expect(priced.lines).toEqual([
      {
        subtotal: 2498,
        line_discount: 0,
        order_discount: 295,
        discount_total: 295,
        tax_total: 441,
        total: 2644,
      },
      {
        subtotal: 337,
        line_discount: 34,
        order_discount: 36,
        discount_total: 70,
        tax_total: 13,
        total: 280,
      },
      {
        subtotal: 1428,
        line_discount: 0,
        order_discount: 169,
        discount_total: 169,
        tax_total: 0,
        total: 1259,
      },
    ]);
    expect(header(priced)).toEqual([4263, 534, 454, 4183]);
  });

  test("no lines come to nothing", () => {
    expect(priceBasket(rules("exclusive", "half_up", "invoice"), [])).toEqual({
      lines: [],
      subtotal: 0,
      discount_total: 0,
      tax_total: 0,
      total: 0,
    });
  });
});

describe("what is no whole number of its unit", () => {
  const HALF = [0.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53];

  test.each(["unit_price", "quantity", "tax_rate_ppm", "discount_ppm", "printed_price"] as const)(
    "is refused as a line's %s",
    (field) => {
      for (const value of HALF) {
        expect(() => priceBasket(rules("inclusive"), [line({}), line({ [field]: value })])).toThrow(RangeError);
      }
    },
  );

  test("is refused as a line's price_quantity, and so is 0", () => {
    for (const value of [...HALF, 0]) {
      expect(() => priceBasket(rules("inclusive"), [line({ price_quantity: value })])).toThrow(RangeError);
    }
  });

  test("is refused as a discount of a line and of the order", () => {
    for (const value of HALF) {
      for (const discount of [{ amount: value }, { ppm: value }]) {
        expect(() => priceBasket(rules("inclusive"), [line({ unit_price: 100, discount })])).toThrow(RangeError);
        expect(() => priceBasket(rules("inclusive"), [line({ unit_price: 100 })], discount)).toThrow(RangeError);
      }
    }
  });
});

describe("amounts too large", () => {
  const dear = { unit_price: 999_999_999, quantity: 1000 }; // 999 999 999 000

  test("just below the bound is priced exactly", () => {
    // 999999999000 x 0.2 / 1.2 = 166666666500
    const priced = priceBasket(rules("inclusive"), [line({ ...dear, tax_rate_ppm: VAT })]);
    expect(header(priced)).toEqual([999_999_999_000, 0, 166_666_666_500, 999_999_999_000]);
  });

  test.each<[string, PricingRules, BasketLine[], number | null]>([
    ["a line", rules("inclusive"), [line({}), line({ ...dear, quantity: 1001 })], 1],
    ["a line past 2^53", rules("inclusive"), [line({ unit_price: 999_999_999_999, quantity: 1_000_000_000 })], 0],
    ["a line with its tax", rules("exclusive"), [line({}), line({ ...dear, tax_rate_ppm: VAT })], 1],
    [
      "a line, though its discount takes it all",
      rules("inclusive"),
      [line({}), line({ ...dear, quantity: 1001, discount: { ppm: 1_000_000 } })],
      1,
    ],
    ["the sum", rules("inclusive"), [line(dear), line(dear)], null],
    // 2 x 499999999500 is below the bound; with 20 % each it is not, though neither line is above.
    [
      "the sum with its tax",
      rules("exclusive"),
      Array.from({ length: 2 }, () => line({ ...dear, quantity: 500, tax_rate_ppm: VAT })),
      null,
    ],
    [
      "the sum of one rate",
      rules("inclusive", "half_up", "invoice"),
      Array.from({ length: 20 }, () => line({ ...dear, tax_rate_ppm: VAT })),
      null,
    ],
    [
      "the sum before its discounts",
      rules("inclusive"),
      [line({ ...dear, discount: { ppm: 1_000_000 } }), line({ ...dear, discount: { ppm: 1_000_000 } })],
      null,
    ],
  ])("%s", (_what, how, lines, lineIndex) => {
    expect(failureOf(() => priceBasket(how, lines))).toMatchObject({
      name: "PricingError",
      code: "amount_too_large",
      line_index: lineIndex,
    });
  });

  test("the sum that an order discount is of", () => {
    const lines = Array.from({ length: 20 }, () => line(dear));
    expect(failureOf(() => priceBasket(rules("inclusive"), lines, { ppm: 1 }))).toMatchObject({
      code: "amount_too_large",
      line_index: null,
    });
  });
});
