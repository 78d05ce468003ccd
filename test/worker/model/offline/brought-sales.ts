import { type Parts, settle, sum } from "../arithmetic.ts";
import { type Drawn, linesOf, workOut, workOutAgain } from "../online/basket.ts";
import { type ModelExceptionType, type ModelStore, takeNumber } from "../books/books.ts";
import { type Bringing, drawerOf, type FactsOf, numberOf, type Outcome, rejected, taken } from "./brought.ts";
import { postSale } from "../books/posting.ts";
import { totalOf } from "../online/refunding.ts";
import { completed } from "../online/selling.ts";
import { judgePayments } from "../online/tenders.ts";
import { note } from "../world.ts";

/** Sales that a till brings: sold, put aside, and finished. */

/** How far what a till charged may lie above what the books make of it, where no price explains it. */
const MOST_ADJUSTED = 1_000_000;

export interface Sold {
  basket: Drawn;
  customer: { id: string } | null;
  payments: FactsOf<"sale">["payments"];
  total?: number | undefined;
}

export function applySale(bringing: Bringing, id: string, sold: Sold): Outcome {
  const { world, till, command, by } = bringing;
  const { store } = till;
  const drawer = drawerOf(bringing);
  const customer = world.books.customers.find((one) => one.id === sold.customer?.id) ?? null;
  const { faults, parts, stale } = workOut(store, sold.basket, by, true);
  if (!parts) return rejected(...drawer.faults, ...faults);
  const charge = chargeOf(store, parts, sold);
  const judged = judgePayments(
    world,
    store,
    { total: charge.total, payments: sold.payments, customer },
    { happened: true, ...charge.rounding },
  );
  const all = [...drawer.faults, ...faults, ...charge.faults, ...judged.faults];
  if (all.length > 0) return rejected(...all);
  const number = numberOf(bringing, "sale");
  const invoice_no = takeNumber(store, number.code, "sale", number.own);
  const posting = { store, till, shift: drawer.shift, at: command.sent.occurred_at };
  const adjustment = judged.settled.adjustment + charge.adjustment;
  const { change } = judged.settled;
  const lines = linesOf(sold.basket, charge.parts);
  const { oversold, sale } = postSale(world, posting, {
    id,
    customer,
    invoice_no,
    lines,
    payments: sold.payments,
    adjustment,
    change,
  });
  if (sale.late) note(world, "late sale");
  const flags: ModelExceptionType[] = [
    ...Array.from({ length: stale + unsaid(sold, command.sent.occurred_at) }, () => "stale_price" as const),
    ...(charge.otherwise ? (["stale_price"] as const) : []),
    ...(oversold ? (["oversold"] as const) : []),
    ...(judged.beyond ? (["credit_exceeded"] as const) : []),
    ...drawer.flags,
    ...number.flags,
  ];
  return taken("sale", id, { flags, sale_id: id, resource: { type: "sale", id, invoice_no } });
}

/** How many lines are of a product that has changed since, where nobody says what was charged for them. */
function unsaid({ basket, total }: Sold, at: string): number {
  if (total !== undefined) return 0;
  const silent = basket.lines.filter(({ claim, override }) => claim === undefined && override === undefined);
  return silent.filter(({ product }) => product && product.version > 1 && product.updated_at > at).length;
}

/**
 * What is settled: what the books make of the basket, or, where the till says that it charged otherwise and the payments
 * are for that, what it charged. The lines follow: less is a discount of the order, more is what they are without
 * products' own discounts, if it is that; what is left is the sale's adjustment.
 */
function chargeOf(store: ModelStore, parts: Parts[], { basket, payments, total: charged }: Sold) {
  const total = totalOf(parts);
  const as = { parts, total, adjustment: 0, rounding: {}, faults: [] as string[], otherwise: false };
  if (charged === undefined || comesTo(store, total, payments) === charged) return as;
  const plain = charged > total ? workOutAgain(store, basket, { plain: true }) : null;
  if (plain && comesTo(store, totalOf(plain), payments) === charged) {
    return { ...as, parts: plain, total: totalOf(plain), otherwise: true };
  }
  if (charged - total > MOST_ADJUSTED) return { ...as, faults: ["total_mismatch"] };
  const kept = charged < total ? discounted(store, basket, charged) : parts;
  return {
    ...as,
    parts: kept,
    total: charged,
    adjustment: charged - totalOf(kept),
    rounding: { unit: 1 },
    otherwise: true,
  };
}

/** What payments settle, or null where they don't. */
function comesTo(store: ModelStore, total: number, payments: Sold["payments"]): number | null {
  const settled = settle(total, payments, store.rules);
  return typeof settled === "string" ? null : settled.total;
}

/** The lines with the least discount of the order by which they come to no more than was charged. */
function discounted(store: ModelStore, basket: Drawn, charged: number): Parts[] {
  const by = (amount: number) => workOutAgain(store, basket, { amount }) ?? [];
  let [least, most] = [0, sum(by(0), ({ subtotal, discount_total }) => subtotal - discount_total)];
  while (least < most) {
    const middle = Math.floor((least + most) / 2);
    if (totalOf(by(middle)) > charged) least = middle + 1;
    else most = middle;
  }
  return by(most);
}

export function applyPark({ world, till }: Bringing, facts: FactsOf<"park">): Outcome {
  const { id, basket, customer } = facts;
  // A manager is asked for when it is completed.
  const { faults } = workOut(till.store, basket, world.admin, true);
  if (faults.length > 0) return rejected(...faults);
  world.books.parked.push({ id, store: till.store, customer, basket, state: "parked" });
  return taken("sale", id);
}

export function applyComplete(bringing: Bringing, facts: FactsOf<"complete">): Outcome {
  const { world } = bringing;
  const { sale_id, other, payments } = facts;
  const parked = world.books.parked.find(({ id }) => id === sale_id);
  if (!parked) return rejected("not_found");
  const sold = { basket: completed(parked.basket, other), customer: facts.customer ?? parked.customer, payments };
  if (parked.state !== "parked") {
    // It may be refused for anything else that is wrong with it as well.
    const probe = workOut(parked.store, sold.basket, bringing.by, true);
    return rejected(
      "already_resumed",
      ...probe.faults,
      ...drawerOf(bringing).faults,
      "payment_short",
      "validation_failed",
    );
  }
  const outcome = applySale(bringing, sale_id, sold);
  if (outcome.faults.length === 0) parked.state = "completed";
  return outcome;
}
