import { isUuidV7 } from "../core/ids.ts";
import { Problem } from "./problem.ts";

/** Keyset pages over `arrival`, the server's own order: what arrives late stands at the end and is never skipped. */

const CURSOR = /^a([1-9]\d{0,15})$/;

/** The arrival after which the page begins; 0 for the first page. */
export function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const [, digits] = CURSOR.exec(cursor) ?? [];
  if (digits === undefined) throw foreignCursor();
  return Number(digits);
}

/** The id after which a page begins, of a list whose ids the server alone gives out; '' for the first page. */
export function readIdCursor(cursor: string | undefined): string {
  if (cursor === undefined) return "";
  if (!isUuidV7(cursor)) throw foreignCursor();
  return cursor;
}

function foreignCursor(): Problem {
  return new Problem("validation_failed", "The cursor is not one this list has handed out.", {
    errors: [{ pointer: "#query/cursor", detail: "is not a cursor of this list; leave it out for the first page" }],
  });
}

/** Cuts the one row too many that was read to know whether there is a next page. */
export function toPage<R extends { arrival: number }, T>(
  rows: R[],
  limit: number,
  toItem: (row: R) => T,
): { data: T[]; next_cursor: string | null } {
  return cutPage(rows, limit, toItem, ({ arrival }) => `a${String(arrival)}`);
}

/** The same for a list in the order of ids. */
export function toIdPage<R extends { id: string }, T>(
  rows: R[],
  limit: number,
  toItem: (row: R) => T,
): { data: T[]; next_cursor: string | null } {
  return cutPage(rows, limit, toItem, ({ id }) => id);
}

function cutPage<R, T>(rows: R[], limit: number, toItem: (row: R) => T, toCursor: (last: R) => string) {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { data: page.map(toItem), next_cursor: rows.length > limit && last ? toCursor(last) : null };
}
