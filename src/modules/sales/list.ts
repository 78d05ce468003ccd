import { actorOf, type Context, requireStore, storeFilter } from "../../context.ts";
import type { Row } from "../../db/database.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { selectParkedSales, selectRefunds, selectSales } from "./list-queries.ts";
import { toParkedSummary, toRefundSummary, toSaleSummary } from "./rows.ts";
import type { RefundFilter, RefundSummary } from "./refund-schemas.ts";
import type { SaleFilter, SaleSummary } from "./schemas.ts";

/**
 * The sales view, in order of arrival, so that a late offline sale stands at the end and is never skipped. Parked sales are
 * a list of their own: they arrive among the sales when they are finished.
 */
export async function listSales(
  ctx: Context,
  filter: SaleFilter,
): Promise<{ data: SaleSummary[]; next_cursor: string | null }> {
  const wanted = { ...filter, ...whichStores(ctx, filter.store_id) };
  const [after, limit] = [readCursor(filter.cursor), filter.limit + 1];
  if (filter.status !== "parked") {
    const rows = await ctx.db.all<Row & { arrival: number }>(selectSales(wanted, after, limit));
    return toPage(rows, filter.limit, toSaleSummary);
  }
  // What is put aside is in no shift and has no number.
  if (filter.shift_id !== undefined || filter.invoice_no !== undefined) return { data: [], next_cursor: null };
  const rows = await ctx.db.all<Row & { arrival: number }>(selectParkedSales(wanted, after, limit));
  return toPage(rows, filter.limit, toParkedSummary);
}

/** Refunds in order of arrival. */
export async function listRefunds(
  ctx: Context,
  filter: RefundFilter,
): Promise<{ data: RefundSummary[]; next_cursor: string | null }> {
  const wanted = { ...filter, ...whichStores(ctx, filter.store_id) };
  const rows = await ctx.db.all<Row & { arrival: number }>(
    selectRefunds(wanted, readCursor(filter.cursor), filter.limit + 1),
  );
  return toPage(rows, filter.limit, toRefundSummary);
}

/** The store that was named, or the only one of someone who works in one; else all that the actor works in. */
function whichStores(ctx: Context, named: string | undefined) {
  const { store_ids } = actorOf(ctx);
  const store_id = named ?? (store_ids?.size === 1 ? [...store_ids][0] : undefined);
  if (store_id !== undefined) requireStore(ctx, store_id);
  return { store_id, own_stores: storeFilter(ctx) };
}
