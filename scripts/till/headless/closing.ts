import type { DeedOptions } from "../selling.ts";
import { sendOutbox } from "../settling.ts";
import { closeShift } from "../shift-deeds.ts";
import { openShiftOf } from "../till.ts";
import type { Method } from "../wire.ts";
import type { Action } from "./actions.ts";
import { type DayAtTill, withYes } from "./day-at-till.ts";
import { reckonShift } from "./own-figures.ts";
import { Failure } from "../../support/failure.ts";

/**
 * Counts and closes. Online everything is counted, so that the server compares each method with what the till knows;
 * offline the cash alone, because a sale of another method may still be on its way.
 */
export async function closePlanned(
  day: DayAtTill,
  action: Extract<Action, { do: "close" }>,
  options: DeedOptions,
): Promise<void> {
  const { till } = day;
  const { cash, expected } = reckonShift(till, openShiftOf(till));
  const counted: { method: Method; amount: number }[] = [{ method: "cash", amount: Math.max(0, cash + action.off_by) }];
  if (till.link.state !== "offline") {
    if (!(await till.link.isUp())) throw new Failure("The API is out of reach.");
    const { stopped } = await sendOutbox(till);
    if (stopped !== null) throw new Failure(stopped);
    for (const [method, amount] of expected) {
      // On account nothing is there to be counted; less than nothing can't be.
      if (method === "cash" || method === "on_account" || amount < 0) continue;
      counted.push({ method: method as Method, amount });
    }
  }
  await withYes(day, async (approval) => closeShift(till, counted, { ...options, approval }));
}
