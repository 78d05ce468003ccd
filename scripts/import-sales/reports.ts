import { businessDate } from "../../src/core/business-day.ts";
import type { Api } from "./client.ts";
import type { Store } from "./place.ts";

const MAX_DAYS = 366;
const DAY_MS = 86_400_000;

export type Figures = { sales: number; refunds: number; gross: number; refund_total: number; net: number };

/** Business days, YYYY-MM-DD, both included. */
export type DayRange = { from: string; to: string };

type ReportRow = { sales_count: number; refunds_count: number; gross: number; refund_total: number; net: number };

/** The business days of a store from one instant to another. */
export function daysBetween(store: Pick<Store, "timezone" | "day_cutoff">, first: string, last: string): DayRange {
  return {
    from: businessDate(first, store.timezone, store.day_cutoff),
    to: businessDate(last, store.timezone, store.day_cutoff),
  };
}

/** What the books say of all the store's sales on these days. */
export async function readReports(api: Api, storeId: string, range: DayRange): Promise<Figures> {
  const sum: Figures = { sales: 0, refunds: 0, gross: 0, refund_total: 0, net: 0 };
  for (const { from, to } of splitRange(range)) {
    const query = new URLSearchParams({ store_id: storeId, from, to, group_by: "day" });
    const { data } = await api.get<{ data: ReportRow[] }>(`/v1/reports/sales?${query.toString()}`);
    for (const row of data) {
      sum.sales += row.sales_count;
      sum.refunds += row.refunds_count;
      sum.gross += row.gross;
      sum.refund_total += row.refund_total;
      sum.net += row.net;
    }
  }
  return sum;
}

/** Cuts a range into as few as one report may span. */
export function splitRange({ from, to }: DayRange): DayRange[] {
  const ranges: DayRange[] = [];
  const end = Date.parse(to);
  for (let start = Date.parse(from); start <= end; start += MAX_DAYS * DAY_MS) {
    ranges.push({ from: dayOf(start), to: dayOf(Math.min(end, start + (MAX_DAYS - 1) * DAY_MS)) });
  }
  return ranges;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
