import { actorOf, type Context } from "../../context.ts";
import { businessDate } from "../../core/business-day.ts";
import type { Row } from "../../db/database.ts";
import { Problem } from "../../http/problem.ts";
import { loadStore } from "../stores/index.ts";
import type { RateSum } from "../shifts/index.ts";
import { type DaySums, exactTaxByRate, figuresByDay, figuresOf } from "./figures.ts";
import {
  daySumsStatements,
  type MethodRow,
  rateSumsStatements,
  type RefundsRow,
  type SalesRow,
  type VoidsRow,
} from "./queries.ts";
import type { DailyReport, SalesReport } from "./schemas.ts";

/** One business day of a store, by default today's. Who may not read all reports may read today's. */
export async function reportDay(
  ctx: Context,
  query: { store_id: string; date?: string | undefined },
): Promise<DailyReport> {
  const store = await loadStore(ctx, query.store_id);
  const today = businessDate(ctx.now, store.timezone, store.day_cutoff);
  const day = query.date ?? today;
  if (day !== today && !actorOf(ctx).permissions.has("reports:read")) {
    throw new Problem("forbidden", "Any day but today needs the permission reports:read.");
  }
  const [sold, back, ...sums] = await ctx.db.readAll([
    ...rateSumsStatements(store.id, day, day),
    ...daySumsStatements(store.id, day, day),
  ]);
  return {
    store_id: store.id,
    business_date: day,
    currency: store.currency,
    ...figuresOf(asDaySums(sums)),
    tax_by_rate: exactTaxByRate(sold as unknown as RateSum[], back as unknown as RateSum[]),
  };
}

/** A store's figures for each business day from `from` to `to`, both included, that has any. */
export async function reportSales(
  ctx: Context,
  query: { store_id: string; from: string; to: string },
): Promise<SalesReport> {
  const store = await loadStore(ctx, query.store_id);
  const sums = await ctx.db.readAll(daySumsStatements(store.id, query.from, query.to));
  const days = figuresByDay(asDaySums(sums));
  return {
    data: days.map(({ business_date, figures }) => ({
      key: business_date,
      label: business_date,
      store_id: store.id,
      currency: store.currency,
      ...figures,
    })),
  };
}

/** The rows of `daySumsStatements`. */
function asDaySums([sales, sale_payments, refunds, refund_payments, voids]: Row[][]): DaySums {
  return {
    sales: sales as unknown as SalesRow[],
    sale_payments: sale_payments as unknown as MethodRow[],
    refunds: refunds as unknown as RefundsRow[],
    refund_payments: refund_payments as unknown as MethodRow[],
    voids: voids as unknown as VoidsRow[],
  };
}
