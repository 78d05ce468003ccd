import { actorOf, type Context } from "../../context.ts";
import { businessDate } from "../../core/business-day.ts";
import { Problem } from "../../http/problem.ts";
import { loadStore } from "../stores/index.ts";
import { type DaySums, figuresByDay, figuresOf } from "./figures.ts";
import { daySumsStatements, type MethodRow, type RefundsRow, type SalesRow, type VoidsRow } from "./queries.ts";
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
  const figures = figuresOf(await readDaySums(ctx, store.id, day, day));
  return { store_id: store.id, business_date: day, currency: store.currency, ...figures };
}

/** A store's figures for each business day from `from` to `to`, both included, that has any. */
export async function reportSales(
  ctx: Context,
  query: { store_id: string; from: string; to: string },
): Promise<SalesReport> {
  const store = await loadStore(ctx, query.store_id);
  const days = figuresByDay(await readDaySums(ctx, store.id, query.from, query.to));
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

async function readDaySums(ctx: Context, storeId: string, from: string, to: string): Promise<DaySums> {
  const [sales, sale_payments, refunds, refund_payments, voids] = await ctx.db.readAll(
    daySumsStatements(storeId, from, to),
  );
  return {
    sales: sales as unknown as SalesRow[],
    sale_payments: sale_payments as unknown as MethodRow[],
    refunds: refunds as unknown as RefundsRow[],
    refund_payments: refund_payments as unknown as MethodRow[],
    voids: voids as unknown as VoidsRow[],
  };
}
