import { Failure } from "../../support/failure.ts";
import { Refused } from "../perform.ts";
import { SessionEnded } from "../session.ts";
import { catchUp, sendOutbox } from "../settling.ts";
import { storeOf, type Till } from "../till.ts";
import { BASKET_COMMANDS } from "./basket-commands.ts";
import { type Counter, newCounter, type UiCommands } from "./counter.ts";
import { CUSTOMER_COMMANDS } from "./customer-commands.ts";
import { LINE_COMMANDS, tellReport } from "./line-commands.ts";
import { MONEY_COMMANDS } from "./money-commands.ts";
import { RETURN_COMMANDS } from "./return-commands.ts";
import { SALE_COMMANDS } from "./sale-commands.ts";
import { SHIFT_COMMANDS } from "./shift-commands.ts";
import type { Terminal } from "./terminal.ts";
import { splitWords } from "./words.ts";

/** The till as a person uses it: a line is a command, and what is no command is a code that was scanned. */

const COMMANDS: UiCommands = {
  ...BASKET_COMMANDS,
  ...SALE_COMMANDS,
  ...RETURN_COMMANDS,
  ...CUSTOMER_COMMANDS,
  ...MONEY_COMMANDS,
  ...SHIFT_COMMANDS,
  ...LINE_COMMANDS,
};

const EVERY_MS = 15_000;

/** Works until `quit` or the end of the input. False where a script's command failed: the rest of it is not tried. */
export async function runTill(till: Till, terminal: Terminal): Promise<boolean> {
  const counter = newCounter(till, terminal);
  greet(counter);
  const turns = takeTurns();
  const timer = setInterval(() => {
    void turns(async () => sendByItself(counter));
  }, EVERY_MS);
  timer.unref();
  let ok = true;
  while (ok || terminal.interactive) {
    const line = await terminal.readLine(promptOf(counter));
    if (line === null || /^\s*(quit|exit)\s*$/i.test(line)) break;
    ok = await turns(async () => carryOut(counter, line));
  }
  clearInterval(timer);
  await turns(async () => sendByItself(counter));
  return ok;
}

/** One thing at a time: the timer never works while a command does. */
function takeTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

function greet(counter: Counter): void {
  const { till, terminal } = counter;
  const store = storeOf(till);
  terminal.say(`${store.name}, till ${store.code}-${till.device.terminal.code}. \`help\` lists what it can do.`);
  for (const { type, number } of till.recovered) {
    terminal.say(
      `When the till stopped it was sending: ${type} ${number ?? ""}. It stands; void it if it did not happen.`,
    );
  }
  const { waitingCount } = till.outbox;
  if (waitingCount > 0) terminal.say(`${String(waitingCount)} commands wait to be sent: sign in.`);
}

function promptOf({ till, basket }: Counter): string {
  const items = basket.items.length === 0 ? "" : ` ${String(basket.items.length)}`;
  const line = till.link.state === "online" ? "" : ` ${till.link.state}`;
  return `till${line}${items}> `;
}

/** True when it went well. */
async function carryOut(counter: Counter, line: string): Promise<boolean> {
  const [name = "", ...words] = splitWords(line);
  if (name === "" || name.startsWith("#")) return true;
  try {
    if (name === "help") counter.terminal.say(describeCommands());
    else await (COMMANDS[name.toLowerCase()]?.run(counter, words) ?? scanLine(counter, [name, ...words]));
    return true;
  } catch (error) {
    if (!isTold(error)) throw error;
    counter.terminal.say(error.message);
    return false;
  }
}

/** `CODE`, `CODE 3`, `3 x CODE`. */
async function scanLine(counter: Counter, words: string[]): Promise<void> {
  const [first = "", second, third] = words;
  const turned = third !== undefined && /^[x*]$/i.test(second ?? "") ? [third, first] : [first, second ?? ""];
  await COMMANDS["add"]?.run(
    counter,
    turned.filter((word) => word !== ""),
  );
}

function isTold(error: unknown): error is Error {
  return error instanceof Failure || error instanceof Refused || error instanceof SessionEnded;
}

/** Sends what waits, where somebody is signed in and the server in reach; a session that has ended is told at the next command. */
async function sendByItself(counter: Counter): Promise<void> {
  const { till, terminal } = counter;
  const wasAway = till.link.state === "out of reach";
  if (!till.session.isOpen || (till.outbox.waitingCount === 0 && !wasAway)) return;
  try {
    if (!(await till.link.isUp())) return;
    tellReport(counter, wasAway ? await catchUp(till, terminal.say) : await sendOutbox(till, terminal.say));
    if (wasAway) terminal.say("The server is in reach again.");
  } catch (error) {
    if (!isTold(error)) throw error;
    terminal.say(error.message);
  }
}

function describeCommands(): string {
  const rows = Object.entries(COMMANDS).map(([name, { usage, does }]) => [`${name} ${usage}`.trim(), does] as const);
  const lines = rows.map(([usage, does]) =>
    usage.length > 34 ? `${usage}\n${" ".repeat(36)}${does}` : `${usage.padEnd(36)}${does}`,
  );
  return [
    "What is no command is a code that was scanned: 5099910102176, 3 x 5099910102176, RM-10113 2, RM-10101 1.2kg.",
    "",
    ...lines,
    `${"help".padEnd(36)}this`,
    `${"quit".padEnd(36)}leaves; what waits is kept and sent next time`,
  ].join("\n");
}
