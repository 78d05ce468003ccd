import { countDrawer, type Figures, isWhole, sumDocuments } from "../reckoning.ts";
import type { Till } from "../till.ts";
import type { Shift } from "../wire.ts";

/** A shift by the till's own books, in the terms of a report. */
export type OwnShift = {
  shift: Shift;
  figures: Figures;
  /** What must be in the drawer. */
  cash: number;
  /** What there must be of each method, with what was received apart from sales. */
  expected: Map<string, number>;
};

/** Throws an Error for a shift of which the books have a part only. */
export function reckonShift({ books }: Till, shift: Shift): OwnShift {
  const events = books.drawerOf(shift.id);
  if (!isWhole(shift, events)) throw new Error(`shift ${shift.id} was begun by another device`);
  const figures = sumDocuments(books.salesOf(shift.id), books.refundsOf(shift.id));
  const cash = countDrawer(events);
  const expected = new Map([...figures.by_method].map(([method, { sales, refunds }]) => [method, sales - refunds]));
  for (const { method, amount } of books.receivedOf(shift.id).flatMap(({ tenders }) => tenders)) {
    expected.set(method, (expected.get(method) ?? 0) + amount);
  }
  expected.set("cash", cash);
  return { shift, figures, cash, expected };
}
