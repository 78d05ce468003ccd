import { cashierOf, openShiftOf, type Till } from "../till.ts";
import type { ShiftReport } from "../wire.ts";
import { compareReport } from "./compare-report.ts";
import { reckonShift } from "./own-figures.ts";

/**
 * Asks for the X report and compares it with the till's own books, in the middle of the day. Passed over where the till is
 * offline, and where the shift is another's, whose report this cashier may not see. Throws an Error that names what differs.
 */
export async function checkXReport(till: Till): Promise<void> {
  const shift = openShiftOf(till);
  const { link, session, outbox } = till;
  if (outbox.waitingCount > 0 || shift.opened_by !== cashierOf(till).id || !(await link.isUp())) return;
  const outcome = await session.ask<ShiftReport>({ method: "GET", path: `/v1/shifts/${shift.id}/report` });
  if (outcome.kind === "unreached") link.lose(outcome.reason);
  if (outcome.kind !== "done") return;
  const differences = compareReport(reckonShift(till, shift), [outcome.body]);
  if (differences.length === 0) return;
  throw new Error(`till ${till.device.terminal.code}: the X report differs: ${differences.join("; ")}`);
}
