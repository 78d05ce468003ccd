import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { ShiftReport } from "../../../../src/modules/shifts/schemas.ts";
import { sortCategories } from "../books/reports.ts";

/** What is checked of reports as they are shown. */

export type ShownReport = ShiftReport;

/** Every figure of a report but its hashes. */
export function expectReport(shown: ShownReport, wanted: Record<string, unknown>, story: string): void {
  const { hash: _hash, previous_hash: _previous, by_category, ...figures } = shown;
  expect({ ...figures, by_category: sortCategories(by_category) }, story).toEqual(wanted);
}

/** That each Z report is bound to the one before it and says its own hash. */
export function expectChain(reports: readonly ShownReport[]): void {
  let previous: string | null = null;
  for (const [index, report] of reports.entries()) {
    const { hash, ...rest } = report;
    expect([report.number, report.previous_hash, hash]).toEqual([index + 1, previous, hashOf(rest)]);
    previous = hash;
  }
}

function hashOf(report: object): string {
  return createHash("sha256").update(canonical(report)).digest("hex");
}

/** JSON by RFC 8785, for what is made of texts that need no escaping, whole numbers, lists and records. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}
