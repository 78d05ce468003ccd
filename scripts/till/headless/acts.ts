import { Failure } from "../../support/failure.ts";
import { printBill } from "../bill.ts";
import { newGiftCardCode, payOffAccount, sellGiftCard } from "../receiving.ts";
import { countDrawer } from "../reckoning.ts";
import type { DeedOptions } from "../selling.ts";
import { describeProblem } from "../session.ts";
import { catchUp, signIn } from "../settling.ts";
import { moveCash, openShift } from "../shift-deeds.ts";
import { openShiftOf, type Till } from "../till.ts";
import type { Action } from "./actions.ts";
import { closePlanned } from "./closing.ts";
import { refundGoodsPlanned, refundPlanned, voidPlanned } from "./return-acts.ts";
import { customerAt, type DayAtTill } from "./day-at-till.ts";
import { cardFact, completePlanned, parkPlanned, plannedSale, sellPlanned } from "./sale-acts.ts";
import { checkXReport } from "./x-report.ts";

/** What each action of a plan is at a till. */

/** The fact that says which action is the next. */
export const NEXT = "plan_next";

/** Does the action at a place of the plan; the fact that it is done is written with it. Throws Failure, Refused. */
export async function act(day: DayAtTill, action: Action, at: number): Promise<void> {
  const { till } = day;
  const options: DeedOptions = {
    idempotency_key: `headless:${day.run_id}:${day.people.code}:${String(at)}`,
    facts: { [NEXT]: at + 1 },
  };
  switch (action.do) {
    case "sign_in":
      await signInAs(day, action.cashier);
      return settle(till);
    case "offline":
      till.link.tell(true);
      return;
    case "online":
      till.link.tell(false);
      return settle(till);
    case "open":
      await openShift(till, action.opening_float, options);
      return;
    case "sell":
      return sellPlanned(day, action, options);
    case "park":
      return parkPlanned(till, action, options);
    case "complete":
      return completePlanned(till, action, options);
    case "refund":
      return refundPlanned(day, action, options);
    case "refund_goods":
      return refundGoodsPlanned(day, action, options);
    case "void":
      return voidPlanned(day, action, options);
    case "cash":
      return moveCashPlanned(till, action, options);
    case "gift_card":
      return sellCard(till, action, options);
    case "pay_off": {
      const payments = [{ method: action.method, amount: action.amount }];
      await payOffAccount(till, customerAt(day, action.customer), payments, options);
      return;
    }
    case "x_report":
      return checkXReport(till);
    case "bill":
      return checkBill(till, action.sale);
    case "close":
      return closePlanned(day, action, options);
  }
}

export async function signInAs({ till, people }: DayAtTill, cashier: number): Promise<void> {
  const person = people.cashiers[cashier];
  if (!person) throw new Error(`till ${people.code} has no cashier ${String(cashier)}`);
  await signIn(till, person.username, person.pin);
}

/** Sends what waits and hears what is new. Throws a Failure where not all of it was taken. */
async function settle(till: Till): Promise<void> {
  if (!(await till.link.isUp())) throw new Failure("The API is out of reach.");
  const { stopped } = await catchUp(till);
  if (stopped !== null) throw new Failure(stopped);
  const [rejected] = till.outbox.rejected();
  if (!rejected) return;
  const why = rejected.problem === null ? "" : describeProblem(rejected.problem);
  throw new Error(`till ${till.device.terminal.code}: a ${rejected.type} was rejected: ${why}`);
}

/** Never more than there is. */
async function moveCashPlanned(
  till: Till,
  { type, amount, reason }: Extract<Action, { do: "cash" }>,
  options: DeedOptions,
): Promise<void> {
  const there = Math.max(0, countDrawer(till.books.drawerOf(openShiftOf(till).id)));
  const moved = type === "paid_in" ? amount : Math.min(amount, there);
  await moveCash(till, { type: moved === 0 ? "no_sale" : type, amount: moved, reason }, options);
}

async function sellCard(till: Till, action: Extract<Action, { do: "gift_card" }>, options: DeedOptions): Promise<void> {
  const { amount, method, card } = action;
  const code = newGiftCardCode();
  const facts = { ...options.facts, [cardFact(card)]: { reference: code, amount } };
  await sellGiftCard(till, { code, amount, payments: [{ method, amount }] }, { ...options, facts });
}

async function checkBill(till: Till, place: number): Promise<void> {
  const sale = plannedSale(till, place);
  if (sale === null || sale.status === "parked") return;
  const bill = await printBill(till, sale);
  if (sale.invoice_no !== null && bill.includes(sale.invoice_no)) return;
  throw new Error(`the bill of ${String(sale.invoice_no)} does not name it:\n${bill}`);
}
