import { actorOf, type Context, requireStore } from "../../context.ts";
import type { Row } from "../../db/database.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { Problem } from "../../http/problem.ts";
import { selectParkedSales, selectRefunds, selectSales } from "./queries.ts";
import { toParkedSummary, toRefundSummary, toSaleSummary } from "./rows.ts";
import type { RefundSummary, SaleSummary } from "./schemas.ts";

export interface SaleFilter {
  store_id?: string | undefined;
  business_date?: string | undefined;
  status?: string | undefined;
  shift_id?: string | undefined;
  customer_id?: string | undefined;
  invoice_no?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

/**
 * The sales view, in order of arrival, so that a late offline sale stands at the end and is never skipped. Parked sales are
 * a list of their own: they arrive among the sales when they are finished.
 */
export async function listSales(
  ctx: Context,
  filter: SaleFilter,
): Promise<{ data: SaleSummary[]; next_cursor: string | null }> {
  const storeId = filter.store_id ?? onlyStore(ctx);
  if (storeId !== null) requireStore(ctx, storeId);
  const after = readCursor(filter.cursor);
  if (filter.status === "parked") return listParked(ctx, { ...filter, store_id: storeId }, after);
  const rows = await ctx.db.all<Row & { arrival: number }>(
    selectSales({ ...filter, store_id: storeId }, after, filter.limit + 1),
  );
  return toPage(rows, filter.limit, toSaleSummary);
}

async function listParked(
  ctx: Context,
  filter: Omit<SaleFilter, "store_id"> & { store_id: string | null },
  after: number,
): Promise<{ data: SaleSummary[]; next_cursor: string | null }> {
  // What is put aside is in no shift and has no number.
  if (filter.shift_id !== undefined || filter.invoice_no !== undefined) return { data: [], next_cursor: null };
  const rows = await ctx.db.all<Row & { arrival: number }>(selectParkedSales(filter, after, filter.limit + 1));
  return toPage(rows, filter.limit, toParkedSummary);
}

export interface RefundFilter {
  store_id?: string | undefined;
  sale_id?: string | undefined;
  business_date?: string | undefined;
  shift_id?: string | undefined;
  refund_no?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** Refunds in order of arrival. */
export async function listRefunds(
  ctx: Context,
  filter: RefundFilter,
): Promise<{ data: RefundSummary[]; next_cursor: string | null }> {
  const storeId = filter.store_id ?? onlyStore(ctx);
  if (storeId !== null) requireStore(ctx, storeId);
  const rows = await ctx.db.all<Row & { arrival: number }>(
    selectRefunds({ ...filter, store_id: storeId }, readCursor(filter.cursor), filter.limit + 1),
  );
  return toPage(rows, filter.limit, toRefundSummary);
}

/** The store of someone who works in one; null for those who see all. Others must say which store they mean. */
function onlyStore(ctx: Context): string | null {
  const { store_ids } = actorOf(ctx);
  if (store_ids === null) return null;
  const [first, second] = store_ids;
  if (first !== undefined && second === undefined) return first;
  throw new Problem("validation_failed", "Say which store.", {
    errors: [{ pointer: "#query/store_id", detail: "is needed: you work in several stores" }],
  });
}
