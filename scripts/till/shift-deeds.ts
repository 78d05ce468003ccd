import { businessDate } from "../../src/core/business-day.ts";
import { newId } from "../../src/core/ids.ts";
import { Failure } from "../support/failure.ts";
import { requireLeave, type Wanted } from "./leave.ts";
import { type Done, perform } from "./perform.ts";
import { countDrawer, isWhole } from "./reckoning.ts";
import type { DrawerEvent, Effects } from "./records.ts";
import { type DeedOptions, deedOf, now } from "./selling.ts";
import { cashierOf, openShiftOf, storeOf, type Till } from "./till.ts";
import type { Method, Shift, ShiftReport } from "./wire.ts";

/** The till's day: from its float to its count. */

export type ClosedShift = Shift & { report: ShiftReport };
export type MovementType = "paid_in" | "paid_out" | "drop" | "no_sale";

/** Opens the till's shift with what lies in the drawer. Throws Failure, Refused, SessionEnded. */
export async function openShift(
  till: Till,
  openingFloat: number,
  options: DeedOptions = {},
): Promise<Done<Shift>["how"]> {
  if (till.books.openShift()) throw new Failure("A shift is open already: close it first.");
  const store = storeOf(till);
  const at = now();
  const shift: Shift = {
    id: newId(),
    store_id: store.id,
    terminal_id: till.device.terminal.id,
    status: "open",
    currency: store.currency,
    opening_float: openingFloat,
    business_date: businessDate(at, store.timezone, store.day_cutoff),
    opened_at: at,
    opened_by: cashierOf(till).id,
    closed_at: null,
    closed_by: null,
    note: null,
    created_at: at,
  };
  const { id, terminal_id } = shift;
  const drawer: DrawerEvent[] = [{ shift_id: id, what: "float", amount: openingFloat, source_id: id }];
  const body = { id, terminal_id, opening_float: openingFloat };
  const deed = deedOf("shift_open", body, at, options, () => ({ shift, drawer }));
  const corrected = (effects: Effects, answer: Shift): Effects => ({ ...effects, shift: answer });
  const { how } = await perform<Shift>(till, { ...deed, corrected });
  return how;
}

const SIGN: Record<MovementType, 1 | -1 | 0> = { paid_in: 1, paid_out: -1, drop: -1, no_sale: 0 };

/** Puts cash into the drawer or takes it out for another reason than a sale. Throws Failure, Refused, SessionEnded. */
export async function moveCash(
  till: Till,
  movement: { type: MovementType; amount: number; reason: string },
  options: DeedOptions = {},
): Promise<Done<unknown>["how"]> {
  const { id: shift_id } = openShiftOf(till);
  const id = newId();
  const { type, amount, reason } = movement;
  // Not -0, which the file would give back as 0 and no test would call the same.
  const moved = SIGN[type] === 0 ? 0 : SIGN[type] * amount;
  const drawer: DrawerEvent[] = [{ shift_id, what: type, amount: moved, source_id: id }];
  const body = { shift_id, id, type, ...(type === "no_sale" ? {} : { amount }), reason };
  const { how } = await perform(
    till,
    deedOf("cash_movement", body, now(), options, () => ({ drawer })),
  );
  return how;
}

/**
 * Closes the shift with what was counted, of cash at least. The Z report where the server made it at once. Throws Failure
 * (ApprovalNeeded where the count differs by more than the store tolerates, and for another's shift), Refused, SessionEnded.
 */
export async function closeShift(
  till: Till,
  counted: readonly { method: Method; amount: number }[],
  options: DeedOptions & { note?: string } = {},
): Promise<ShiftReport | null> {
  const shift = openShiftOf(till);
  requireLeave(till, wantedForClosing(till, shift, counted), options.approval);
  const at = now();
  const { note } = options;
  const closed: Shift = {
    ...shift,
    status: "closed",
    closed_at: at,
    closed_by: cashierOf(till).id,
    note: note ?? null,
  };
  const body = { shift_id: shift.id, counted: [...counted], ...(note === undefined ? {} : { note }) };
  const deed = deedOf("shift_close", body, at, options, () => ({ shift: closed }));
  const corrected = (effects: Effects, { report: _report, ...answer }: ClosedShift): Effects => ({
    ...effects,
    shift: answer,
  });
  const { answer } = await perform<ClosedShift>(till, { ...deed, corrected });
  return answer?.report ?? null;
}

/** What closing needs a manager for, by the till's own count; of other methods than cash the server alone knows. */
function wantedForClosing(till: Till, shift: Shift, counted: readonly { method: Method; amount: number }[]): Wanted[] {
  const events = till.books.drawerOf(shift.id);
  const cash = counted.find(({ method }) => method === "cash");
  if (!cash) throw new Failure("Count the cash, though the drawer be empty.");
  const difference = Math.abs(cash.amount - countDrawer(events));
  const differs = isWhole(shift, events) && difference > storeOf(till).drawer_tolerance;
  return [
    ...(shift.opened_by === cashierOf(till).id ? [] : [{ action: "close_other" as const }]),
    ...(differs ? [{ action: "drawer_difference" as const, limit: difference }] : []),
  ];
}
