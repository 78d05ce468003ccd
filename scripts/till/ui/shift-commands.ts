import { Failure } from "../../support/failure.ts";
import { countDrawer, isWhole } from "../reckoning.ts";
import { closeShift, type MovementType, moveCash, openShift } from "../shift-deeds.ts";
import { openShiftOf } from "../till.ts";
import type { Method, ShiftReport } from "../wire.ts";
import {
  type Counter,
  currencyOf,
  describeHow,
  money,
  type UiCommand,
  type UiCommands,
  withManager,
} from "./counter.ts";
import { pair, showOwnReport, showReport } from "./show.ts";
import { readAmount, readMethod, withoutCardNumber } from "./words.ts";

/** The drawer's day. */
export const SHIFT_COMMANDS: UiCommands = {
  open: {
    usage: "FLOAT",
    does: "opens the shift with what lies in the drawer",
    run: async (counter, [float]) => {
      const amount = readAmount(float, currencyOf(counter));
      const how = await openShift(counter.till, amount);
      counter.terminal.say(`The shift is open with a float of ${money(counter, amount)}${describeHow(how)}.`);
    },
  },
  in: movement("paid_in", "AMOUNT REASON", "puts cash into the drawer"),
  out: movement("paid_out", "AMOUNT REASON", "takes cash out of the drawer for something"),
  drop: movement("drop", "AMOUNT REASON", "takes cash out of the drawer to the safe"),
  "no-sale": movement("no_sale", "REASON", "opens the drawer and moves nothing"),
  x: {
    usage: "",
    does: "shows what the shift has come to so far",
    run: async (counter) => {
      const { till, terminal } = counter;
      const shift = openShiftOf(till);
      const { session, link, outbox } = till;
      if (session.isOpen && outbox.waitingCount === 0 && (await link.isUp())) {
        const call = { method: "GET", path: `/v1/shifts/${shift.id}/report` } as const;
        const outcome = await session.ask<ShiftReport>(call);
        if (outcome.kind === "done") {
          terminal.say(showReport(counter, outcome.body));
          terminal.say(describeOwnCount(counter, outcome.body));
          return;
        }
        if (outcome.kind === "unreached") link.lose(outcome.reason);
      }
      terminal.say(showOwnReport(counter, shift));
    },
  },
  close: {
    usage: "CASH [METHOD AMOUNT ...]",
    does: "closes the shift with what was counted in the drawer",
    run: async (counter, [cash, ...others]) => {
      const { till, terminal } = counter;
      openShiftOf(till);
      if (counter.basket.items.length > 0) throw new Failure("Finish or clear the basket first.");
      const typed = cash ?? (await terminal.readLine("Cash counted: "))?.trim();
      const counted = [{ method: "cash" as Method, amount: readAmount(typed, currencyOf(counter)) }];
      for (let at = 0; at < others.length; at += 2) {
        counted.push({ method: readMethod(others[at]), amount: readAmount(others[at + 1], currencyOf(counter)) });
      }
      const report = await withManager(counter, async (approval) => closeShift(till, counted, { approval }));
      if (report) terminal.say(showReport(counter, report));
      terminal.say(
        report ? "The shift is closed." : "The shift is closed (in the outbox): its Z report is made when it arrives.",
      );
    },
  },
};

function movement(type: MovementType, usage: string, does: string): UiCommand {
  return {
    usage,
    does,
    run: async (counter, words) => {
      const [amount, ...reason] = type === "no_sale" ? ["0", ...words] : words;
      if (reason.length === 0) throw new Failure(`Say why: ${usage}.`);
      const moved = readAmount(amount, currencyOf(counter));
      const how = await moveCash(counter.till, { type, amount: moved, reason: withoutCardNumber(reason.join(" ")) });
      const said = type === "no_sale" ? "The drawer is open" : `${money(counter, moved)} ${type.replace("_", " ")}`;
      counter.terminal.say(`${said}${describeHow(how)}.`);
    },
  };
}

/** The till has counted by itself: it says so where the two differ, and where it can't know. */
function describeOwnCount(counter: Counter, report: ShiftReport): string {
  const { books } = counter.till;
  const events = books.drawerOf(report.shift_id);
  const shift = books.shifts().find(({ id }) => id === report.shift_id);
  if (!shift || !isWhole(shift, events)) return "(The till's own books have a part of this shift only.)";
  const own = countDrawer(events);
  const agrees = own === report.cash.expected ? "agrees" : "DIFFERS";
  return pair(`The till's own count of the drawer ${agrees}`, money(counter, own));
}
