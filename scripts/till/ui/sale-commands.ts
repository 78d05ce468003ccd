import { newId } from "../../../src/core/ids.ts";
import { Failure } from "../../support/failure.ts";
import { type Basket, leftToPay, priceSale } from "../basket.ts";
import { printBill } from "../bill.ts";
import { readFact } from "../database.ts";
import { Refused } from "../perform.ts";
import type { SaleRecord } from "../records.ts";
import { findSale } from "../refunding.ts";
import { complete, park, parkedBasketFact, sell } from "../selling.ts";
import { storeOf } from "../till.ts";
import type { Method, Page, Sale, Tender } from "../wire.ts";
import { clearCounter, type Counter, currencyOf, describeHow, money, type UiCommands, withManager } from "./counter.ts";
import { showBasket } from "./show.ts";
import { readPlace, readTenders, withoutCardNumber } from "./words.ts";

/** Taking the money, and putting a basket aside. */
export const SALE_COMMANDS: UiCommands = {
  pay: {
    usage: "METHOD [AMOUNT] [last4=1234] [ref=TEXT] [METHOD ...]",
    does: "takes money: pay cash 20, pay card 5.50 cash; without an amount it is the rest",
    run: async (counter, words) => {
      const rules = storeOf(counter.till);
      const total = totalOf(counter);
      const tenders = readTenders(words.length === 0 ? ["cash"] : words, currencyOf(counter), (method, paid) => {
        const left = leftToPay(rules, total, [...counter.payments, ...paid]);
        return method === "cash" ? left.in_cash : left.due;
      });
      // Cash of nothing says that the rest is paid in coins, which may round it away.
      counter.payments.push(...tenders.filter(({ amount, method }) => amount > 0 || method === "cash"));
      if (leftToPay(rules, total, counter.payments).due > 0) {
        counter.payments = counter.payments.filter(({ amount }) => amount > 0);
        const left = leftToPay(rules, total, counter.payments);
        counter.terminal.say(`Still due: ${money(counter, left.due)} (in cash ${money(counter, left.in_cash)})`);
        return;
      }
      await finish(counter);
    },
  },
  unpay: {
    usage: "",
    does: "gives back what was handed over for this basket so far",
    run: async (counter) => {
      counter.payments = [];
      counter.terminal.say(showBasket(counter));
      return Promise.resolve();
    },
  },
  park: {
    usage: "[NOTE]",
    does: "puts the basket aside",
    run: async (counter, words) => {
      if (counter.basket.items.length === 0) throw new Failure("The basket is empty.");
      if (counter.resumed) throw new Failure("It is parked already: `clear` leaves it so.");
      const basket = { ...counter.basket, ...(words.length > 0 ? { note: withoutCardNumber(words.join(" ")) } : {}) };
      const { how } = await park(counter.till, basket, { customer_id: counter.customer?.id });
      clearCounter(counter);
      counter.terminal.say(`Parked${describeHow(how)}.`);
    },
  },
  parked: {
    usage: "",
    does: "lists what is parked",
    run: async (counter) => {
      const parked = await listParked(counter);
      const lines = parked.map(
        (sale, index) =>
          `${String(index + 1).padStart(2)}  ${sale.sold_at.slice(0, 16).replace("T", " ")}  ${money(counter, sale.total)}  ${sale.note ?? ""}`,
      );
      counter.terminal.say(lines.length === 0 ? "Nothing is parked." : lines.join("\n"));
    },
  },
  resume: {
    usage: "NUMBER",
    does: "takes up a parked basket",
    run: async (counter, [place]) => {
      if (counter.basket.items.length > 0) throw new Failure("Finish or clear the basket first.");
      const parked = await listParked(counter);
      const chosen = parked[readPlace(place, parked.length) - 1];
      if (!chosen) throw new Failure("There is no such one.");
      await takeUp(counter, chosen.id);
      counter.terminal.say(showBasket(counter));
    },
  },
  bill: {
    usage: "[INVOICE]",
    does: "prints the bill of the last sale, or of an invoice number",
    run: async (counter, [invoiceNo]) => {
      const { till, terminal, last_sale_id } = counter;
      const last = last_sale_id === null ? till.books.lastSale() : till.books.sale(last_sale_id);
      const sale = invoiceNo === undefined ? last : await findSale(till, invoiceNo);
      if (!sale) throw new Failure("Nothing has been sold yet.");
      terminal.say(await printBill(till, sale));
    },
  },
};

