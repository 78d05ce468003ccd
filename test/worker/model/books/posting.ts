import { type Parts, sum } from "../arithmetic.ts";
import {
  dueOf,
  type ModelCustomer,
  type ModelLine,
  type ModelPayment,
  type ModelProduct,
  type ModelReceived,
  type ModelRefund,
  type ModelSale,
  type ModelShift,
  type ModelStore,
  type ModelTill,
  moveStock,
} from "./books.ts";
import { businessDay } from "./clock.ts";
import { entriesOf } from "./ledgers.ts";
import { offAccount } from "../online/tenders.ts";
import type { World } from "../world.ts";

/** Entering in the model's books what was taken. */

export interface Posting {
  store: ModelStore;
  till: ModelTill | null;
  shift: ModelShift | null;
  /** When it happened. */
  at: string;
}

/** A record's drawer; `late` where its shift is closed already. */
function posted({ store, shift }: Posting) {
  return { store, shift, late: shift !== null && shift.closed_at !== null, z: null };
}

export function touch({ touched }: World, { store, shift, at }: Posting): void {
  if (shift) touched.shifts.add(shift.id);
  touched.days.add(`${store.id} ${businessDay(at, store)}`);
}

export interface SaleFacts {
  id: string;
  customer: ModelCustomer | null;
  invoice_no: string;
  lines: ModelLine[];
  payments: ModelPayment[];
  adjustment: number;
  change: number;
}

/** Enters a sale: its stock, its ledgers and itself. True in `oversold` where it took a level below zero. */
export function postSale(world: World, posting: Posting, facts: SaleFacts): { sale: ModelSale; oversold: boolean } {
  const { books, touched } = world;
  const { store, till, at } = posting;
  const { id, customer, invoice_no, lines, payments, adjustment, change } = facts;
  const sale: ModelSale = {
    ...posted(posting),
    id,
    till,
    customer,
    invoice_no,
    sold_at: at,
    business_date: businessDay(at, store),
    voided: false,
    lines,
    payments,
    total: sum(lines, ({ total }) => total) + adjustment,
    rounding_adjustment: adjustment,
    change,
    received: 0,
    taken_off_account: 0,
  };
  books.sales.push(sale);
  const levels = lines.map(({ product, quantity }) => moveStock(store, product, -quantity));
  books.ledgers.book(entriesOf(payments, "sale", customer, books.cards), store.currency);
  touch(world, posting);
  touched.sales.add(id);
  return { sale, oversold: levels.some((level) => level < 0) };
}

export interface RefundLine extends Parts {
  product: ModelProduct | null;
  tax_rate_ppm: number;
  quantity: number;
  restock: string;
}

export interface RefundFacts {
  /** Null for a refund without its sale. */
  sale: ModelSale | null;
  customer: ModelCustomer | null;
  refund_no: string;
  lines: RefundLine[];
  payments: ModelPayment[];
}

/** Enters a refund; what has come back of the sale's lines is the caller's to say. */
export function postRefund(world: World, posting: Posting, facts: RefundFacts): ModelRefund {
  const { books, touched } = world;
  const { store, at } = posting;
  const { sale, customer, refund_no, lines, payments } = facts;
  const refund: ModelRefund = {
    ...posted(posting),
    refund_no,
    business_date: businessDay(at, store),
    lines,
    payments,
    total: sum(lines, ({ total }) => total),
  };
  books.refunds.push(refund);
  for (const { product, quantity, restock } of lines) {
    if (restock !== "none") moveStock(store, product, quantity);
    if (restock === "damaged") moveStock(store, product, -quantity);
  }
  books.ledgers.book(entriesOf(payments, "back", customer, books.cards), store.currency);
  if (sale) {
    sale.taken_off_account += offAccount(sale, payments);
    touched.sales.add(sale.id);
  }
  touch(world, posting);
  return refund;
}

/** Takes a whole sale back. */
export function postVoid(world: World, sale: ModelSale): void {
  const { books, touched } = world;
  sale.voided = true;
  for (const { product, quantity } of sale.lines) moveStock(sale.store, product, quantity);
  books.ledgers.book(entriesOf(sale.payments, "back", sale.customer, books.cards), sale.store.currency);
  touched.sales.add(sale.id);
  touched.days.add(`${sale.store.id} ${sale.business_date}`);
  if (sale.shift) touched.shifts.add(sale.shift.id);
}

/** Enters money that is no sale's. */
export function postReceived(
  world: World,
  posting: Posting,
  { kind, payments }: Pick<ModelReceived, "kind"> & { payments: readonly ModelPayment[] },
): void {
  const business_date = businessDay(posting.at, posting.store);
  for (const { method, amount } of payments) {
    world.books.received.push({ ...posted(posting), kind, business_date, method, amount });
  }
  touch(world, posting);
}

/** What is left of money handed over when so much is due: the last of the cash goes back first. */
export function withoutChange(payments: readonly ModelPayment[], due: number): ModelPayment[] {
  let change = sum(payments, ({ amount }) => amount) - due;
  return payments
    .toReversed()
    .map((one) => {
      if (one.method !== "cash") return one;
      const back = Math.min(change, one.amount);
      change -= back;
      return { ...one, amount: one.amount - back };
    })
    .toReversed()
    .filter(({ amount }) => amount > 0);
}

/** Lays so much upon a customer's open sales in a store, the oldest first. */
export function payOff({ books, touched }: World, store: ModelStore, customer: ModelCustomer, amount: number): void {
  let left = amount;
  for (const sale of books.sales) {
    if (sale.store !== store || sale.customer !== customer) continue;
    const part = Math.min(left, Math.max(0, dueOf(sale)));
    if (part === 0) continue;
    sale.received += part;
    left -= part;
    touched.sales.add(sale.id);
  }
}
