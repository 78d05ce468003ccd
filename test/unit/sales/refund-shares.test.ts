import { describe, expect, test } from "vitest";
import type { RoundingMode } from "../../../src/core/money.ts";
import { type RefundableLine, refundLine, refundShare } from "../../../src/modules/sales/refund-shares.ts";

function refundOneByOne(line: RefundableLine, taxMode: "inclusive" | "exclusive", mode: RoundingMode) {
  return Array.from({ length: line.quantity }, (_, before) => refundLine(line, before, 1, { tax_mode: taxMode, mode }));
}

test.each<[number, number, number, RoundingMode, number]>([
  [1000, 0, 3, "half_up", 0],
  [1000, 1, 3, "half_up", 333], // 333.33
  [1000, 2, 3, "half_up", 667], // 666.67
  [1000, 3, 3, "half_up", 1000],
  [5, 1, 2, "half_up", 3], // 2.5
  [5, 1, 2, "half_even", 2],
  [0, 1, 2, "half_up", 0],
])("of %i the first %i of %i carry, %s, %i", (part, n, quantity, mode, expected) => {
  expect(refundShare(part, n, quantity, mode)).toBe(expected);
});

describe("refunds of a line", () => {
  // Three pieces: subtotal 1000 -> 333, 667, 1000; discount 100 -> 33, 67, 100; tax 150 -> 50, 100, 150.
  const line = { subtotal: 1000, discount_total: 100, tax_total: 150, quantity: 3 };

  test("piece by piece, tax inclusive", () => {
    expect(refundOneByOne(line, "inclusive", "half_up")).toEqual([
      { subtotal: 333, discount_total: 33, tax_total: 50, total: 300 },
      { subtotal: 334, discount_total: 34, tax_total: 50, total: 300 },
      { subtotal: 333, discount_total: 33, tax_total: 50, total: 300 },
    ]);
  });

  test("piece by piece, tax exclusive: the tax comes back too", () => {
    expect(refundOneByOne(line, "exclusive", "half_up").map(({ total }) => total)).toEqual([350, 350, 350]);
  });

  test("two after one are the difference of three and one", () => {
    expect(refundLine(line, 1, 2, { tax_mode: "exclusive", mode: "half_up" })).toEqual({
      subtotal: 667,
      discount_total: 67,
      tax_total: 100,
      total: 700,
    });
  });

  test("whole", () => {
    expect(refundLine(line, 0, 3, { tax_mode: "inclusive", mode: "half_even" })).toEqual({
      subtotal: 1000,
      discount_total: 100,
      tax_total: 150,
      total: 900,
    });
  });

  // 4.31 for 1234 g: 500 g carry 174.6 -> 175; 734 g after them 431 - 175.
  test("of a weight", () => {
    const weighed = { subtotal: 431, discount_total: 0, tax_total: 0, quantity: 1234 };
    const rules = { tax_mode: "inclusive", mode: "half_up" } as const;
    expect(refundLine(weighed, 0, 500, rules).total).toBe(175);
    expect(refundLine(weighed, 500, 734, rules).total).toBe(256);
  });

  test("exact past 2^53", () => {
    const dear = { subtotal: 999_999_999_999_999, discount_total: 0, tax_total: 0, quantity: 1_000_000_000 };
    // 999999999999999 x 999999999 / 1000000000 = 999999998999999.000000001
    expect(refundLine(dear, 0, 999_999_999, { tax_mode: "inclusive", mode: "half_up" }).subtotal).toBe(
      999_999_998_999_999,
    );
    expect(refundLine(dear, 999_999_999, 1, { tax_mode: "inclusive", mode: "half_up" }).subtotal).toBe(1_000_000);
  });

  // Three for 2 with 1 off. Subtotal 0.67, 1.33, 2 -> 1, 1, 2; discount 0.33, 0.67, 1 -> 0, 1, 1. The second piece has
  // no subtotal and a discount of 1: the rule is kept, and the line still comes out exact.
  test("a piece worth less than a unit may carry more discount than subtotal", () => {
    const sweets = { subtotal: 2, discount_total: 1, tax_total: 0, quantity: 3 };
    const totals = refundOneByOne(sweets, "inclusive", "half_up").map(({ total }) => total);
    expect(totals).toEqual([1, -1, 1]);
  });

  test.each([
    ["more than there were", 0, 4],
    ["more than are left", 2, 2],
    ["none", 1, 0],
    ["fewer than none", 2, -1],
    ["after fewer than none", -1, 1],
  ])("refuses %s", (_what, before, quantity) => {
    expect(() => refundLine(line, before, quantity, { tax_mode: "inclusive", mode: "half_up" })).toThrow(RangeError);
  });
});
