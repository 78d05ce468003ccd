import pRetry from "p-retry";
import { RACE } from "../../db/race.ts";
import { actorOf, type Context, ofOwnStore } from "../../context.ts";
import { businessDate } from "../../core/business-day.ts";
import type { Statement } from "../../db/database.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { fingerprintOf, keyOf } from "../../http/idempotency.ts";
import { doOnce, type Work } from "../../http/once.ts";
import { type InputError, Problem, invalidInput } from "../../http/problem.ts";
import type { RawBody } from "../../http/route.ts";
import { takeLeave, type Wanted } from "../approvals/index.ts";
import { auditStatement } from "../audit/index.ts";
import { type Store, type StoreRow, storeByTerminalStatement, toStore } from "../stores/index.ts";
import { forgetDrawer } from "./drawer.ts";
import { closeShiftStatement, insertZReport, selectLastZ, selectShift } from "./queries.ts";
import { selectWaiting, shiftSumStatements } from "./report-queries.ts";
import type { Shift, ShiftClosing, ShiftReport } from "./schemas.ts";
import { loadShift, toShift } from "./service.ts";
import { supplementsOf, type WaitingShift } from "./supplements.ts";
import { asZReport, composeReport, type LastZ, readSums } from "./z-report.ts";

/**
 * Closes a shift with its count and makes its Z report, after the supplements that the till waits for. A difference above
 * the store's tolerance, and another's shift, want leave. Throws Problem `approval_required`, `shift_closed`.
 */
export async function closeShift(
  ctx: Context,
  shiftId: string,
  input: ShiftClosing,
  at = ctx.now.toISOString(),
): Promise<RawBody> {
  const shift = await loadShift(ctx, shiftId);
  const once = {
    store_id: shift.store_id,
    key: keyOf(ctx),
    operation: "shift.close",
    fingerprint: fingerprintOf("shift.close", { shift_id: shiftId, ...input }),
    resource_id: shiftId,
  };
  const answer = await pRetry(async () => doOnce(ctx, once, async () => workOutClosing(ctx, shift, input, at)), {
    ...RACE,
    shouldRetry: ({ error }) => isViolationOf(error, "stale_shift", "z_chain"),
  });
  forgetDrawer(shift.terminal_id);
  return answer;
}

async function workOutClosing(
  ctx: Context,
  { id: shiftId, terminal_id }: Shift,
  input: ShiftClosing,
  at: string,
): Promise<Work> {
  const { shift, store, last, waiting, sums } = await readClosing(ctx, shiftId, terminal_id);
  if (shift.status === "closed") throw new Problem("shift_closed", "The shift is closed already.");
  refuseCount(input);
  // A till whose clock is behind can say an earlier time than that at which we opened its shift.
  const closedAt = at < shift.opened_at ? shift.opened_at : at;
  const closed: Shift = {
    ...shift,
    status: "closed",
    closed_at: closedAt,
    closed_by: actorOf(ctx).user_id,
    note: input.note ?? null,
  };
  const today = businessDate(closedAt, store.timezone, store.day_cutoff);
  const report = composeReport(closed, sums, { kind: "z", supplement: false, today, counted: input.counted });
  const leave = takeLeave(ctx, wantedFor(ctx, shift, store, report.by_method), new Date(at));
  const supplements = await supplementsOf(ctx, waiting, last);
  const z = asZReport(report, supplements.last);
  const createdAt = ctx.now.toISOString();
  const entry = {
    action: "shift.close",
    entity_type: "shift",
    entity_id: shiftId,
    store_id: shift.store_id,
    after: describeClosing(closed, input, z, leave.audit),
  } as const;
  const statements: Statement[] = [
    auditStatement(ctx, [entry, ...supplements.audit]),
    ...leave.statements,
    ...supplements.statements,
    closeShiftStatement(closed, sums.records),
    insertZReport(z, sums.records, createdAt),
  ];
  return { statements, response: { ...closed, report: z } };
}

async function readClosing(ctx: Context, shiftId: string, terminalId: string) {
  const [shifts = [], stores = [], lasts = [], waiting = [], ...sums] = await ctx.db.readAll([
    selectShift(shiftId),
    storeByTerminalStatement(terminalId),
    selectLastZ(shiftId),
    selectWaiting(shiftId),
    ...shiftSumStatements(shiftId),
  ]);
  const shift = toShift(ofOwnStore(ctx, shifts[0], "shift"));
  return {
    shift,
    store: toStore(stores[0] as unknown as StoreRow),
    last: (lasts[0] as unknown as LastZ | undefined) ?? null,
    waiting: waiting as unknown as WaitingShift[],
    sums: readSums(sums),
  };
}

/** Throws Problem `validation_failed` for a count that is not one. */
function refuseCount({ counted, denominations }: ShiftClosing): void {
  const errors: InputError[] = [];
  for (const [index, { method }] of counted.entries()) {
    if (counted.findIndex((one) => one.method === method) !== index) {
      errors.push({ pointer: `/counted/${String(index)}/method`, detail: "is counted twice" });
    }
  }
  const cash = counted.find(({ method }) => method === "cash");
  if (!cash) errors.push({ pointer: "/counted", detail: "lacks cash: count the drawer, though it be empty" });
  const sum = denominations?.reduce((total, { value, count }) => total + value * count, 0);
  if (sum !== undefined && cash && sum !== cash.amount) {
    errors.push({
      pointer: "/denominations",
      detail: `come to ${String(sum)}, and the cash counted is ${String(cash.amount)}`,
    });
  }
  if (errors.length > 0) throw invalidInput(errors);
}

function wantedFor(ctx: Context, shift: Shift, store: Store, methods: ShiftReport["by_method"]): Wanted[] {
  const place = { store_id: shift.store_id, sale_id: null };
  const above = methods.filter(({ difference }) => Math.abs(difference ?? 0) > store.drawer_tolerance);
  const difference = Math.max(0, ...above.map((one) => Math.abs(one.difference ?? 0)));
  return [
    ...(shift.opened_by === actorOf(ctx).user_id
      ? []
      : [
          {
            ...place,
            action: "close_other" as const,
            size: 0,
            why: "Closing another's shift needs the permission approve:close_other, or a manager's approval.",
          },
        ]),
    ...(above.length === 0
      ? []
      : [
          {
            ...place,
            action: "drawer_difference" as const,
            size: difference,
            why: `A difference above ${String(store.drawer_tolerance)} needs the permission approve:drawer_difference, or a manager's approval.`,
            errors: above.map((one) => ({
              pointer: "/counted",
              detail: `${one.method} differs by ${String(one.difference)} from the ${String(one.expected)} expected`,
              method: one.method,
              expected: one.expected,
              difference: one.difference,
            })),
          },
        ]),
  ];
}

function describeClosing(shift: Shift, { denominations }: ShiftClosing, z: ShiftReport, leave: object) {
  const { number, net, by_method } = z;
  const differences = by_method.flatMap(({ method, difference }) =>
    difference === null ? [] : [{ method, difference }],
  );
  return { closed_at: shift.closed_at, z_number: number, net, differences, denominations, ...leave };
}
