import { createHash } from "node:crypto";
import type { ShiftReport } from "../../src/modules/shifts/schemas.ts";

/** The hash of a report, worked out apart from the code under test. */

/**
 * JSON by RFC 8785, written from its text alone: no white space, numbers and strings as ECMAScript writes them, members
 * sorted by the UTF-16 code units of their names.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(",")}}`;
}

/** SHA-256 in hex over the report without its hash. */
export function hashOf({ hash: _hash, ...report }: ShiftReport): string {
  return createHash("sha256").update(canonicalJson(report)).digest("hex");
}
