import { formatAmount } from "regal-pos/pricing";
import { Failure } from "../../support/failure.ts";
import type { Basket } from "../basket.ts";
import { approve, withApproval, type Wanted } from "../leave.ts";
import type { SaleRecord } from "../records.ts";
import { storeOf, type Till } from "../till.ts";
import type { Tender } from "../wire.ts";
import type { Terminal } from "./terminal.ts";

/** The counter where a cashier stands: what is being rung up, and who is served. */
export type Counter = {
  till: Till;
  terminal: Terminal;
  basket: Basket;
  /** What the customer has handed over for the basket so far. */
  payments: Tender[];
  customer: { id: string; name: string } | null;
  /** The parked sale that is being finished; `untouched` where its lines are the server's. */
  resumed: { sale: SaleRecord; untouched: boolean } | null;
  /** The sale that `bill` prints without a number. */
  last_sale_id: string | null;
};

export type CommandHelp = {
  usage: string;
  does: string;
};

export type UiCommand = CommandHelp & { run: (counter: Counter, words: string[]) => Promise<void> };

export type UiCommands = Record<string, UiCommand>;

export function newCounter(till: Till, terminal: Terminal): Counter {
  return { till, terminal, basket: { items: [] }, payments: [], customer: null, resumed: null, last_sale_id: null };
}

/** The next customer. */
export function clearCounter(counter: Counter): void {
  counter.basket = { items: [] };
  counter.payments = [];
  counter.customer = null;
  counter.resumed = null;
}

export function currencyOf({ till }: Counter): string {
  return storeOf(till).currency;
}

/** An amount in the store's currency, without its name. */
export function money(counter: Counter, amount: number): string {
  return formatAmount(amount, currencyOf(counter));
}

/** Works; where a manager must say yes, one is asked for name and PIN at this counter. */
export function withManager<T>(counter: Counter, work: (approval: string | undefined) => Promise<T>): Promise<T> {
  return withApproval(work, async (needed, error) => {
    const { till, terminal } = counter;
    terminal.say([error.message, ...needed.flatMap((one) => describeSize(counter, one))].join("\n"));
    if (!(await till.link.isUp())) throw new Failure("A manager's yes needs the server, and it is out of reach.");
    const name = await terminal.readLine("Manager's name (empty: none): ");
    if (name === null || name.trim() === "") throw new Failure("Not approved.");
    const pin = await terminal.readSecret("Manager's PIN: ");
    if (pin === null) throw new Failure("Not approved.");
    return approve(till, needed, name.trim(), pin.trim());
  });
}

/** How much the manager says yes to. */
function describeSize(counter: Counter, { action, limit }: Wanted): string[] {
  if (limit === undefined) return [];
  const size = action === "discount" ? `${String(limit / 10_000)} %` : money(counter, limit);
  return [`  ${action.replaceAll("_", " ")}: ${size}`];
}

/** What came of a deed, where it is not in the server's books yet. */
export function describeHow(how: "online" | "written"): string {
  return how === "online" ? "" : " (in the outbox)";
}
