import { actorOf, type Context, ofOwnStore, requireStore, storeFilter } from "../../context.ts";
import { businessDate } from "../../core/business-day.ts";
import type { Row } from "../../db/database.ts";
import { fingerprintOf, keyOf } from "../../http/idempotency.ts";
import { doOnce } from "../../http/once.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { Problem } from "../../http/problem.ts";
import type { RawBody } from "../../http/route.ts";
import { auditStatement } from "../audit/index.ts";
import { rememberStore, selectTillStore } from "../stores/index.ts";
import { forgetDrawer, toTerminal } from "./drawer.ts";
import { drawerStatements } from "./drawer-queries.ts";
import { insertCashMovement, insertShift, selectShift, selectShifts } from "./queries.ts";
import type { CashMovement, CashMovementInput, Shift, ShiftFilter, ShiftOpening } from "./schemas.ts";

/** Opening shifts, moving cash, and what there is to read of them. `at` is when an offline till did it; else it is now. */

/** Opens a till's shift; `conflict` where one is open. */
export async function openShift(ctx: Context, input: ShiftOpening, at = ctx.now.toISOString()): Promise<RawBody> {
  const [stores = [], tills = []] = await ctx.db.readAll([
    selectTillStore(input.terminal_id),
    ...drawerStatements(input.terminal_id, null),
  ]);
  const terminal = toTerminal(ofOwnStore(ctx, tills[0], "terminal"));
  const store = rememberStore(stores);
  if (!store) throw new Problem("not_found", "There is no such terminal.");
  const id = input.id ?? ctx.newId();
  const once = {
    store_id: store.id,
    key: keyOf(ctx),
    operation: "shift.open",
    fingerprint: fingerprintOf("shift.open", input),
    resource_id: id,
  };
  const shift: Shift = {
    id,
    store_id: store.id,
    terminal_id: terminal.id,
    status: "open",
    currency: store.currency,
    opening_float: input.opening_float,
    business_date: businessDate(at, store.timezone, store.day_cutoff),
    opened_at: at,
    opened_by: actorOf(ctx).user_id,
    closed_at: null,
    closed_by: null,
    note: null,
    created_at: ctx.now.toISOString(),
  };
  const entry = {
    action: "shift.open",
    entity_type: "shift",
    entity_id: id,
    store_id: store.id,
    after: shift,
  } as const;
  forgetDrawer(terminal.id);
  const answer = await doOnce(ctx, once, () => ({
    statements: [auditStatement(ctx, [entry]), insertShift(shift)],
    response: shift,
  }));
  forgetDrawer(terminal.id);
  return answer;
}

/** Puts cash in or takes it out for another reason than a sale, or only opens the drawer. */
export async function moveCash(
  ctx: Context,
  shiftId: string,
  input: CashMovementInput,
  happened?: { at: string; id: string },
): Promise<RawBody> {
  const shift = await loadShift(ctx, shiftId);
  const id = input.id ?? happened?.id ?? ctx.newId();
  const once = {
    store_id: shift.store_id,
    key: keyOf(ctx),
    operation: "cash_movement.create",
    fingerprint: fingerprintOf("cash_movement.create", { shift_id: shiftId, ...input }),
    resource_id: id,
  };
  const movement: CashMovement = {
    id,
    store_id: shift.store_id,
    terminal_id: shift.terminal_id,
    shift_id: shiftId,
    type: input.type,
    amount: input.amount ?? 0,
    reason: input.reason,
    user_id: actorOf(ctx).user_id,
    moved_at: happened?.at ?? ctx.now.toISOString(),
    created_at: ctx.now.toISOString(),
  };
  const entry = {
    action: "cash_movement.create",
    entity_type: "cash_movement",
    entity_id: id,
    store_id: shift.store_id,
    after: { type: movement.type, amount: movement.amount, reason: movement.reason, shift_id: shiftId },
  } as const;
  return doOnce(ctx, once, () => ({
    statements: [auditStatement(ctx, [entry]), insertCashMovement(movement, happened !== undefined)],
    response: movement,
  }));
}

/** A shift of the actor's stores, or `not_found`. */
export async function loadShift(ctx: Context, shiftId: string): Promise<Shift> {
  const rows = await ctx.db.all(selectShift(shiftId));
  return toShift(ofOwnStore(ctx, rows[0], "shift"));
}

export async function listShifts(
  ctx: Context,
  filter: ShiftFilter,
): Promise<{ data: Shift[]; next_cursor: string | null }> {
  if (filter.store_id !== undefined) requireStore(ctx, filter.store_id);
  const wanted = { ...filter, own_stores: storeFilter(ctx) };
  const rows = await ctx.db.all<Row & { arrival: number }>(
    selectShifts(wanted, readCursor(filter.cursor), filter.limit + 1),
  );
  return toPage(rows, filter.limit, toShift);
}

/** What is declared of a shift leaves, and nothing else. */
export function toShift(row: Row): Shift {
  const { arrival: _arrival, records: _records, ...shown } = row;
  return shown as unknown as Shift;
}
