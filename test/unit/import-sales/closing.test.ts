import { describe, expect, it } from "vitest";
import { describeResult, isComplete } from "../../../scripts/import-sales/closing.ts";
import { Findings } from "../../../scripts/import-sales/findings.ts";
import { FileSums } from "../../../scripts/import-sales/reckoning.ts";
import type { ImportResult } from "../../../scripts/import-sales/run.ts";

function resultOf(changes: Partial<ImportResult> = {}): ImportResult {
  const sums = new FileSums();
  sums.rows = 3;
  sums.add("2010-12-02T08:00:00.000Z", { sales: 1, refunds: 0, adjustments: 1, gross: 123_456, refund_total: 0 });
  sums.add("2010-12-01T08:00:00.000Z", { sales: 0, refunds: 1, adjustments: 0, gross: 0, refund_total: 456 });
  return {
    store: {
      id: "s",
      code: "UCI",
      currency: "GBP",
      timezone: "Europe/London",
      day_cutoff: "00:00",
      created_at: "2026-01-01T00:00:00.000Z",
      tax_mode: "inclusive",
      rounding: { mode: "half_up", scope: "line" },
      cash_rounding: 1,
    },
    sums,
    booked: { ...sums.figures },
    range: { from: "2010-12-01", to: "2010-12-02" },
    outcomes: { applied: 2, flagged: 0, replayed: 0, rejected: 0 },
    newly_booked: 2,
    products_created: 1,
    invoices_skipped: 0,
    faults: new Findings(),
    rejections: new Findings(),
    seconds: 2,
    ...changes,
  };
}

describe("the closing table", () => {
  it("puts the file beside the books, in major and minor units", () => {
    const text = describeResult(resultOf(), 102_400);
    expect(text).toContain("gross         1234.56 (123456)  1234.56 (123456)\n");
    expect(text).toContain("net           1230.00 (123000)  1230.00 (123000)\n");
    expect(text).toContain("business days 2010-12-01 to 2010-12-02");
    expect(text).toContain("2.0 s, 2 sales and refunds brought in (1 a second), peak memory 100 MiB");
    expect(text).toContain("All of the file is in the books");
    expect(isComplete(resultOf())).toBe(true);
  });

  it("says by how much the books differ", () => {
    const { sums } = resultOf();
    const result = resultOf({ booked: { ...sums.figures, gross: 123_556, net: 123_100 } });
    const text = describeResult(result, 0);
    expect(text).toContain("differs by 1.00 (100)");
    expect(text).toContain("The books show all the store's sales of those days");
    expect(isComplete(result)).toBe(false);
  });

  it("is not whole with a row that could not be read or a command that was refused", () => {
    const faults = new Findings();
    faults.add("line 3: its quantity is 0");
    const rejections = new Findings();
    rejections.add("invoice 1, its sale: not_found: There is none.");
    for (const result of [resultOf({ faults }), resultOf({ rejections })]) {
      expect(isComplete(result)).toBe(false);
      expect(describeResult(result, 0)).toContain("The file is not whole in the books.");
    }
  });

  it("lists a bounded number of findings", () => {
    const findings = new Findings();
    for (let line = 1; line <= 1000; line += 1) findings.add(`line ${String(line)}`);
    const lines = findings.describe("Rows");
    expect(lines).toHaveLength(202);
    expect(lines.at(-1)).toBe("  and 800 more");
  });

  it("knows the first and the last day of what was sold, in any order", () => {
    const { sums } = resultOf();
    expect([sums.first, sums.last]).toEqual(["2010-12-01T08:00:00.000Z", "2010-12-02T08:00:00.000Z"]);
    expect(() => {
      sums.add("", { sales: 1, refunds: 0, adjustments: 0, gross: Number.MAX_SAFE_INTEGER, refund_total: 0 });
    }).toThrow(RangeError);
  });
});
