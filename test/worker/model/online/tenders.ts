import { round, type Settled, settle, sum } from "../arithmetic.ts";
import type { ModelCustomer, ModelPayment, ModelSale, ModelStore } from "../books/books.ts";
import { entriesOf, type Entry } from "../books/ledgers.ts";
import { CUSTOMERS_PER_STORE } from "../kinds.ts";
import type { World } from "../world.ts";

/** Tenders: drawn to cover a total, in any mix, and judged. */

const MONEY = ["card", "mobile_wallet", "bank_transfer"];
const LEDGER = ["store_credit", "gift_card", "on_account"];

/** Payments for a total; now and then a little too little or too much of one, or more than a ledger has. */
export function drawPayments(
  world: World,
  store: ModelStore,
  total: number,
  customer: ModelCustomer | null,
): ModelPayment[] {
  const { dice } = world;
  const payments: ModelPayment[] = [];
  let left = total;
  for (let more = dice.int(0, 2); more > 0 && left > 0; more -= 1) {
    const payment = drawTender(world, store, left, customer);
    payments.push(payment);
    left -= payment.amount;
  }
  if (left > 0) {
    const unit = store.rules.cash_rounding;
    const cash = round(BigInt(left), BigInt(unit), store.rules.mode) * unit + dice.pick([0, 0, 1, 37, 500]);
    // What is rounded away is no tender; a card pays it.
    if (cash > 0 && dice.int(1, 3) > 1) payments.push({ method: "cash", amount: cash });
    else payments.push({ method: "card", amount: left });
  }
  const spoilt = dice.onceIn(20) ? payments.at(-1) : undefined;
  if (spoilt) spoilt.amount = Math.max(1, spoilt.amount + dice.pick([-1, 1]));
  return payments;
}

function drawTender(world: World, store: ModelStore, left: number, customer: ModelCustomer | null): ModelPayment {
  const { dice, books } = world;
  const part = dice.onceIn(2) ? left : dice.int(1, left);
  const methods = customer || dice.onceIn(25) ? [...MONEY, ...LEDGER, ...LEDGER] : [...MONEY, "gift_card"];
  const method = dice.pick(methods);
  // As much as there is, or now and then whatever is to pay.
  const within = (most: number) => (dice.onceIn(15) ? part : Math.max(1, Math.min(part, most)));
  if (method === "gift_card") {
    const [card] = books.cards.length > 0 ? [drawCard(world, store)] : [];
    const held = card ? books.ledgers.balanceOf("gift_card", card.id) : 0;
    return { method, amount: within(held), reference: card?.code ?? "UNKNOWN0CARD" };
  }
  if (method === "on_account" && customer) {
    const owed = books.ledgers.balanceOf("account", customer.id);
    return { method, amount: within(customer.credit_limit - owed) };
  }
  if (method === "store_credit" && customer) {
    return { method, amount: within(books.ledgers.balanceOf("store_credit", customer.id)) };
  }
  return { method, amount: part };
}

/** A card that is good in the store, most of the time. */
function drawCard({ dice, books }: World, store: ModelStore) {
  const good = books.cards.filter(({ currency }) => currency === store.currency);
  return dice.pick(good.length > 0 && !dice.onceIn(12) ? good : books.cards);
}

/**
 * Payments of exactly so much, by methods that can be given back by; now and then one unit off. What is owed of the sale mostly
 * comes off the account first.
 */
export function drawRefundPayments(
  world: World,
  store: ModelStore,
  total: number,
  customer: ModelCustomer | null,
  owed = 0,
): ModelPayment[] {
  const { dice } = world;
  const least = Math.min(Math.max(0, total), owed);
  const payments: ModelPayment[] = [];
  if (least > 0 && !dice.onceIn(5)) payments.push({ method: "on_account", amount: least });
  let left = Math.max(0, total) - sum(payments, ({ amount }) => amount);
  while (left > 0) {
    const amount = payments.length === 2 || dice.onceIn(2) ? left : dice.int(1, left);
    const methods = ["cash", ...MONEY, ...(customer || dice.onceIn(25) ? ["store_credit", "on_account"] : [])];
    const card = dice.onceIn(6) && world.books.cards.length > 0 ? drawCard(world, store) : null;
    payments.push(
      card ? { method: "gift_card", amount, reference: card.code } : { method: dice.pick(methods), amount },
    );
    left -= amount;
  }
  const [spoilt] = dice.onceIn(15) ? payments : [];
  if (spoilt) spoilt.amount += 1;
  return payments;
}

