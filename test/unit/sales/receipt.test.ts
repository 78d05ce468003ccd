import { describe, expect, test } from "vitest";
import { widthOf } from "../../../src/core/columns.ts";
import { composeReceipt, type ReceiptFacts, renderText, summarizeTax } from "../../../src/modules/sales/receipt.ts";
import type { Sale } from "../../../src/modules/sales/schemas.ts";

const facts: ReceiptFacts = {
  store_name: "Corner shop",
  store_code: "MAIN",
  timezone: "Europe/London",
  receipt_header: "1 High Street\n\nVAT 123",
  receipt_footer: "Thank you",
  receipt_width: 32,
  terminal_code: "01",
  cashier: "Amina",
};

function lineOf(over: Partial<Sale["lines"][number]>): Sale["lines"][number] {
  return {
    id: "line",
    line_no: 1,
    product_id: null,
    sku: null,
    barcode: null,
    name: "Tea",
    unit: "each",
    price_quantity: 1,
    list_price: null,
    unit_price: 100,
    override_reason: null,
    quantity: 1,
    tax_rate_ppm: 200_000,
    subtotal: 100,
    line_discount: 0,
    order_discount: 0,
    discount_total: 0,
    discount_reason: null,
    tax_total: 17,
    total: 100,
    note: null,
    refunded_quantity: 0,
    ...over,
  };
}

const TEA = lineOf({ quantity: 3, subtotal: 300, line_discount: 30, discount_total: 30, tax_total: 45, total: 270 });
const CHEESE = lineOf({
  line_no: 2,
  name: "Cheddar, matured for twenty-four months",
  unit: "g",
  price_quantity: 1000,
  unit_price: 1590,
  quantity: 345,
  tax_rate_ppm: 88_750,
  subtotal: 549,
  tax_total: 45,
  total: 549,
});

function saleOf(over: Partial<Sale> = {}): Sale {
  return {
    id: "sale",
    invoice_no: "MAIN-01-000042",
    status: "completed",
    store_id: "store",
    terminal_id: "terminal",
    shift_id: null,
    customer_id: null,
    salesperson_id: null,
    user_id: "user",
    business_date: "2026-07-02",
    sold_at: "2026-07-02T08:05:00.000Z",
    currency: "GBP",
    tax_mode: "inclusive",
    subtotal: 849,
    discount_total: 30,
    tax_total: 90,
    rounding_adjustment: 1,
    total: 820,
    paid_total: 1020,
    change_due: 200,
    balance_due: 0,
    note: null,
    created_at: "2026-07-02T08:05:00.000Z",
    lines: [TEA, CHEESE],
    payments: [
      { payment_no: 1, method: "card", amount: 20, reference: "auth 1", card_last4: "4242" },
      { payment_no: 2, method: "cash", amount: 1000, reference: null, card_last4: null },
    ],
    ...over,
  };
}

function print(sale: Sale, over: Partial<ReceiptFacts> = {}, copy = 1): string[] {
  const all = { ...facts, ...over };
  return renderText(composeReceipt(sale, all, copy), all).split("\n");
}

