import { describe, expect, test } from "vitest";
import { widthOf } from "../../../src/core/columns.ts";
import type { ReceiptFacts } from "../../../src/modules/sales/receipt.ts";
import { renderText } from "../../../src/modules/sales/receipt-text.ts";
import type { Sale } from "../../../src/modules/sales/schemas.ts";
import { billOf, CHEESE, FACTS, lineOf, manyNames, NAMES, paid, saleOf, TEA } from "./receipt-samples.ts";

function print(sale: Sale = saleOf(), over: Partial<ReceiptFacts> = {}, copy = 1): string[] {
  const { receipt_width } = { ...FACTS, ...over };
  return renderText(billOf(sale, over, copy), receipt_width).split("\n");
}

describe("the printed bill", () => {
  test("shows what was sold, paid and taxed, in 32 columns", () => {
    expect(print()).toEqual([
      "          Corner shop",
      "         1 High Street",
      "",
      "            VAT 123",
      "--------------------------------",
      "Invoice           MAIN-01-000042",
      "2026-07-02 09:05         Till 01",
      "Cashier                    Amina",
      "--------------------------------",
      "Tea",
      "  3 x 1.00                  3.00",
      "  Discount                 -0.30",
      "Cheddar, matured for twenty-four",
      "months",
      "  345 g x 15.90 per kg      5.49",
      "--------------------------------",
      "Subtotal                    8.49",
      "Discount                   -0.30",
      "Rounding                    0.01",
      "TOTAL GBP                   8.20",
      "Card ****4242               0.20",
      "Cash                       10.00",
      "Change                      2.00",
      "--------------------------------",
      "Tax 8.875 % on 5.04         0.45",
      "Tax 20 % on 2.25            0.45",
      "--------------------------------",
      "           Thank you",
      "",
    ]);
  });

  test("shows names of every script, in 42 columns", () => {
    const lines = print(manyNames(), { receipt_width: 42, store_name: "مخبز الأمل", cashier: "דנה לוי" });
    expect(lines.slice(0, 1)).toEqual(["                \u200e\u2067مخبز الأمل\u2069"]);
    expect(lines.slice(7, 18)).toEqual([
      "Cashier                            \u200e\u2067דנה לוי\u2069",
      "------------------------------------------",
      "お茶 特選 🍵",
      "  1 x 1.00                         1234.56",
      "\u200e\u2067قهوة عربية مع الهيل (٢٥٠ غ)\u2069",
      "  1 x 1.00                         1234.56",
      "\u200e\u2067לחם מחמצת 500 g\u2069",
      "  1 x 1.00                         1234.56",
      "Æbleskiver – crème brûlée, Łódź żurek,",
      "Чёрный хлеб",
      "  1 x 1.00                         1234.56",
    ]);
  });

  test("carries on what is too long, in 48 columns", () => {
    const lines = print(saleOf({ lines: [lineOf({ name: "お茶 🍵 ".repeat(9).trim() })] }), {
      receipt_width: 48,
      cashier: "Maximiliana-Alexandrina von und zu Hohenstein",
      receipt_footer: "قهوة عربية ".repeat(6).trim(),
    });
    expect(lines.slice(7, 13)).toEqual([
      "Cashier",
      "   Maximiliana-Alexandrina von und zu Hohenstein",
      "------------------------------------------------",
      "お茶 🍵 お茶 🍵 お茶 🍵 お茶 🍵 お茶 🍵 お茶 🍵",
      "お茶 🍵 お茶 🍵 お茶 🍵",
      "  1 x 1.00                                  1.00",
    ]);
    expect(lines.slice(-4)).toEqual([
      "------------------------------------------------",
      "\u200e\u2067قهوة عربية قهوة عربية قهوة عربية قهوة عربية قهوة\u2069",
      "                \u200e\u2067عربية قهوة عربية\u2069",
      "",
    ]);
  });

  test("leaves out what there is none of", () => {
    const plain = saleOf({
      lines: [lineOf({ tax_rate_ppm: 0, tax_total: 0 })],
      payments: [paid("mobile_wallet", 100)],
      subtotal: 100,
      discount_total: 0,
      tax_total: 0,
      rounding_adjustment: 0,
      total: 100,
      change_due: 0,
    });
    const lines = print(plain, { receipt_header: "", receipt_footer: "", terminal_code: null });
    expect(lines.join("\n")).not.toMatch(/Discount|Rounding|Change|Balance|Till|DUPLICATE|VOID/);
    expect(lines).toContain("Mobile wallet               1.00");
    expect(lines.slice(-2)).toEqual(["Tax 0 % on 1.00             0.00", ""]);
  });

  test("adds tax where prices are without it", () => {
    expect(print(saleOf({ tax_mode: "exclusive" }))).toContain("Tax                         0.90");
    expect(print().some((line) => /^Tax +0.90$/.test(line))).toBe(false);
  });

  test("names every way to pay, and what is left to pay", () => {
    const payments = [
      paid("bank_transfer", 1),
      paid("store_credit", 2),
      paid("gift_card", 3, { reference: "GIFT-9F3A-77QX" }),
      paid("gift_card", 4),
      paid("on_account", 500),
      paid("cheque", 6),
    ];
    const lines = print(saleOf({ payments, change_due: 0, balance_due: 500, due: 500 }));
    expect(lines.slice(20, 27)).toEqual([
      "Bank transfer               0.01",
      "Store credit                0.02",
      "Gift card ****77QX          0.03",
      "Gift card                   0.04",
      "On account                  5.00",
      "cheque                      0.06",
      "Balance due                 5.00",
    ]);
  });

  test.each([
    [{ unit: "each" as const, price_quantity: 12 }, "1 x 1.00 per 12"],
    [{ unit: "g" as const, price_quantity: 100 }, "1 g x 1.00 per 100 g"],
    [{ unit: "ml" as const, price_quantity: 1000 }, "1 ml x 1.00 per l"],
    [{ unit: "ml" as const, price_quantity: 1 }, "1 ml x 1.00"],
  ])("says what a price is for: %o", (over, expected) => {
    expect(print(saleOf({ lines: [lineOf(over)] }))[10]).toMatch(new RegExp(`^ {2}${expected} +1.00$`));
  });

  test.each([
    ["JPY", "TOTAL JPY                    820"],
    ["KWD", "TOTAL KWD                  0.820"],
  ])("writes %s with its own decimals", (currency, expected) => {
    expect(print(saleOf({ currency }))).toContain(expected);
  });

  test("has the date and the time of the store", () => {
    const late = saleOf({ sold_at: "2026-12-31T20:30:59.999Z" });
    expect(print(late, { timezone: "Asia/Karachi" })[6]).toBe("2027-01-01 01:30         Till 01");
    expect(print(late, { timezone: "America/New_York" })[6]).toBe("2026-12-31 15:30         Till 01");
  });

  test("is marked a duplicate from the second copy on, with their count", () => {
    expect(print(saleOf(), {}, 1)[0]).toBe("          Corner shop");
    expect(print(saleOf(), {}, 2)[0]).toBe("      *** DUPLICATE 1 ***");
    expect(print(saleOf(), {}, 12)[0]).toBe("      *** DUPLICATE 11 ***");
  });

  test("of a sale that is void says so", () => {
    expect(print(saleOf({ status: "voided" }), {}, 2).slice(0, 2)).toEqual([
      "          *** VOID ***",
      "      *** DUPLICATE 1 ***",
    ]);
  });

  test.each([
    ["partially_refunded", "    *** PARTLY REFUNDED ***"],
    ["refunded", "        *** REFUNDED ***"],
  ] as const)("of a sale that is %s says so, and which lines came back", (status, mark) => {
    const lines = [{ ...TEA, refunded_quantity: 2 }, lineOf({ name: "Jam" }), { ...CHEESE, refunded_quantity: 345 }];
    const printed = print(saleOf({ status, lines }), {}, 2);
    expect(printed.slice(0, 2)).toEqual([mark, "      *** DUPLICATE 1 ***"]);
    expect(printed.slice(11, 20)).toEqual([
      "Tea",
      "  3 x 1.00                  3.00",
      "  Discount                 -0.30",
      "  Returned 2",
      "Jam",
      "  1 x 1.00                  1.00",
      "Cheddar, matured for twenty-four",
      "months",
      "  345 g x 15.90 per kg      5.49",
    ]);
    expect(printed[20]).toBe("  Returned 345 g");
  });

  test("tells what was paid later from what was paid with the sale", () => {
    const payments = [
      paid("on_account", 500),
      paid("cash", 320),
      paid("cash", 200),
      paid("card", 100, { card_last4: "4242" }),
    ];
    const lines = print(saleOf({ payments, change_due: 0, balance_due: 200, due: 200 }), { tendered: 2 });
    expect(lines.slice(20, 25)).toEqual([
      "On account                  5.00",
      "Cash                        3.20",
      "Paid later: Cash            2.00",
      "Paid later: Card ****4242   1.00",
      "Balance due                 2.00",
    ]);
  });

  test.each([
    ["Rounding", "what coins make of cash", { rounding_adjustment: -2 }, { cash_rounding: 5 }],
    ["Rounding", "half a coin", { rounding_adjustment: 5 }, { cash_rounding: 10 }],
    ["Rounding", "what coins round away", { rounding_adjustment: -2 }, { cash_rounding: 5, tendered_in_cash: 0 }],
    ["Adjustment", "more than half a coin", { rounding_adjustment: -6 }, { cash_rounding: 10 }],
    ["Adjustment", "where there are no coins to round to", { rounding_adjustment: 1 }, { cash_rounding: 1 }],
    ["Adjustment", "without cash", { rounding_adjustment: 1, payments: [paid("card", 820)] }, { cash_rounding: 5 }],
    ["Adjustment", "with cash that came before or later", { rounding_adjustment: 1 }, { tendered_in_cash: 0 }],
  ])("calls it %s: %s", (label, _what, sale, over) => {
    const lines = print(saleOf(sale), over).filter((line) => /^(Rounding|Adjustment) /.test(line));
    expect(lines.map((line) => line.split(" ")[0])).toEqual([label]);
  });

  // 25 12345 00523 K and 25 12345 00000 K.
  const [LABEL, CARRIER] = ["2512345005230", "2512345000006"];
  const byWeight = { unit: "g", unit_price: 999, price_quantity: 1000 } as const;

  test.each<[string, Partial<Sale["lines"][number]>, string]>([
    ["a piece", { barcode: LABEL, unit_price: 1000, subtotal: 523 }, "1 x 5.23"],
    ["a piece of a price for twelve", { barcode: LABEL, price_quantity: 12, subtotal: 523 }, "1 x 5.23"],
    ["a piece, padded", { barcode: `0${LABEL}`, unit_price: 1000, subtotal: 523 }, "1 x 5.23"],
    ["a weight", { ...byWeight, barcode: LABEL, quantity: 524, subtotal: 523 }, "524 g x 9.99 per kg"],
    ["a weight with a discount in it", { ...byWeight, barcode: LABEL, quantity: 582, subtotal: 523 }, "582 g"],
    [
      "another price than the label's",
      { barcode: LABEL, list_price: 1000, unit_price: 523, subtotal: 523 },
      "1 x 5.23",
    ],
    [
      "a weight at another price than the label's",
      { ...byWeight, barcode: LABEL, list_price: 1250, quantity: 523, unit_price: 1000, subtotal: 523 },
      "523 g x 10.00 per kg",
    ],
    ["two of what has that very code", { barcode: LABEL, unit_price: 250, quantity: 2, subtotal: 500 }, "2 x 2.50"],
    ["a code with nothing printed in it", { barcode: CARRIER, unit_price: 0, subtotal: 0 }, "1 x 0.00"],
    ["any other code", { barcode: "5901234123457", unit_price: 523, subtotal: 523 }, "1 x 5.23"],
  ])("shows the price that a label has: %s", (_what, over, expected) => {
    const [, row = ""] = print(saleOf({ lines: [lineOf(over)] })).slice(9);
    expect(row.trim().replace(/ +\d+\.\d\d$/, "")).toBe(expected);
  });

  test("of a sale without a number is none", () => {
    const lines = print(saleOf({ status: "parked", invoice_no: null }));
    expect(lines[0]).toBe("       *** NOT A BILL ***");
    expect(lines.join("\n")).not.toContain("Invoice");
  });

  test.each([24, 32, 42, 48, 80])("keeps within %i columns, whatever it is given", (width) => {
    const wide = "お茶 Æthelred's 🍵 ".repeat(12).trim();
    const largest = lineOf({ quantity: 1_000_000_000, unit_price: 999_999_999_999, subtotal: 999_999_999_999_999 });
    const lines = print(
      saleOf({ lines: [TEA, CHEESE, largest, lineOf({ name: wide }), lineOf({ name: "x".repeat(200) })] }),
      { store_name: wide, receipt_header: wide, receipt_footer: "y".repeat(100), cashier: wide, receipt_width: width },
      3,
    );
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
    // Nothing of a name, an amount or of the shop's own words is lost.
    const text = lines.join("").replaceAll(" ", "");
    expect(text.split(wide.replaceAll(" ", ""))).toHaveLength(5);
    expect(text).toContain("x".repeat(200));
    expect(text).toContain("y".repeat(100));
    expect(text).toContain("1000000000x9999999999.99");
    expect(lines.some((line) => line.endsWith(" 9999999999999.99"))).toBe(true);
  });

  test.each([32, 42, 48])("keeps the amounts in one column of %i beside wide and right-to-left names", (width) => {
    const lines = print(manyNames(), { receipt_width: width });
    const rows = lines.filter((line) => line.startsWith("  1 x"));
    expect(rows).toEqual(NAMES.map(() => `  1 x 1.00${" ".repeat(width - 17)}1234.56`));
    const amounts = lines.filter((line) => /\d\.\d\d$/.test(line));
    expect(amounts.length).toBeGreaterThan(8);
    for (const line of amounts) expect(widthOf(line)).toBe(width);
  });
});

test("no text in it gives the printer a command, or a line of its own", () => {
  const render = (text: string): string[] =>
    print(saleOf({ lines: [lineOf({ name: text })] }), { store_name: text, cashier: text });
  const evil = render("Tea\u001b@\u001dV\nTOTAL\u202e\r\u0007");
  expect(evil.join("\n")).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
  expect(evil).toHaveLength(render("Tea @ V TOTAL").length);
});
