import { expect } from "vitest";
import { uuid } from "../../../support/api.ts";
import { sum } from "../arithmetic.ts";
import { dueOf, type ModelCustomer, type ModelPayment, type ModelStore } from "../books/books.ts";
import { isRefused } from "../expecting.ts";
import { drawPlace, type Place } from "./places.ts";
import { payOff, type Posting, postReceived, withoutChange } from "../books/posting.ts";
import { drawMoney } from "./tenders.ts";
import { drawPerson, send, tell, type World } from "../world.ts";

/** Gift cards sold, credit given, and what is owed paid off. */

export async function giveCredit(world: World): Promise<void> {
  const { dice, books, admin } = world;
  const customer = dice.pick(dice.onceIn(6) ? books.customers : books.customers.slice(0, 6));
  const credit_limit = dice.pick([0, 5000, 50_000, 200_000, 200_000]);
  const path = `/v1/customers/${customer.id}`;
  const headers = { "If-Match": `"v${String(customer.version)}"` };
  const answer = await admin.client.patch<{ version: number }>(path, { credit_limit }, headers);
  tell(world, path, { credit_limit }, answer);
  if (isRefused(world, "give credit", answer, [])) return;
  customer.credit_limit = credit_limit;
  customer.version = answer.body.version;
}

/** A code of eight letters and more that no other card has. */
export function newCardCode(): string {
  return `CARD${uuid().replaceAll("-", "").slice(-12).toUpperCase()}`;
}

export interface CardSale {
  id: string;
  code: string;
  amount: number;
  payments: ModelPayment[];
}

export function drawCardSale(world: World): CardSale {
  const { dice, books } = world;
  const amount = dice.pick([1000, 2500, 10_000]);
  const known = dice.onceIn(12) ? books.cards[0]?.code : undefined;
  const payments = drawMoney(world, amount);
  const spoilt = dice.onceIn(12) ? payments[0] : undefined;
  if (spoilt) spoilt.amount = Math.max(1, spoilt.amount + dice.pick([-1, 1]));
  return { id: uuid(), code: known ?? newCardCode(), amount, payments };
}

export function cardFaults({ books }: World, { code, amount, payments }: CardSale): string[] {
  const taken = books.cards.some((card) => card.code === code);
  return [...(taken ? ["conflict"] : []), ...moneyFaults(amount, payments)];
}

/** Money covers what is due, and only cash may be more. */
export function moneyFaults(due: number, payments: readonly ModelPayment[]): string[] {
  const handed = sum(payments, ({ amount }) => amount);
  const cash = sum(payments, ({ method, amount }) => (method === "cash" ? amount : 0));
  if (handed < due) return ["payment_short"];
  return handed - due > cash ? ["validation_failed"] : [];
}

export function postCard(world: World, posting: Posting, { id, code, amount, payments }: CardSale): void {
  const { books } = world;
  const { currency } = posting.store;
  books.cards.push({ id, code, currency });
  books.ledgers.book([{ ledger: "gift_card", holder_id: id, amount, limit: 0 }], currency);
  postReceived(world, posting, { kind: "gift_card", payments: withoutChange(payments, amount) });
}

export async function sellCard(world: World): Promise<void> {
  const { dice, books } = world;
  const store = dice.pick(books.stores);
  const by = drawPerson(world, store);
  const place = drawPlace(world, store);
  const card = drawCardSale(world);
  const body = { store_id: store.id, ...place.body, ...card };
  const answer = await send<{ balance: number }>(world, { path: "/v1/gift-cards", body, by });
  if (isRefused(world, "sell gift card", answer, [...place.faults, ...cardFaults(world, card)])) return;
  postCard(world, postingAt(world, place), card);
  expect(answer.body.balance).toBe(card.amount);
}

function postingAt({ clock }: World, { store, till, shift }: Place): Posting {
  return { store, till, shift, at: clock.at() };
}

/** What a customer pays, whatever of it is owed; the store's oldest sales are paid first. */
export function drawAccountPayment(world: World, customer: ModelCustomer): ModelPayment[] {
  const owed = world.books.ledgers.balanceOf("account", customer.id);
  const { dice } = world;
  return drawMoney(world, Math.max(1, dice.onceIn(3) ? owed : dice.int(1, Math.max(1, owed + 500))));
}

