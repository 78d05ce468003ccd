import { Failure } from "../../support/failure.ts";
import { describeProblem } from "../session.ts";
import { catchUp, sendOutbox, signIn } from "../settling.ts";
import { cashierOf, storeOf } from "../till.ts";
import type { Command } from "../outbox.ts";
import type { DeliveryReport } from "../delivery.ts";
import type { Counter, UiCommands } from "./counter.ts";
import { readPlace } from "./words.ts";

/** Who works here, and the line to the server. */
export const LINE_COMMANDS: UiCommands = {
  signin: {
    usage: "NAME",
    does: "signs a cashier in by PIN",
    run: async (counter, [name]) => {
      const { till, terminal } = counter;
      const username = name ?? (await terminal.readLine("Name: "))?.trim() ?? "";
      const pin = (await terminal.readSecret("PIN: "))?.trim() ?? "";
      if (username === "" || pin === "") throw new Failure("A name and a PIN are needed.");
      if (till.link.state === "offline") throw new Failure("The till was told to be offline: `online` first.");
      const profile = await signIn(till, username, pin, terminal.say);
      terminal.say(`Good day, ${profile.full_name} (${profile.role}).`);
      tellReport(counter, await catchUp(till, terminal.say));
    },
  },
  signout: {
    usage: "",
    does: "signs the cashier out, after sending what is waiting",
    run: async ({ till, terminal }) => {
      if (till.session.isOpen && (await till.link.isUp())) {
        await sendOutbox(till, terminal.say);
        await till.session.signOut();
      }
      terminal.say("Signed out.");
    },
  },
  offline: {
    usage: "",
    does: "works without the server until `online`",
    run: async ({ till, terminal }) => {
      till.link.tell(true);
      terminal.say("Offline: what is done lies in the outbox until `online`.");
      return Promise.resolve();
    },
  },
  online: {
    usage: "",
    does: "speaks with the server again, and sends what is waiting",
    run: async (counter) => {
      const { till, terminal } = counter;
      till.link.tell(false);
      if (!(await till.link.isUp())) throw new Failure(`The server is out of reach: ${till.link.reason ?? ""}`);
      tellReport(counter, await catchUp(till, terminal.say));
      terminal.say("Online.");
    },
  },
  outbox: {
    usage: "[retry NUMBER]",
    does: "shows what the server has not acknowledged; sends a rejected command again",
    run: async (counter, [what, place]) => {
      const { till, terminal } = counter;
      const rejected = till.outbox.rejected();
      if (what === "retry") {
        const chosen = rejected[readPlace(place, rejected.length) - 1];
        if (!chosen) throw new Failure("There is no such one.");
        till.outbox.retry(chosen.place);
        if (await till.link.isUp()) tellReport(counter, await sendOutbox(till, terminal.say));
        return;
      }
      const waiting = till.outbox.waiting();
      const lines = [
        `${String(waiting.length)} waiting, ${String(rejected.length)} rejected`,
        ...waiting.slice(0, 20).map((command) => `   ${describeCommand(command)}`),
        ...(waiting.length > 20 ? [`   and ${String(waiting.length - 20)} more`] : []),
        ...rejected.map((command, index) => `${String(index + 1).padStart(2)} ${describeCommand(command)}`),
      ];
      terminal.say(lines.join("\n"));
    },
  },
  status: {
    usage: "",
    does: "shows who works, the shift, the line, the outbox and the catalogue",
    run: async ({ till, terminal }) => {
      const { code } = till.device.terminal;
      const store = storeOf(till);
      const shift = till.books.openShift();
      const line = till.link.state === "out of reach" ? `out of reach: ${till.link.reason ?? ""}` : till.link.state;
      terminal.say(
        [
          `Till      ${store.code}-${code}, ${store.name}`,
          `Cashier   ${cashierOf(till).full_name}${till.session.isOpen ? "" : " (not signed in)"}`,
          `Shift     ${shift ? `open since ${shift.opened_at}` : "none is open"}`,
          `Line      ${line}`,
          `Outbox    ${String(till.outbox.waitingCount)} waiting, ${String(till.outbox.rejected().length)} rejected`,
          `Products  ${String(till.catalogue.count)}, as of ${till.catalogue.askedAt ?? "never"}`,
        ].join("\n"),
      );
      return Promise.resolve();
    },
  },
  refresh: {
    usage: "",
    does: "reads prices and rules that have changed",
    run: async (counter) => {
      if (!(await counter.till.link.isUp())) throw new Failure("The server is out of reach.");
      tellReport(counter, await catchUp(counter.till, counter.terminal.say));
      counter.terminal.say(`${String(counter.till.catalogue.count)} products.`);
    },
  },
};

/** Says what was sent, where anything was. */
export function tellReport({ terminal }: Pick<Counter, "terminal">, report: DeliveryReport): void {
  const { applied, flagged, replayed, rejected, stopped } = report;
  if (applied + flagged + replayed + rejected > 0) {
    const more = [
      ...(flagged > 0 ? [`${String(flagged)} of them flagged for a manager`] : []),
      ...(replayed > 0 ? [`${String(replayed)} had arrived before`] : []),
      ...(rejected > 0 ? [`${String(rejected)} REJECTED (see \`outbox\`)`] : []),
    ];
    terminal.say([`Sent ${String(applied + flagged + replayed)}`, ...more].join(", "));
  }
  if (stopped !== null) terminal.say(`Not everything was sent: ${stopped}`);
}

function describeCommand({ type, number, occurred_at, problem }: Command): string {
  const why = problem === null ? "" : `  ${describeProblem(problem)}`;
  return `${occurred_at.slice(0, 19).replace("T", " ")}  ${type}${number === null ? "" : ` ${number}`}${why}`;
}
