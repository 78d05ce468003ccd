import { describe, expect, test } from "vitest";
import { composeReceipt, lastFourOf, summarizeTax, takesCash } from "../../../src/modules/sales/receipt.ts";
import { CHEESE, FACTS, lineOf, paid, receiptOf, saleOf, TEA } from "./receipt-samples.ts";

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
  expect(composeReceipt(sale, FACTS, 1)).toMatchObject({
    copy: 1,
    duplicate: false,
    sale,
    header: FACTS.receipt_header,
  });
  expect(composeReceipt(sale, FACTS, 2)).toMatchObject({ copy: 2, duplicate: true });
});

describe("a gift card", () => {
  test.each([
    ["GIFT-9F3A-77QX", "****77QX"],
    ["12345678", "****5678"],
    ["卡卡卡卡卡卡卡🎁", "****卡卡卡🎁"],
    ["1234567", "****"],
  ])("%s is %s, also in the data", (reference, shown) => {
    const sale = saleOf({ payments: [paid("gift_card", 500, { reference }), paid("cash", 10, { reference })] });
    expect(receiptOf(sale).sale.payments.map((payment) => payment.reference)).toEqual([shown, reference]);
    expect(sale.payments[0]?.reference).toBe(reference);
  });

  test("that was shortened stays as it is when it is shortened again", () => {
    expect(lastFourOf("****77QX")).toBe("77QX");
    expect(lastFourOf("****")).toBe("");
  });
});

describe("cash", () => {
  test.each([
    ["was taken", saleOf(), 1, true],
    ["was taken when it was first printed", saleOf(), 2, false],
    ["was not: a card paid", saleOf({ payments: [paid("card", 820)] }), 1, false],
    ["was not: nothing was to be paid", saleOf({ payments: [] }), 1, false],
    ["went back: the sale is void", saleOf({ status: "voided" }), 1, false],
    ["is still to come: the sale is parked", saleOf({ status: "parked", invoice_no: null }), 1, false],
  ])("%s", (_, sale, copy, expected) => {
    expect(takesCash(receiptOf(sale, {}, copy))).toBe(expected);
  });
});
