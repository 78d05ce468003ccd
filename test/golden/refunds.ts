import { type GoldenBasket, store } from "./row.ts";

/** What comes back of a sold line, piece by piece: by hand, under "the first n pieces carry round(part x n / quantity)". */

export const REFUNDS: GoldenBasket[] = [
  {
    name: "three pieces, one by one, tax in the price",
    source: "by hand",
    working:
      "10.00: 3.33, 6.67, 10.00; discount 1.00: 0.33, 0.67, 1.00; tax 9.00 / 6 = 1.50: 0.50, 1.00, 1.50; each piece is the difference to the one before",
    store: store("EUR", "inclusive"),
    lines: [
      {
        name: "Socks, three for ten",
        unit_price: 1000,
        price_quantity: 3,
        quantity: 3,
        tax_rate_ppm: 200_000,
        discount: { amount: 100 },
      },
    ],
    payments: [["card", 900]],
    expected: {
      lines: [[1000, 100, 0, 150, 900]],
      tax: [[200_000, 750, 150]],
      subtotal: 1000,
      discount_total: 100,
      tax_total: 150,
      rounding_adjustment: 0,
      total: 900,
      change_due: 0,
    },
    refunds: [
      {
        line_no: 1,
        pieces: [
          [1, 333, 33, 50, 300],
          [1, 334, 34, 50, 300],
          [1, 333, 33, 50, 300],
        ],
      },
    ],
  },
  {
    name: "two, then one, tax on top: it comes back too",
    source: "by hand",
    working: "9.00 x 20 % = 1.80, 0.60 a piece; two carry 6.67 - 0.67 + 1.20, the last 3.33 - 0.33 + 0.60",
    store: store("EUR", "exclusive"),
    lines: [
      {
        name: "Socks, three for ten",
        unit_price: 1000,
        price_quantity: 3,
        quantity: 3,
        tax_rate_ppm: 200_000,
        discount: { amount: 100 },
      },
    ],
    payments: [["card", 1080]],
    expected: {
      lines: [[1000, 100, 0, 180, 1080]],
      tax: [[200_000, 900, 180]],
      subtotal: 1000,
      discount_total: 100,
      tax_total: 180,
      rounding_adjustment: 0,
      total: 1080,
      change_due: 0,
    },
    refunds: [
      {
        line_no: 1,
        pieces: [
          [2, 667, 67, 120, 720],
          [1, 333, 33, 60, 360],
        ],
      },
    ],
  },
  {
    name: "half of an odd amount, to even",
    source: "by hand",
    working: "0.05 / 2 = 0.025 -> 0.02, and 0.03 is left",
    store: store("EUR", "inclusive", { mode: "half_even" }),
    lines: [{ name: "Screws, two for five", unit_price: 5, price_quantity: 2, quantity: 2 }],
    payments: [["cash", 5]],
    expected: {
      lines: [[5, 0, 0, 0, 5]],
      tax: [[0, 5, 0]],
      subtotal: 5,
      discount_total: 0,
      tax_total: 0,
      rounding_adjustment: 0,
      total: 5,
      change_due: 0,
    },
    refunds: [
      {
        line_no: 1,
        pieces: [
          [1, 2, 0, 0, 2],
          [1, 3, 0, 0, 3],
        ],
      },
    ],
  },
  {
    name: "part of a weight, with its share of the order's discount",
    source: "by hand",
    working:
      "3.49 x 1.234 = 4.3067; 6.81 x 10 % = 0.681 -> 0.68: 43.04 and 24.96; 3.88 / 21 = 0.1848. 500 of 1234 g: 174.64, 17.42, 7.29",
    store: store("GBP", "inclusive"),
    lines: [
      {
        name: "Brie",
        unit: "g",
        unit_price: 349,
        price_quantity: 1000,
        barcode: "2207777012344",
        carrier: "2207777000006",
        tax_rate_ppm: 50_000,
      },
      { name: "Loaf", unit_price: 250, quantity: 1 },
    ],
    discount: { ppm: 100_000 },
    payments: [["cash", 700]],
    expected: {
      lines: [
        [431, 0, 43, 18, 388],
        [250, 0, 25, 0, 225],
      ],
      tax: [
        [0, 225, 0],
        [50_000, 370, 18],
      ],
      subtotal: 681,
      discount_total: 68,
      tax_total: 18,
      rounding_adjustment: 0,
      total: 613,
      change_due: 87,
    },
    measured: [{ line_no: 1, quantity: 1234 }],
    refunds: [
      {
        line_no: 1,
        pieces: [
          [500, 175, 17, 7, 158],
          [734, 256, 26, 11, 230],
        ],
      },
    ],
  },
  {
    name: "a line's share of a tax that was rounded by invoice",
    source: "by hand",
    working:
      "(1.65 + 0.99) x 10 % = 0.264 -> 0.26: 16.25 and 9.75. Of five, two: 0.66 and 6.4 -> 0.06; four: 1.32 and 12.8 -> 0.13",
    store: store("USD", "exclusive", { scope: "invoice" }),
    lines: [
      { name: "Bolt", unit_price: 33, quantity: 5, tax_rate_ppm: 100_000 },
      { name: "Nut", unit_price: 33, quantity: 3, tax_rate_ppm: 100_000 },
    ],
    payments: [["card", 290]],
    expected: {
      lines: [
        [165, 0, 0, 16, 181],
        [99, 0, 0, 10, 109],
      ],
      tax: [[100_000, 264, 26]],
      subtotal: 264,
      discount_total: 0,
      tax_total: 26,
      rounding_adjustment: 0,
      total: 290,
      change_due: 0,
    },
    refunds: [
      {
        line_no: 1,
        pieces: [
          [2, 66, 0, 6, 72],
          [2, 66, 0, 7, 73],
          [1, 33, 0, 3, 36],
        ],
      },
      { line_no: 2, pieces: [[3, 99, 0, 10, 109]] },
    ],
  },
  {
    name: "a line gives back the share of the order's discount that it bore",
    source: "by hand",
    working: "1.00 over three equal lines: 34, 33, 33",
    store: store("GBP", "inclusive"),
    lines: [
      { name: "Red", unit_price: 100, quantity: 1 },
      { name: "Green", unit_price: 100, quantity: 1 },
      { name: "Blue", unit_price: 100, quantity: 1 },
    ],
    discount: { amount: 100 },
    payments: [["card", 200]],
    expected: {
      lines: [
        [100, 0, 34, 0, 66],
        [100, 0, 33, 0, 67],
        [100, 0, 33, 0, 67],
      ],
      tax: [[0, 200, 0]],
      subtotal: 300,
      discount_total: 100,
      tax_total: 0,
      rounding_adjustment: 0,
      total: 200,
      change_due: 0,
    },
    refunds: [
      { line_no: 1, pieces: [[1, 100, 34, 0, 66]] },
      { line_no: 3, pieces: [[1, 100, 33, 0, 67]] },
    ],
  },
  {
    name: "the rounding of cash is the sale's, and no line's: it does not come back",
    source: "by hand",
    working: "10.03 -> 10.05 in cash; the goods are worth 10.03",
    store: store("EUR", "inclusive", { cash_rounding: 5 }),
    lines: [{ name: "Book", unit_price: 1003, quantity: 1, tax_rate_ppm: 70_000 }],
    payments: [["cash", 1100]],
    expected: {
      lines: [[1003, 0, 0, 66, 1003]],
      tax: [[70_000, 937, 66]],
      subtotal: 1003,
      discount_total: 0,
      tax_total: 66,
      rounding_adjustment: 2,
      total: 1005,
      change_due: 95,
    },
    refunds: [{ line_no: 1, pieces: [[1, 1003, 0, 66, 1003]] }],
  },
];
