import { describe, expect, test } from "vitest";
import {
  composeReceipt,
  type DrawerFacts,
  lastFourOf,
  summarizeTax,
  takesCash,
} from "../../../src/modules/sales/receipt.ts";
import type { Sale } from "../../../src/modules/sales/schemas.ts";
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

describe("the drawer", () => {
  // In London the day of the sale, 2 July, runs to 04:00 of the next, which is 03:00 UTC.
  const OPEN = { timezone: "Europe/London", day_cutoff: "04:00", shift_open: 1, tendered_in_cash: 1 };
  const [SAME_DAY, NEXT_DAY] = [new Date("2026-07-03T02:59:59Z"), new Date("2026-07-03T03:00:00Z")];

  test.each<[string, Sale, number, Partial<DrawerFacts>, Date, boolean]>([
    ["opens for cash", saleOf(), 1, {}, SAME_DAY, true],
    ["opens on another day while the shift goes on", saleOf(), 1, {}, NEXT_DAY, true],
    ["opens for cash in no shift, that day", saleOf(), 1, { shift_open: null }, SAME_DAY, true],
    ["stays shut for cash in no shift on another day", saleOf(), 1, { shift_open: null }, NEXT_DAY, false],
    ["stays shut once the shift is closed", saleOf(), 1, { shift_open: 0 }, SAME_DAY, false],
    ["stays shut for a copy", saleOf(), 2, {}, SAME_DAY, false],
    ["stays shut where the cash came before or later", saleOf(), 1, { tendered_in_cash: 0 }, SAME_DAY, false],
    ["stays shut for what is void", saleOf({ status: "voided" }), 1, {}, SAME_DAY, false],
    ["stays shut for what came back", saleOf({ status: "refunded" }), 1, {}, SAME_DAY, false],
    ["stays shut for what came back in part", saleOf({ status: "partially_refunded" }), 1, {}, SAME_DAY, false],
    ["stays shut for what is parked", saleOf({ status: "parked", invoice_no: null }), 1, {}, SAME_DAY, false],
  ])("%s", (_, sale, copy, over, now, expected) => {
    expect(takesCash(receiptOf(sale, {}, copy), { ...OPEN, ...over }, now)).toBe(expected);
  });
});