/** Sells what stands at the counter for what was handed over. */
async function finish(counter: Counter): Promise<void> {
  const { till, basket, payments, customer, resumed } = counter;
  const id = resumed?.sale.id ?? newId();
  try {
    const { sale, how } = await withManager(counter, async (approval) => {
      const options = { id, approval, customer_id: customer?.id };
      if (!resumed) return sell(till, basket, payments, options);
      return complete(till, resumed.sale, resumed.untouched ? null : basket, payments, options);
    });
    counter.last_sale_id = sale.id;
    clearCounter(counter);
    tellSold(counter, sale, how);
  } catch (error) {
    counter.payments = [];
    if (error instanceof Refused && isOfPrices(error)) await repriceBasket(counter);
    throw error;
  }
}

function tellSold(counter: Counter, sale: SaleRecord, how: "online" | "written"): void {
  const change = sale.change_due > 0 ? `, change ${money(counter, sale.change_due)}` : "";
  const balance = sale.balance_due > 0 ? `, on account ${money(counter, sale.balance_due)}` : "";
  const number = sale.invoice_no ?? "(its number follows)";
  counter.terminal.say(`Sold ${number}: ${money(counter, sale.total)}${change}${balance}${describeHow(how)}`);
}

function isOfPrices({ problem }: Refused): boolean {
  return problem.code === "price_changed" || problem.code === "total_mismatch";
}

/** The shop has other prices by now: the basket takes them over. */
async function repriceBasket(counter: Counter): Promise<void> {
  const { till, terminal, basket } = counter;
  await till.catalogue.refresh(till.session);
  for (const item of basket.items) {
    if (item.product) item.product = till.catalogue.product(item.product.id) ?? item.product;
  }
  terminal.say(`Prices have changed. As it is now:\n${showBasket(counter)}`);
}

function totalOf(counter: Counter): number {
  if (counter.resumed?.untouched) return counter.resumed.sale.total;
  if (counter.basket.items.length === 0) throw new Failure("The basket is empty.");
  return priceSale(storeOf(counter.till), counter.basket).totals.total;
}

type Parked = Pick<SaleRecord, "id" | "sold_at" | "total" | "note">;

/** The store's where the server can be asked; else this till's own. */
async function listParked({ till }: Counter): Promise<Parked[]> {
  const { session, link, books, outbox, device } = till;
  if (session.isOpen && outbox.waitingCount === 0 && (await link.isUp())) {
    const query = new URLSearchParams({ store_id: device.store.id, status: "parked", limit: "50" });
    const outcome = await session.ask<Page<Sale>>({ method: "GET", path: `/v1/sales?${query.toString()}` });
    if (outcome.kind === "done") return outcome.body.data;
    if (outcome.kind === "unreached") link.lose(outcome.reason);
  }
  return books.parkedSales();
}

/** With the basket as it was rung up where it was parked here; else with the lines that the server has. */
async function takeUp(counter: Counter, id: string): Promise<void> {
  const { till } = counter;
  const own = till.books.sale(id);
  const basket = readFact<Basket>(till.database, parkedBasketFact(id));
  if (own && basket) {
    counter.basket = basket;
    counter.resumed = { sale: own, untouched: false };
    return;
  }
  const call = { method: "GET", path: `/v1/sales/${id}` } as const;
  counter.resumed = { sale: await till.session.expect<Sale>(call, "Reading the parked sale"), untouched: true };
}

/** What a refund or any other tenders are, where one amount may be left out: the rest. */
export function tendersFor(counter: Counter, words: readonly string[], total: number): Tender[] {
  const rest = (_method: Method, paid: readonly Tender[]) => total - paid.reduce((sum, { amount }) => sum + amount, 0);
  if (total === 0 && words.length === 0) return [];
  const tenders = readTenders(words.length === 0 ? ["cash"] : words, currencyOf(counter), rest);
  return tenders.filter(({ amount }) => amount > 0);
}