describe("the printed bill", () => {
  test("shows what was sold, paid and taxed", () => {
    expect(print(saleOf())).toEqual([
      "          Corner shop",
      "         1 High Street",
      "",
      "            VAT 123",
      "--------------------------------",
      "Invoice           MAIN-01-000042",
      "2026-07-02 09:05         Till 01",
      "Cashier Amina",
      "--------------------------------",
      "Tea",
      "  3 x 1.00                  3.00",
      "  Discount                 -0.30",
      "Cheddar, matured for twenty-four",
      "months",
      "  345 g x 15.90 per 1000 g  5.49",
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

  test("leaves out what there is none of", () => {
    const plain = saleOf({
      lines: [lineOf({ tax_rate_ppm: 0, tax_total: 0 })],
      payments: [{ payment_no: 1, method: "mobile_wallet", amount: 100, reference: null, card_last4: null }],
      subtotal: 100,
      discount_total: 0,
      tax_total: 0,
      rounding_adjustment: 0,
      total: 100,
      change_due: 0,
    });
    const lines = print(plain, { receipt_header: "", receipt_footer: "", terminal_code: null });
    expect(lines.join("\n")).not.toMatch(/Discount|Rounding|Change|Till|DUPLICATE/);
    expect(lines).toContain("Mobile wallet               1.00");
    expect(lines.slice(-2)).toEqual(["Tax 0 % on 1.00             0.00", ""]);
  });

  test("adds tax where prices are without it", () => {
    const lines = print(saleOf({ tax_mode: "exclusive" }));
    expect(lines).toContain("Tax                         0.90");
    expect(print(saleOf()).some((line) => /^Tax +0.90$/.test(line))).toBe(false);
  });

  test.each([
    ["JPY", "TOTAL JPY                    820"],
    ["KWD", "TOTAL KWD                  0.820"],
  ])("writes %s with its own decimals", (currency, expected) => {
    expect(print(saleOf({ currency }))).toContain(expected);
  });

  test("is marked a duplicate from the second copy on, with their count", () => {
    expect(print(saleOf(), {}, 1)[0]).toBe("          Corner shop");
    expect(print(saleOf(), {}, 2)[0]).toBe("      *** DUPLICATE 1 ***");
    expect(print(saleOf(), {}, 12)[0]).toBe("      *** DUPLICATE 11 ***");
  });

  test.each([24, 32, 42, 48, 80])("keeps within %i columns, whatever it is given", (width) => {
    const wide = "お茶 Æthelred's 🍵 ".repeat(12).trim();
    const lines = print(
      saleOf({ lines: [TEA, CHEESE, lineOf({ name: wide }), lineOf({ name: "x".repeat(200) })] }),
      { store_name: wide, receipt_header: wide, receipt_footer: "y".repeat(100), cashier: wide, receipt_width: width },
      3,
    );
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
    // Nothing of a name or of the shop's own words is lost.
    const text = lines.join("").replaceAll(" ", "");
    expect(text.split(wide.replaceAll(" ", ""))).toHaveLength(4);
    expect(text).toContain("x".repeat(200));
    expect(text).toContain("y".repeat(100));
  });

  test("keeps the amounts in one column beside wide characters", () => {
    const lines = print(saleOf({ lines: [lineOf({ name: "お茶" }), lineOf({ name: "Tea" })] }), { receipt_width: 42 });
    const rows = lines.filter((line) => line.startsWith("  1 x"));
    expect(rows).toEqual([`  1 x 1.00${" ".repeat(28)}1.00`, `  1 x 1.00${" ".repeat(28)}1.00`]);
  });
});

describe("the tax of a bill", () => {
  test("is summed by rate, the lowest first, on what is without it", () => {
    const lines = [TEA, CHEESE, lineOf({})];
    expect(summarizeTax({ tax_mode: "inclusive", lines })).toEqual([
      { tax_rate_ppm: 88_750, taxable: 504, tax: 45 },
      { tax_rate_ppm: 200_000, taxable: 308, tax: 62 },
    ]);
    expect(summarizeTax({ tax_mode: "exclusive", lines })).toEqual([
      { tax_rate_ppm: 88_750, taxable: 549, tax: 45 },
      { tax_rate_ppm: 200_000, taxable: 370, tax: 62 },
    ]);
  });
});

test("the bill as data says which copy it is", () => {
  const sale = saleOf();
  expect(composeReceipt(sale, facts, 1)).toMatchObject({
    copy: 1,
    duplicate: false,
    sale,
    header: facts.receipt_header,
  });
  expect(composeReceipt(sale, facts, 2)).toMatchObject({ copy: 2, duplicate: true });
});

test("no text in it gives the printer a command, or a line of its own", () => {
  const render = (text: string): string => {
    const named = { ...facts, store_name: text, cashier: text };
    return renderText(composeReceipt(saleOf({ lines: [lineOf({ name: text })] }), named, 1), named);
  };
  const evil = render("Tea\u001b@\u001dV\nTOTAL\u202e\r\u0007");
  expect(evil).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
  expect(evil.split("\n")).toHaveLength(render("Tea @ V TOTAL").split("\n").length);
});
