import { describe, expect, it } from "vitest";
import type { Shift } from "../../../src/modules/shifts/schemas.ts";
import {
  asXReport,
  asZReport,
  composeReport,
  hashReport,
  readSums,
  type ReportPlace,
  type ShiftSums,
} from "../../../src/modules/shifts/z-report.ts";
import { canonicalJson } from "../../support/canonical-json.ts";

const AT = "2026-03-02T09:30:00.000Z";

const SHIFT: Shift = {
  id: "s",
  store_id: "st",
  terminal_id: "t",
  status: "closed",
  currency: "GBP",
  opening_float: 500,
  business_date: "2026-03-02",
  opened_at: AT,
  opened_by: "u",
  closed_at: AT,
  closed_by: "u",
  note: null,
  created_at: AT,
};

const NOTHING = readSums([
  [{ records: 0, sales_count: 0, gross: 0, discount_total: 0, tax_total: 0, change: 0, business_dates: "[]" }],
  [],
  [],
  [],
  [],
  [],
  [],
  [],
]);

const Z: ReportPlace = { kind: "z", supplement: false, today: "2026-03-02", counted: null };

const of = (sums: Partial<ShiftSums>, place: Partial<ReportPlace> = {}) =>
  composeReport(SHIFT, { ...NOTHING, ...sums }, { ...Z, ...place });

describe("the sums of a shift", () => {
  it("count every row that was read: sales, refunds, payments received, movements and voids", () => {
    const move = { id: "m", type: "drop", amount: 5, reason: "r", user_id: "u", moved_at: AT };
    const received = [
      { kind: "deposit", method: "cash", records: 2, amount: 50 },
      { kind: "account", method: "card", records: 3, amount: 70 },
    ];
    const sums = readSums([
      [{ records: 10, sales_count: 8, business_dates: '["2026-03-03"]' }],
      [],
      [],
      [{ records: 4, refund_total: 9, refund_tax_total: 1, business_dates: '["2026-03-04"]' }],
      [],
      [],
      received,
      [move, { ...move, id: "n" }],
      [{ records: 2, total: 30 }],
    ]);
    expect(sums.records).toBe(10 + 4 + 5 + 2 + 2);
    expect(sums.voids).toEqual({ voids_count: 2, voids_total: 30 });
    expect(sums.refunds).toEqual({ refunds_count: 4, refund_total: 9, refund_tax_total: 1 });
    expect(sums.business_dates).toEqual(["2026-03-03", "2026-03-04"]);
  });

  it("of what came late have no voids", () => {
    expect(NOTHING.voids).toEqual({ voids_count: 0, voids_total: 0 });
    expect(NOTHING.records).toBe(0);
  });
});

describe("a report", () => {
  it("names every business day once, in order", () => {
    const business_dates = ["2026-03-04", "2026-03-02", "2026-03-03", "2026-03-04"];
    const days = ["2026-03-02", "2026-03-03", "2026-03-04"];
    expect(of({ business_dates }).business_dates).toEqual(days);
    expect(of({ business_dates }, { today: "2026-03-05" }).business_dates).toEqual([...days, "2026-03-05"]);
  });

  it("that is a supplement has no float, and not the day on which it was made", () => {
    const supplement = of({}, { supplement: true, today: null });
    expect(supplement).toMatchObject({ opening_float: 0, business_dates: ["2026-03-02"] });
    expect(supplement.cash).toMatchObject({ opening_float: 0, expected: 0 });
  });

  it("has the goods of no category last, whatever the others are called", () => {
    const line = { tax_rate_ppm: 0, quantity: 1, total: 5, tax: 0, taxable: 5 };
    const sale_lines = [null, "01f", "zz", "~0"].map((category_id) => ({
      ...line,
      category_id,
      category: category_id,
    }));
    const ids = of({ sale_lines }).by_category.map(({ category_id }) => category_id);
    expect(ids.at(-1)).toBe(null);
    expect(ids.slice(0, -1)).toEqual(["01f", "zz", "~0"]);
  });

  it("is exact up to 2^53, and none beyond it, though its sums cancel out", () => {
    const most = Number.MAX_SAFE_INTEGER;
    const sales = { ...NOTHING.sales, sales_count: 1 };
    expect(of({ sales: { ...sales, gross: most } }).gross).toBe(most);
    expect(() => of({ sales: { ...sales, gross: most + 1 } })).toThrow(RangeError);
    // So much cash was handed over that its sum is not exact; all but a little went back.
    const handed = { method: "cash", amount: 2 * most, deposits: 0 };
    expect(() => of({ sales: { ...sales, change: 2 * most }, sale_payments: [handed] })).toThrow(RangeError);
  });

  it("as an X report stands in no chain, and tells how far the chain has come", () => {
    const x = of({}, { kind: "x" });
    expect(asXReport(x, null)).toEqual({ ...x, number: null, grand_total: 0, previous_hash: null, hash: null });
    const last = { number: 7, hash: "f".repeat(64), grand_total: 99 };
    expect(asXReport(x, last)).toMatchObject({ number: null, grand_total: 99, previous_hash: null, hash: null });
  });

  it("as a Z report is the next of its till", () => {
    const last = { number: 7, hash: "f".repeat(64), grand_total: 99 };
    const sales = { ...NOTHING.sales, sales_count: 1, gross: 50 };
    const refunds = { refunds_count: 1, refund_total: 80, refund_tax_total: 0 };
    const z = asZReport(of({ sales, refunds }), last);
    expect(z).toMatchObject({ number: 8, net: -30, grand_total: 69, previous_hash: last.hash });
    expect(asZReport(of({}), null)).toMatchObject({ number: 1, grand_total: 0, previous_hash: null });
  });
});

describe("the hash of a report", () => {
  const z = asZReport(of({}), null);

  it("is taken over the report without it", () => {
    expect(z.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(hashReport(z)).toBe(z.hash);
    expect(hashReport({ ...z, hash: "other" } as typeof z)).toBe(z.hash);
  });

  it("is that of JSON by RFC 8785, with names beyond ASCII in the order of their UTF-16 units", () => {
    // The RFC's own example of sorting.
    const names = {
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis",
    };
    const values = [...canonicalJson(names).matchAll(/:"([^"]+)"/g)].map(([, value]) => value);
    expect(values).toEqual([
      "Carriage Return",
      "One",
      "Control",
      "Latin Small Letter O With Diaeresis",
      "Euro Sign",
      "Emoji: Grinning Face",
      "Hebrew Letter Dalet With Dagesh",
    ]);
  });
});
