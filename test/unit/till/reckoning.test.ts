import { describe, expect, it } from "vitest";
import { compareReport, figuresOf } from "../../../scripts/till/headless/compare-report.ts";
import { withOwnTenders } from "../../../scripts/till/headless/listed.ts";
import { agrees, isFine } from "../../../scripts/till/headless/checks.ts";
import { describeFindings } from "../../../scripts/till/headless/table.ts";
import { countDrawer, isWhole, sumDocuments, sumFigures } from "../../../scripts/till/reckoning.ts";
import type { OwnShift } from "../../../scripts/till/headless/own-figures.ts";
import type { Sale, Shift, ShiftReport } from "../../../scripts/till/wire.ts";

const line = (tax_rate_ppm: number, subtotal: number, discount_total: number, tax_total: number) => ({
  tax_rate_ppm,
  subtotal,
  discount_total,
  tax_total,
});
const paid = (method: Sale["payments"][number]["method"], amount: number) => ({
  payment_no: 1,
  method,
  amount,
  reference: null,
  card_last4: null,
});

const sold = {
  status: "completed" as const,
  total: 950,
  discount_total: 50,
  tax_total: 150,
  tax_mode: "inclusive" as const,
  change_due: 550,
  payments: [paid("card", 500), paid("cash", 1000)],
  lines: [line(200_000, 950, 50, 150), line(0, 50, 0, 0)],
};
const back = {
  total: 90,
  tax_total: 15,
  tax_mode: "exclusive" as const,
  payments: [paid("cash", 90)],
  lines: [line(200_000, 75, 0, 15)],
};

describe("the till's own figures", () => {
  it("count cash after change, tax by rate, and voids apart", () => {
    const figures = sumDocuments([sold, { ...sold, status: "voided" }, { ...sold, status: "parked" }], [back]);
    expect(figures).toMatchObject({
      sales_count: 1,
      refunds_count: 1,
      voids_count: 1,
      voids_total: 950,
      gross: 950,
      discount_total: 50,
      tax_total: 150,
      refund_total: 90,
      refund_tax_total: 15,
      net: 860,
    });
    expect([...figures.by_method]).toEqual([
      ["card", { sales: 500, refunds: 0 }],
      ["cash", { sales: 450, refunds: 90 }],
    ]);
    expect([...figures.by_rate]).toEqual([
      [200_000, { sales_taxable: 750, sales_tax: 150, refunds_taxable: 75, refunds_tax: 15 }],
      [0, { sales_taxable: 50, sales_tax: 0, refunds_taxable: 0, refunds_tax: 0 }],
    ]);
    expect(sumFigures([figures, figures]).by_method.get("cash")).toEqual({ sales: 900, refunds: 180 });
  });

  it("know a drawer whose float they have seen, and no other", () => {
    const events = [
      { shift_id: "s", what: "float" as const, amount: 5000, source_id: "s" },
      { shift_id: "s", what: "drop" as const, amount: -700, source_id: "d" },
    ];
    expect(countDrawer(events)).toBe(4300);
    expect(isWhole({ id: "s" } as Shift, events)).toBe(true);
    expect(isWhole({ id: "s" } as Shift, events.slice(1))).toBe(false);
  });
});

const figures = sumDocuments([sold], [back]);
const own: OwnShift = {
  shift: { id: "s" } as Shift,
  figures,
  cash: 5360,
  expected: new Map([
    ["card", 500],
    ["cash", 5360],
  ]),
};
const report = {
  ...figures,
  by_method: [
    { method: "card", sales: 500, refunds: 0, expected: 500 },
    { method: "cash", sales: 450, refunds: 90, expected: 5360 },
  ],
  tax_by_rate: [...figures.by_rate].map(([tax_rate_ppm, one]) => ({ tax_rate_ppm, ...one })),
  cash: { expected: 5360 },
} as unknown as ShiftReport;

describe("the comparison", () => {
  it("finds nothing where nothing differs", () => {
    expect(compareReport(own, [report])).toEqual([]);
    expect(figuresOf(report).by_rate).toEqual(figures.by_rate);
  });

  it.each([
    ["gross", { ...report, gross: 951 }],
    [
      "cash sales",
      {
        ...report,
        by_method: report.by_method.map((one) => ({ ...one, sales: one.sales + (one.method === "cash" ? 1 : 0) })),
      },
    ],
    [
      "expected card",
      {
        ...report,
        by_method: report.by_method.map((one) => ({ ...one, expected: one.method === "card" ? 501 : one.expected })),
      },
    ],
    [
      "20 % sales_tax",
      {
        ...report,
        tax_by_rate: report.tax_by_rate.map((one) => ({ ...one, sales_tax: one.tax_rate_ppm === 0 ? 0 : 149 })),
      },
    ],
    ["cash in the drawer", { ...report, cash: { expected: 5361 } }],
    ["voids_count", { ...report, voids_count: 1 }],
  ])("finds a unit's difference in %s", (name, wrong) => {
    const [first, ...others] = compareReport(own, [wrong as unknown as ShiftReport]);
    expect(first).toContain(`${name} is `);
    expect(others).toEqual([]);
  });

  it("finds a method that only one side knows", () => {
    const more = { method: "card", sales: 0, refunds: 0, expected: 7 };
    const wrong = { ...report, by_method: [...report.by_method, { ...more, method: "gift_card" }] };
    expect(compareReport(own, [wrong as unknown as ShiftReport])).toEqual([
      "expected gift_card is 0 by the till, 7 by the server",
    ]);
  });

  it("leaves out of a listed sale what was paid off later", () => {
    const sale = {
      total: 950,
      change_due: 50,
      payments: [paid("cash", 600), paid("on_account", 400), paid("cash", 400)],
    };
    const asSold = { change_due: 50, payments: sale.payments.slice(0, 2) };
    expect(withOwnTenders(sale as Sale)).toEqual({ ...sale, ...asSold });
    expect(withOwnTenders({ ...sale, ...asSold } as Sale)).toEqual({ ...sale, ...asSold });
    // Of 200 by card and 1,000 in cash 800 went back.
    const later = [...asSold.payments, paid("card", 200), paid("cash", 1000)];
    expect(withOwnTenders({ ...sale, change_due: 850, payments: later } as Sale)).toEqual({ ...sale, ...asSold });
    const unneeded = { ...sale, change_due: 250, payments: [paid("cash", 1000), paid("cash", 200)] };
    expect(withOwnTenders(unneeded as Sale)).toEqual(unneeded);
  });

  it("says of which side a figure differs, and by how much", () => {
    const row = { name: "gross", tills: 1000, z_reports: 1000, listed: 1000, daily: 999 };
    const findings = { rows: [row], faults: [], drawers: [] };
    expect([agrees(row), agrees({ ...row, daily: 1000 }), isFine(findings)]).toEqual([false, true, false]);
    expect(describeFindings(findings, "GBP")).toContain("differs by -0.01");
    expect(describeFindings(findings, "GBP")).toContain("The books do not agree.");
    const drawers = [{ till: "H0", own: 100, expected: 101, counted: 100 }];
    expect(isFine({ rows: [], faults: [], drawers })).toBe(false);
    expect(isFine({ rows: [{ ...row, daily: 1000 }], faults: ["one"], drawers: [] })).toBe(false);
    expect(isFine({ rows: [{ ...row, daily: 1000 }], faults: [], drawers: [] })).toBe(true);
  });
});
