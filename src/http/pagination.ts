import { Problem } from "./problem.ts";

/** Keyset pages over `arrival`, the server's own order: what arrives late stands at the end and is never skipped. */

const CURSOR = /^a([1-9]\d{0,15})$/;

/** The arrival after which the page begins; 0 for the first page. */
export function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const [, digits] = CURSOR.exec(cursor) ?? [];
  if (digits === undefined) {
    throw new Problem("validation_failed", "The cursor is not one this list has handed out.", {
      errors: [{ pointer: "#query/cursor", detail: "is not a cursor of this list; leave it out for the first page" }],
    });
  }
  return Number(digits);
}

/** Cuts the one row too many that was read to know whether there is a next page. */
export function toPage<R extends { arrival: number }, T>(
  rows: R[],
  limit: number,
  toItem: (row: R) => T,
): { data: T[]; next_cursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    data: page.map(toItem),
    next_cursor: rows.length > limit && last ? `a${String(last.arrival)}` : null,
  };
}
