import { type GoldenBasket, store } from "./row.ts";

/** Whole baskets, in which every step has something to do. */

const SUPERMARKET: GoldenBasket["lines"] = [
  { name: "Milk", unit_price: 145, quantity: 2 },
  { name: "Soap", unit_price: 220, quantity: 3, tax_rate_ppm: 200_000, discount_ppm: 150_000 },
  { name: "Coal", unit_price: 1299, quantity: 1, tax_rate_ppm: 50_000 },
  { name: "Gift wrapping", custom: true, unit_price: 150, quantity: 1, tax_rate_ppm: 200_000 },
];

export const WHOLE: GoldenBasket[] = [
  {
    name: "three rates, a weight, an own discount, an order discount, half even, card and cash",
    source: "by hand",
    working:
      "8.99 x 0.375 = 3.37125; 10 % = 0.337; 5.00 over 24.98, 3.03, 14.28: 295.34, 35.82, 168.83. Taxes 440.6 and 13.35. 41.83 - 20.00 = 21.83 -> 21.85",
    store: store("EUR", "exclusive", { mode: "half_even", cash_rounding: 5 }),
    lines: [
      { name: "Pan", unit_price: 1249, quantity: 2, tax_rate_ppm: 200_000 },
      {
        name: "Nuts",
        unit: "g",
        unit_price: 899,
        price_quantity: 1000,
        quantity: 375,
        tax_rate_ppm: 50_000,
        discount_ppm: 100_000,
      },
      { name: "Bread", unit_price: 238, quantity: 6 },
    ],
    discount: { amount: 500 },
    payments: [
      ["card", 2000],
      ["cash", 2200],
    ],
    expected: {
      lines: [
        [2498, 0, 295, 441, 2644],
        [337, 34, 36, 13, 280],
        [1428, 0, 169, 0, 1259],
      ],
      tax: [
        [0, 1259, 0],
        [50_000, 267, 13],
        [200_000, 2203, 441],
      ],
      subtotal: 4263,
      discount_total: 534,
      tax_total: 454,
      rounding_adjustment: 2,
      total: 4185,
      change_due: 15,
    },
  },
  {
    name: "a supermarket's basket, tax in the price, by line",
    source: "by hand",
    working:
      "6.60 - 15 % = 5.61; 2.00 over 2.90, 5.61, 12.99, 1.50: 25.22, 48.78, 112.96, 13.04. Taxes 5.12 / 6 = 85.33, 11.86 / 21 = 56.48, 1.37 / 6 = 22.83. Two of three soaps: 440, 98.67, 56.67",
    store: store("GBP", "inclusive"),
    lines: SUPERMARKET,
    discount: { amount: 200 },
    payments: [["cash", 2500]],
    expected: {
      lines: [
        [290, 0, 25, 0, 265],
        [660, 99, 49, 85, 512],
        [1299, 0, 113, 56, 1186],
        [150, 0, 13, 23, 137],
      ],
      tax: [
        [0, 265, 0],
        [50_000, 1130, 56],
        [200_000, 541, 108],
      ],
      subtotal: 2399,
      discount_total: 299,
      tax_total: 164,
      rounding_adjustment: 0,
      total: 2100,
      change_due: 400,
    },
    refunds: [
      {
        line_no: 2,
        pieces: [
          [2, 440, 99, 57, 341],
          [1, 220, 49, 28, 171],
        ],
      },
      { line_no: 4, pieces: [[1, 150, 13, 23, 137]] },
    ],
  },
  {
    name: "the same basket, tax on top, by invoice",
    source: "by hand",
    working: "20 %: (5.12 + 1.37) = 1.298 -> 1.30: 102.56 and 27.44; 5 %: 11.86 = 0.593 -> 0.59",
    store: store("GBP", "exclusive", { scope: "invoice" }),
    lines: SUPERMARKET,
    discount: { amount: 200 },
    payments: [["card", 2289]],
    expected: {
      lines: [
        [290, 0, 25, 0, 265],
        [660, 99, 49, 103, 615],
        [1299, 0, 113, 59, 1245],
        [150, 0, 13, 27, 164],
      ],
      tax: [
        [0, 265, 0],
        [50_000, 1186, 59],
        [200_000, 649, 130],
      ],
      subtotal: 2399,
      discount_total: 299,
      tax_total: 189,
      rounding_adjustment: 0,
      total: 2289,
      change_due: 0,
    },
  },
];
