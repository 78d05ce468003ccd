import { actorOf, type Context } from "../../context.ts";
import { businessDate } from "../../core/business-day.ts";
import { MAX_AMOUNT } from "../../core/money.ts";
import { Problem } from "../../http/problem.ts";
import type { Place } from "../shifts/index.ts";
import type { ReceivedPayment } from "./queries.ts";
import type { MoneyTenderInput } from "./schemas.ts";

/** Taking money that is no sale's: what is due, what is given back, and the rows it makes. */

/** What the money is for. */
export type ReceivedFor = Pick<ReceivedPayment, "kind" | "document_id"> &
  Partial<Pick<ReceivedPayment, "order_id" | "gift_card_id" | "customer_id" | "sale_id" | "note">>;

/** A tender without what went back of it as change; change comes from cash alone. */
export type TakenTender = MoneyTenderInput & { change_given?: number };

/** What stays of what was handed over. Cash of which all goes back is as if it had never been handed over. */
export interface TakenTenders {
  tenders: TakenTender[];
  change_due: number;
}

/**
 * Takes exactly what is due of what was handed over. Throws Problem: `payment_short`, or `validation_failed` where more
 * than cash can give back was handed over.
 */
export function takeExactly(due: number, handedOver: readonly MoneyTenderInput[]): TakenTenders {
  const total = sumOf(handedOver);
  if (total < due) {
    const short = due - total;
    throw new Problem("payment_short", `${String(short)} is still due.`, { members: { due: short } });
  }
  let change = total - due;
  const tenders = handedOver.toReversed().flatMap((one): TakenTender[] => {
    if (one.method !== "cash" || change === 0) return [one];
    const back = Math.min(change, one.amount);
    change -= back;
    return back === one.amount ? [] : [{ ...one, amount: one.amount - back, change_given: back }];
  });
  if (change > 0) {
    throw new Problem("validation_failed", "Only cash can be more than what is due.", {
      errors: [{ pointer: "/payments", detail: `come to more than the ${String(due)} due; only cash gives change` }],
    });
  }
  return { tenders: tenders.toReversed(), change_due: total - due };
}

/** The sum of tenders. Throws Problem `validation_failed` where it is beyond what the books hold. */
export function sumOf(tenders: readonly { amount: number }[]): number {
  const sum = tenders.reduce((total, { amount }) => total + amount, 0);
  if (sum <= MAX_AMOUNT) return sum;
  throw new Problem("validation_failed", "The payments come to too much.", {
    errors: [{ pointer: "/payments", detail: `come to more than ${String(MAX_AMOUNT)}` }],
  });
}

/** The rows of tenders, one each, in the place's drawer, at the moment they were received. */
export function receivedRows(
  ctx: Context,
  place: Place,
  tenders: readonly TakenTender[],
  what: ReceivedFor,
  when: { received_at: string; happened: boolean },
): ReceivedPayment[] {
  const { store, terminal, shift_id } = place;
  return tenders.map((one) => ({
    id: ctx.newId(),
    order_id: null,
    gift_card_id: null,
    customer_id: null,
    sale_id: null,
    note: null,
    ...what,
    store_id: store.id,
    terminal_id: terminal?.id ?? null,
    shift_id,
    happened: when.happened ? 1 : 0,
    user_id: actorOf(ctx).user_id,
    business_date: businessDate(when.received_at, store.timezone, store.day_cutoff),
    currency: store.currency,
    method: one.method,
    amount: one.amount,
    change_given: one.change_given ?? 0,
    reference: one.reference ?? null,
    card_last4: one.card_last4 ?? null,
    received_at: when.received_at,
  }));
}

/** Tenders as an answer shows them: as they were handed over. */
export function showTenders(tenders: readonly TakenTender[]) {
  return tenders.map(({ method, amount, change_given = 0, reference = null, card_last4 = null }, index) => ({
    payment_no: index + 1,
    method,
    amount: amount + change_given,
    reference,
    card_last4,
  }));
}
