import { describe, expect, it } from "vitest";
import { type DaySums, exactTaxByRate, figuresByDay, figuresOf } from "../../../src/modules/reports/figures.ts";

const NONE: DaySums = { sales: [], sale_payments: [], refunds: [], refund_payments: [], voids: [] };

function dayOf(gross: number) {
  return {
    business_date: "2026-03-02",
    sales_count: 1,
    gross,
    discount_total: 0,
    tax_total: 0,
    change_due: 0,
  };
}

describe("the figures", () => {
  it("are none of no rows", () => {
    expect(figuresByDay(NONE)).toEqual([]);
    expect(figuresOf(NONE)).toMatchObject({ sales_count: 0, net: 0, by_method: [] });
  });

  it("are exact up to 2^53, and refused beyond it", () => {
    expect(figuresOf({ ...NONE, sales: [dayOf(Number.MAX_SAFE_INTEGER)] }).gross).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => figuresOf({ ...NONE, sales: [dayOf(Number.MAX_SAFE_INTEGER + 1)] })).toThrow(RangeError);
  });

  it("by rate are exact or refused too", () => {
    const rate = { tax_rate_ppm: 0, taxable: Number.MAX_SAFE_INTEGER, tax: 0 };
    expect(exactTaxByRate([rate], [])).toMatchObject([{ sales_taxable: Number.MAX_SAFE_INTEGER }]);
    expect(() => exactTaxByRate([], [rate, { ...rate, taxable: 1 }])).toThrow(RangeError);
  });

  it("of a day on which all was voided are its voids", () => {
    const voids = [{ business_date: "2026-03-02", voids_count: 2, voids_total: 300 }];
    const [day, ...others] = figuresByDay({ ...NONE, voids });
    expect(others).toEqual([]);
    expect(day?.business_date).toBe("2026-03-02");
    expect(day?.figures).toEqual({ ...figuresOf(NONE), voids_count: 2, voids_total: 300 });
  });

  it("take all change out of the cash", () => {
    const sale_payments = [
      { business_date: "2026-03-02", method: "cash", amount: 1000 },
      { business_date: "2026-03-02", method: "card", amount: 300 },
    ];
    const { by_method } = figuresOf({ ...NONE, sales: [{ ...dayOf(900), change_due: 400 }], sale_payments });
    expect(by_method).toEqual([
      { method: "card", sales: 300, refunds: 0, net: 300 },
      { method: "cash", sales: 600, refunds: 0, net: 600 },
    ]);
  });
});
