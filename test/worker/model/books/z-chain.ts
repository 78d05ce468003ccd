import type { Drawn } from "../online/basket.ts";
import type { Books, ModelShift, ModelTill, ModelZ } from "./books.ts";
import { businessDay } from "./clock.ts";
import { reportShift } from "./reports.ts";

/** The Z reports of a till: what its closing makes, in which order, and how each follows from the last. */

export interface Closing {
  at: string;
  by: string;
  counted: readonly { method: string; amount: number }[];
}

/** Closes a shift: first what came late for earlier ones, each in a supplement, then the shift's own Z report. */
export function closeShift(books: Books<Drawn>, shift: ModelShift, { at, by, counted }: Closing): ModelZ {
  const { till } = shift;
  // A till's clock may be behind.
  const closedAt = at < shift.opened_at ? shift.opened_at : at;
  const today = businessDay(closedAt, till.store);
  writeSupplements(books, till);
  shift.closed_at = closedAt;
  shift.closed_by = by;
  return chain(till, shift, reportShift(books, shift, { kind: "z", supplement: false, today, counted }));
}

/** What came late for shifts of a till, a supplement for each, in the order of their opening. How many there are. */
export function writeSupplements(books: Books<Drawn>, till: ModelTill): number {
  let written = 0;
  for (const shift of till.shifts.toSorted((a, b) => (a.opened_at < b.opened_at ? -1 : 1))) {
    const late = lateOf(books, shift);
    if (late.length === 0) continue;
    const report = reportShift(books, shift, { kind: "z", supplement: true, today: null, counted: null });
    const { number } = chain(till, shift, report);
    for (const record of late) record.z = number;
    written += 1;
  }
  return written;
}

/** What came for a shift after it was closed and stands in no Z report yet. */
function lateOf(books: Books<Drawn>, shift: ModelShift) {
  const records = [...books.sales, ...books.refunds, ...books.received, ...books.movements];
  return records.filter((one) => one.shift === shift && one.late && one.z === null);
}

function chain(till: ModelTill, shift: ModelShift, report: ReturnType<typeof reportShift>): ModelZ {
  const number = till.zs.length + 1;
  const grand_total = grandTotalOf(till) + report.net;
  const z = { number, shift_id: shift.id, net: report.net, report: { ...report, number, grand_total } };
  till.zs.push(z);
  return z;
}

export function grandTotalOf(till: ModelTill): number {
  return till.zs.reduce((total, { net }) => total + net, 0);
}
