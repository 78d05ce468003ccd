import { businessDate } from "../../../src/core/business-day.ts";
import { COUNTED, emptyFigures, type Figures, methodOf, RATE_FIGURES, rateOf } from "../reckoning.ts";
import type { Store } from "../wire.ts";
import type { Manager } from "./manager.ts";
import type { Baseline, DailyFigures } from "./run-file.ts";

/** The store's days by GET /v1/reports/daily, less what had been sold before the run began. */

/** Today's figures, before anything is sold. */
export async function readBaseline(manager: Manager, store: Store): Promise<Baseline> {
  const business_date = businessDate(new Date(), store.timezone, store.day_cutoff);
  return { business_date, figures: await readDaily(manager, store.id, business_date) };
}

/** The days' figures in sum. */
export async function sumDays(
  manager: Manager,
  storeId: string,
  dates: readonly string[],
  baseline: Baseline,
): Promise<Figures> {
  const sum = emptyFigures();
  for (const date of new Set([...dates, baseline.business_date])) add(sum, await readDaily(manager, storeId, date), 1);
  add(sum, baseline.figures, -1);
  return sum;
}

async function readDaily(manager: Manager, storeId: string, date: string): Promise<DailyFigures> {
  const query = new URLSearchParams({ store_id: storeId, date });
  return manager.get<DailyFigures>(`/v1/reports/daily?${query.toString()}`);
}

function add(sum: Figures, day: DailyFigures, sign: 1 | -1): void {
  for (const name of COUNTED) sum[name] += sign * day[name];
  for (const { method, sales, refunds } of day.by_method) {
    const one = methodOf(sum, method);
    one.sales += sign * sales;
    one.refunds += sign * refunds;
  }
  for (const { tax_rate_ppm, ...figures } of day.tax_by_rate) {
    const one = rateOf(sum, tax_rate_ppm);
    for (const name of RATE_FIGURES) one[name] += sign * figures[name];
  }
}
