import { AT, BACK_TILL, CLOSED_SHIFT, MAIN, SECOND_HASH, SIDE_TILL, UNTOLD_SHIFT } from "./ids.ts";
import { DAY } from "./row.ts";
import type { Row } from "./row.ts";

/** What a Z report says of itself in its text, too. */
const SAID = [
  "number",
  "store_id",
  "terminal_id",
  "shift_id",
  "business_date",
  "net",
  "grand_total",
  "previous_hash",
  "hash",
];

/** A row of z_reports whose text says what its columns say: the first of `SIDE_TILL`, but for `set`. */
export function zReport(set: Row = {}): Row {
  const row: Row = {
    terminal_id: SIDE_TILL,
    number: 1,
    store_id: MAIN,
    shift_id: UNTOLD_SHIFT,
    supplement: 0,
    records: 0,
    business_date: DAY,
    net: 0,
    grand_total: 0,
    previous_hash: null,
    hash: "f".repeat(64),
    created_at: AT,
    ...set,
  };
  const report = JSON.stringify(Object.fromEntries(SAID.map((column) => [column, row[column]])));
  return { ...row, report, ...set };
}

/** The next supplement of `CLOSED_SHIFT`, for which one record waits. */
export function nextSupplement(set: Row = {}): Row {
  const place = { terminal_id: BACK_TILL, shift_id: CLOSED_SHIFT, supplement: 1, records: 1 };
  return zReport({ ...place, number: 3, grand_total: 100, previous_hash: SECOND_HASH, ...set });
}
