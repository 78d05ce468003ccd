import { type GoldenBasket, store } from "./row.ts";

/** Goods by weight and volume, prices for several, and what a scale prints into an in-store code. */

export const WEIGHTS: GoldenBasket[] = [
  {
    name: "a price and a quantity of several decimals",
    source: {
      title: "Chargebee, What is the rounding logic for line item amounts?",
      url: "https://chargebee.com/docs/2.0/site-configuration/articles-and-faq/what-is-the-rounding-logic-for-line-item-amounts.html",
      gives: "figures",
    },
    working: "4.4556 x 10.625 = 47.34075 -> 47.34",
    store: store("USD", "exclusive"),
    lines: [{ name: "Storage", unit: "g", unit_price: 44_556, price_quantity: 100_000, quantity: 10_625 }],
    payments: [["card", 4734]],
    expected: {
      lines: [[4734, 0, 0, 0, 4734]],
      tax: [[0, 4734, 0]],
      subtotal: 4734,
      discount_total: 0,
      tax_total: 0,
      rounding_adjustment: 0,
      total: 4734,
      change_due: 0,
    },
  },
  {
    name: "three for a dollar",
    source: {
      title: "Symbol WaveWorks PSS integration guide 1.10, Rounding method 3",
      url: "http://38.142.81.21:8001/manual/symbol-technologies/cst3040k088r1/integration-guide-english/page-176.html",
      gives: "figures",
    },
    working: "1 x 1.00 / 3 = 0.3333 -> 0.33; 2 x 1.00 / 3 = 0.6667 -> 0.67; three come back as 0.33 + 0.34 + 0.33",
    store: store("USD", "inclusive"),
    lines: [
      { name: "One orange", unit_price: 100, price_quantity: 3, quantity: 1 },
      { name: "Two lemons", unit_price: 100, price_quantity: 3, quantity: 2 },
      { name: "Three limes", unit_price: 100, price_quantity: 3, quantity: 3 },
    ],
    payments: [["cash", 200]],
    expected: {
      lines: [
        [33, 0, 0, 0, 33],
        [67, 0, 0, 0, 67],
        [100, 0, 0, 0, 100],
      ],
      tax: [[0, 200, 0]],
      subtotal: 200,
      discount_total: 0,
      tax_total: 0,
      rounding_adjustment: 0,
      total: 200,
      change_due: 0,
    },
    refunds: [
      {
        line_no: 3,
        pieces: [
          [1, 33, 0, 0, 33],
          [1, 34, 0, 0, 34],
          [1, 33, 0, 0, 33],
        ],
      },
    ],
  },
  {
    name: "Switzerland: a discounted pair and 0.542 kg, paid in cash",
    source: {
      title:
        "Comarch POS, Rounding of cash payments for the Swiss market, VAT aggregation: the items; the figures by hand",
      url: "https://help.comarch.com/pos/index.php/knowledge-base/rounding-of-cash-payments-for-the-swiss-market",
      gives: "rule",
    },
    working:
      "2 x 169.00 - 7.5 % = 312.65, x 2.5 / 102.5 = 7.6256; 12.50 x 0.542 = 6.775 -> 6.78, x 7.7 / 107.7 = 0.4847; 319.43 -> 319.45",
    store: store("CHF", "inclusive", { cash_rounding: 5 }),
    lines: [
      { name: "Item A1", unit_price: 16_900, quantity: 2, tax_rate_ppm: 25_000, discount: { ppm: 75_000 } },
      { name: "Item B1", unit: "g", unit_price: 1250, price_quantity: 1000, quantity: 542, tax_rate_ppm: 77_000 },
    ],
    payments: [["cash", 32_000]],
    expected: {
      lines: [
        [33_800, 2535, 0, 763, 31_265],
        [678, 0, 0, 48, 678],
      ],
      tax: [
        [25_000, 30_502, 763],
        [77_000, 630, 48],
      ],
      subtotal: 34_478,
      discount_total: 2535,
      tax_total: 811,
      rounding_adjustment: 2,
      total: 31_945,
      change_due: 55,
    },
  },
  {
    name: "a scale's code that carries grams",
    source: {
      title: "GS1 General Specifications, figure 2.1.14.2-2: item reference, item measure; check digit by 7.9",
      url: "https://fliphtml5.com/fbtj/xroj/GS1_General_Specifications/73/",
      gives: "rule",
    },
    working: "21 12345 00542 3 is 542 g; x 12.50 / kg = 6.775 -> 6.78; x 5 / 105 = 0.3229",
    store: store("GBP", "inclusive"),
    lines: [
      {
        name: "Cheddar",
        unit: "g",
        unit_price: 1250,
        price_quantity: 1000,
        barcode: "2112345005423",
        carrier: "2112345000008",
        tax_rate_ppm: 50_000,
      },
    ],
    payments: [["card", 678]],
    expected: {
      lines: [[678, 0, 0, 32, 678]],
      tax: [[50_000, 646, 32]],
      subtotal: 678,
      discount_total: 0,
      tax_total: 32,
      rounding_adjustment: 0,
      total: 678,
      change_due: 0,
    },
    measured: [{ line_no: 1, quantity: 542 }],
  },
  {
    name: "a scale's code that carries a price, with the product's own discount in it already",
    source: {
      title: "GS1 General Specifications, figure 2.1.14.2-2: item reference, item price; check digit by 7.9",
      url: "https://fliphtml5.com/fbtj/xroj/GS1_General_Specifications/73/",
      gives: "rule",
    },
    working:
      "26 00123 00537 1 is 5.37, which at 15.90 - 10 % = 14.31 / kg buys 375.26 -> 375 g; x 5 / 105 = 0.2557. 100 of 375 g: 143.2 and 6.93",
    store: store("GBP", "inclusive"),
    lines: [
      {
        name: "Ham",
        unit: "g",
        unit_price: 1590,
        price_quantity: 1000,
        barcode: "2600123005371",
        carrier: "2600123000000",
        tax_rate_ppm: 50_000,
        discount_ppm: 100_000,
      },
    ],
    payments: [["card", 537]],
    expected: {
      lines: [[537, 0, 0, 26, 537]],
      tax: [[50_000, 511, 26]],
      subtotal: 537,
      discount_total: 0,
      tax_total: 26,
      rounding_adjustment: 0,
      total: 537,
      change_due: 0,
    },
    measured: [{ line_no: 1, quantity: 375 }],
    refunds: [
      {
        line_no: 1,
        pieces: [
          [100, 143, 0, 7, 143],
          [275, 394, 0, 19, 394],
        ],
      },
    ],
  },
  {
    name: "a printed price of a piece, and one with a discount that the line names",
    source: "by hand",
    working:
      "29 00042 01999 3 is one at 19.99, / 6 = 3.3317; 25 00314 00125 3 is 1.25, at 9.90 / kg 126.26 -> 126 g, less 20 % = 1.00",
    store: store("GBP", "inclusive"),
    lines: [
      {
        name: "Hamper",
        unit_price: 2500,
        barcode: "2900042019993",
        carrier: "2900042000007",
        tax_rate_ppm: 200_000,
      },
      {
        name: "Olives",
        unit: "g",
        unit_price: 990,
        price_quantity: 1000,
        barcode: "2500314001253",
        carrier: "2500314000003",
        discount: { ppm: 200_000 },
      },
    ],
    payments: [["cash", 2100]],
    expected: {
      lines: [
        [1999, 0, 0, 333, 1999],
        [125, 25, 0, 0, 100],
      ],
      tax: [
        [0, 100, 0],
        [200_000, 1666, 333],
      ],
      subtotal: 2124,
      discount_total: 25,
      tax_total: 333,
      rounding_adjustment: 0,
      total: 2099,
      change_due: 1,
    },
    measured: [
      { line_no: 1, quantity: 1 },
      { line_no: 2, quantity: 126 },
    ],
  },
  {
    name: "by volume, and a gram that is too little to charge",
    source: "by hand",
    working: "0.79 x 330 / 100 = 2.607 -> 2.61; 0.49 x 1 / 1000 = 0.00049 -> 0",
    store: store("EUR", "inclusive"),
    lines: [
      { name: "Olive oil", unit: "ml", unit_price: 79, price_quantity: 100, quantity: 330 },
      { name: "Saffron dust", unit: "g", unit_price: 49, price_quantity: 1000, quantity: 1 },
    ],
    payments: [["card", 261]],
    expected: {
      lines: [
        [261, 0, 0, 0, 261],
        [0, 0, 0, 0, 0],
      ],
      tax: [[0, 261, 0]],
      subtotal: 261,
      discount_total: 0,
      tax_total: 0,
      rounding_adjustment: 0,
      total: 261,
      change_due: 0,
    },
  },
];