/** Money, for what is no sale: of exactly so much, or with some change. */
export function drawMoney({ dice }: World, amount: number): ModelPayment[] {
  const first = dice.onceIn(2) ? amount : dice.int(1, amount);
  const payments = [{ method: dice.pick(["cash", ...MONEY]), amount: first }];
  if (first < amount) payments.push({ method: dice.pick(["cash", "card"]), amount: amount - first });
  const cash = dice.onceIn(4) ? payments.find(({ method }) => method === "cash") : undefined;
  if (cash) cash.amount += dice.int(1, 300);
  return payments;
}

export interface Judged {
  faults: string[];
  settled: Settled;
  entries: Entry[];
  /** A ledger was taken further than it goes, which is no fault of what has happened. */
  beyond: boolean;
}

const NOTHING: Settled = { adjustment: 0, total: 0, paid: 0, change: 0, balance: 0 };

/** Judges what settles a sale. Of what has happened no limit and no balance refuses it. */
export function judgePayments(
  { books }: World,
  store: ModelStore,
  sale: { total: number; payments: readonly ModelPayment[]; customer: ModelCustomer | null },
  { happened, unit }: { happened: boolean; unit?: number },
): Judged {
  const { total, payments, customer } = sale;
  // What was received before is neither rounded nor changed now.
  const tendered = payments.map((one) => (one.deposit ? { ...one, method: "deposit" } : one));
  const settled = settle(total, tendered, { ...store.rules, cash_rounding: unit ?? store.rules.cash_rounding });
  const entries = entriesOf(payments, "sale", customer, books.cards);
  const ledgers = books.ledgers.judge(entries, store.currency, books.cards);
  const faults = [
    ...(typeof settled === "string" ? [settled] : []),
    ...(namesNobody(payments, customer) ? ["validation_failed"] : []),
    ...ledgers.faults,
    ...(happened ? [] : ledgers.beyond),
  ];
  return {
    faults,
    settled: typeof settled === "string" ? NOTHING : settled,
    entries,
    beyond: ledgers.beyond.length > 0,
  };
}

/** Faults of what a refund gives back; of `owed`, which is owed of its sale, nothing in money. */
export function judgeRefund(
  { books }: World,
  store: ModelStore,
  {
    total,
    payments,
    customer,
    owed = 0,
  }: { total: number; payments: readonly ModelPayment[]; customer: ModelCustomer | null; owed?: number },
): { faults: string[]; entries: Entry[] } {
  const onAccount = sum(payments, ({ method, amount }) => (method === "on_account" ? amount : 0));
  const entries = entriesOf(payments, "back", customer, books.cards);
  const faults = [
    ...(total < 0 || namesNobody(payments, customer) || onAccount < Math.min(total, owed) ? ["validation_failed"] : []),
    ...(sum(payments, ({ amount }) => amount) === total ? [] : ["total_mismatch"]),
    ...books.ledgers.judge(entries, store.currency, books.cards).faults,
  ];
  return { faults, entries };
}

function namesNobody(payments: readonly ModelPayment[], customer: ModelCustomer | null): boolean {
  return !customer && payments.some(({ method }) => method === "on_account" || method === "store_credit");
}

/** The customer of a sale: mostly one whose ledgers are kept in the store's money. */
export function drawCustomer({ dice, books }: World, store: ModelStore): ModelCustomer | null {
  if (dice.onceIn(2)) return null;
  // The first of them are regulars, some of each store.
  const index = books.stores.indexOf(store);
  const regulars = books.customers.slice(0, CUSTOMERS_PER_STORE * books.stores.length);
  const own = regulars.filter((_, at) => at % books.stores.length === index);
  return dice.pick(dice.onceIn(15) ? books.customers : own);
}

/** What a refund of a sale takes off its customer's account. */
export function offAccount(sale: ModelSale | null, payments: readonly ModelPayment[]): number {
  return sale ? sum(payments, ({ method, amount }) => (method === "on_account" ? amount : 0)) : 0;
}
