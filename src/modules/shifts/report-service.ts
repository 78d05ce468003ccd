import { actorOf, type Context, ofOwnStore, requireStore, storeFilter } from "../../context.ts";
import { businessDate } from "../../core/business-day.ts";
import type { Row } from "../../db/database.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { Problem } from "../../http/problem.ts";
import { rememberStore, selectTillStore } from "../stores/index.ts";
import { selectLastZ, selectShift, selectZOfShift, selectZReports } from "./queries.ts";
import { shiftSumStatements } from "./report-queries.ts";
import type { ShiftReport, ZReportFilter } from "./schemas.ts";
import { loadShift, toShift } from "./service.ts";
import { asXReport, composeReport, type LastZ, readSums } from "./z-report.ts";

/** Reading a shift's figures: the X report while it is open, its Z report ever after. */

/** Who may not read all reports may read that of the shift they opened. */
export async function reportShift(ctx: Context, shiftId: string): Promise<ShiftReport> {
  const shift = await loadShift(ctx, shiftId);
  const actor = actorOf(ctx);
  if (shift.opened_by !== actor.user_id && !actor.permissions.has("reports:read")) {
    throw new Problem("forbidden", "The report of another's shift needs the permission reports:read.");
  }
  const [shifts = [], stores = [], lasts = [], reports = [], ...sums] = await ctx.db.readAll([
    selectShift(shiftId),
    selectTillStore(shift.terminal_id),
    selectLastZ(shiftId),
    selectZOfShift(shiftId),
    ...shiftSumStatements(shiftId),
  ]);
  const [z] = reports;
  if (z) return JSON.parse(String(z["report"])) as ShiftReport;
  const store = rememberStore(stores);
  const open = toShift(ofOwnStore(ctx, shifts[0], "shift"));
  if (!store) throw new Problem("not_found", "There is no such shift.");
  const today = businessDate(ctx.now, store.timezone, store.day_cutoff);
  const report = composeReport(open, readSums(sums), { kind: "x", supplement: false, today, counted: null });
  return asXReport(report, (lasts[0] as unknown as LastZ | undefined) ?? null);
}

/** In order of arrival, of one store or of all the actor's. */
export async function listZReports(
  ctx: Context,
  filter: ZReportFilter,
): Promise<{ data: ShiftReport[]; next_cursor: string | null }> {
  if (filter.store_id !== undefined) requireStore(ctx, filter.store_id);
  const wanted = { ...filter, own_stores: storeFilter(ctx) };
  const rows = await ctx.db.all<Row & { arrival: number }>(
    selectZReports(wanted, readCursor(filter.cursor), filter.limit + 1),
  );
  return toPage(rows, filter.limit, ({ report }) => JSON.parse(String(report)) as ShiftReport);
}