export function accountFaults({ books }: World, store: ModelStore, customer: ModelCustomer): string[] {
  const entry = { ledger: "account" as const, holder_id: customer.id, amount: -1, limit: 0 };
  return books.ledgers.judge([entry], store.currency, books.cards).faults;
}

export function postAccountPayment(
  world: World,
  posting: Posting,
  customer: ModelCustomer,
  payments: readonly ModelPayment[],
): void {
  const amount = sum(payments, (one) => one.amount);
  payOff(world, posting.store, customer, amount);
  bookPayment(world, posting.store, customer, amount);
  postReceived(world, posting, { kind: "account", payments });
}

function bookPayment({ books }: World, store: ModelStore, customer: ModelCustomer, amount: number): void {
  books.ledgers.book([{ ledger: "account", holder_id: customer.id, amount: -amount, limit: 0 }], store.currency);
}

export async function payAccount(world: World): Promise<void> {
  const { dice, books } = world;
  const owing = books.customers.filter(({ id }) => books.ledgers.balanceOf("account", id) > 0);
  const customer = dice.pick(owing.length > 0 && !dice.onceIn(6) ? owing : books.customers);
  // Mostly where the money that is owed is theirs.
  const stores = books.stores.filter((store) => accountFaults(world, store, customer).length === 0);
  const store = dice.pick(stores.length > 0 && !dice.onceIn(10) ? stores : books.stores);
  const by = drawPerson(world, store);
  const place = drawPlace(world, store);
  const payments = drawAccountPayment(world, customer);
  const path = `/v1/customers/${customer.id}/payments`;
  const answer = await send<{ balance: number }>(world, {
    path,
    body: { store_id: store.id, ...place.body, payments },
    by,
  });
  if (isRefused(world, "pay account", answer, [...place.faults, ...accountFaults(world, store, customer)])) return;
  postAccountPayment(world, postingAt(world, place), customer, payments);
  expect(answer.body.balance, world.last).toBe(books.ledgers.balanceOf("account", customer.id));
}

/** Faults of paying so much off one sale, and what of it is kept. */
export function settleFaults(
  { books }: World,
  saleId: string,
  payments: readonly ModelPayment[],
  happened = false,
): { faults: string[]; kept: ModelPayment[] } {
  const sale = books.sales.find(({ id }) => id === saleId);
  if (!sale) return { faults: [books.parked.some(({ id }) => id === saleId) ? "conflict" : "not_found"], kept: [] };
  const due = dueOf(sale);
  const owes = books.ledgers.balanceOf("account", sale.customer?.id ?? "");
  if (due <= 0 || (owes <= 0 && !happened)) return { faults: ["conflict"], kept: [] };
  const taken = Math.min(
    due,
    sum(payments, ({ amount }) => amount),
  );
  return { faults: moneyFaults(taken, payments), kept: withoutChange(payments, taken) };
}

export function postSettlement(world: World, posting: Posting, saleId: string, kept: readonly ModelPayment[]): void {
  const sale = world.books.sales.find(({ id }) => id === saleId);
  if (!sale?.customer) throw new Error("what is due is a customer's");
  const amount = sum(kept, (one) => one.amount);
  sale.received += amount;
  bookPayment(world, posting.store, sale.customer, amount);
  postReceived(world, posting, { kind: "account", payments: kept });
  world.touched.sales.add(saleId);
}

/** A sale's balance is paid, or a part of it. */
export async function settleSale(world: World): Promise<void> {
  const { dice, books } = world;
  const owed = books.sales.filter((sale) => dueOf(sale) > 0);
  const sales = owed.length > 0 && !dice.onceIn(8) ? owed : books.sales;
  if (sales.length === 0) return;
  const sale = dice.pick(sales);
  const by = drawPerson(world, sale.store);
  const place = drawPlace(world, sale.store);
  const payments = drawMoney(world, Math.max(1, dice.onceIn(2) ? dueOf(sale) : dice.int(1, Math.max(1, dueOf(sale)))));
  const path = `/v1/sales/${sale.id}/payments`;
  const answer = await send<{ balance_due: number }>(world, { path, body: { ...place.body, payments }, by });
  const { faults, kept } = settleFaults(world, sale.id, payments);
  if (isRefused(world, "settle sale", answer, [...place.faults, ...faults])) return;
  postSettlement(world, postingAt(world, place), sale.id, kept);
  expect(answer.body.balance_due, world.last).toBe(dueOf(sale) + sale.taken_off_account);
}
