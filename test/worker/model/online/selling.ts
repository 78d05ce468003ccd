import { expect } from "vitest";
import { uuid } from "../../../support/api.ts";
import type { Sale } from "../../sales/shop.ts";
import { sum } from "../arithmetic.ts";
import { bodyOf, drawBasket, type Drawn, isPlain, linesOf, workOut } from "./basket.ts";
import {
  type ModelCustomer,
  type ModelParked,
  type ModelPayment,
  type ModelStore,
  type ModelTill,
  onHand,
  takeNumber,
} from "../books/books.ts";
import { isRefused } from "../expecting.ts";
import { type Facts, numbersItself } from "../offline/outbox.ts";
import { drawPlace, type Place } from "./places.ts";
import { postSale, type SaleFacts } from "../books/posting.ts";
import { drawCustomer, drawPayments, judgePayments } from "./tenders.ts";
import { drawPerson, note, type Person, send, type World } from "../world.ts";

/** Selling online: at a till or without one, parked and completed. */

export interface Selling {
  id: string;
  by: Person;
  place: Place;
  basket: Drawn;
  customer: ModelCustomer | null;
  payments: ModelPayment[];
  at: string;
}

export async function sell(world: World): Promise<void> {
  const { dice, books, clock } = world;
  const store = dice.pick(books.stores);
  const by = drawPerson(world, store);
  const place = drawPlace(world, store);
  const basket = drawBasket(world, { by });
  const customer = drawCustomer(world, store);
  const total = totalOf(store, basket, by);
  const payments = drawPayments(world, store, total, customer);
  // Now and then rung up late, at an hour that has passed.
  const at = dice.onceIn(8) ? clock.at(-dice.int(1, 1800)) : clock.at();
  const selling = { id: uuid(), by, place, basket, customer, payments, at };
  const claim = dice.onceIn(6) ? total + dice.pick([0, 0, 0, 0, 1]) : undefined;
  const content = {
    id: selling.id,
    ...place.body,
    ...(customer ? { customer_id: customer.id } : {}),
    ...bodyOf(basket),
    payments,
    ...(claim === undefined ? {} : { total: claim }),
  };
  const body = { store_id: store.id, ...content, ...(at === clock.at() ? {} : { sold_at: at }) };
  const key = uuid();
  const answer = await send<Sale>(world, { path: "/v1/sales", body, by }, key);
  // The till has not heard the answer, and will bring the sale again.
  const { till } = place;
  if (till && !numbersItself(till) && place.body.terminal_id === till.id && dice.onceIn(8)) {
    keepUnheard(
      world,
      till,
      key,
      content,
      { type: "sale", id: selling.id, basket, customer, payments, total: claim },
      at,
    );
  }
  const judged = judgeSale(world, selling);
  const faults = [...judged.faults];
  if (claim !== undefined && claim !== judged.facts?.total) faults.push("total_mismatch");
  if (isRefused(world, "sell", answer, faults)) return;
  enterSale(world, selling, judged.facts, answer.body);
  const { id, invoice_no } = answer.body;
  world.keys.set(`${store.id} ${key}`, { type: "sale", id, invoice_no });
}

function keepUnheard(
  { outboxes }: World,
  till: ModelTill,
  idempotency_key: string,
  body: Record<string, unknown> & Place["body"],
  facts: Facts,
  occurred_at: string,
): void {
  const outbox = outboxes.get(till);
  if (!outbox) return;
  const sent = { seq: outbox.next_seq, idempotency_key, type: "sale", occurred_at, body };
  outbox.next_seq += 1;
  const { terminal_id, shift_id } = body;
  const names = { ...(terminal_id ? { terminal_id } : {}), ...(shift_id ? { shift_id } : {}) };
  outbox.queue.push({ sent, facts, own: undefined, names, again: false });
}

/** What the lines come to, before what is rounded in cash; 0 where they come to nothing. */
export function totalOf(store: ModelStore, basket: Drawn, by: Person): number {
  return sum(workOut(store, basket, by, true).parts ?? [], ({ total }) => total);
}

export type SaleToBe = Omit<SaleFacts, "invoice_no"> & { total: number };

export function judgeSale(
  world: World,
  { id, by, place, basket, customer, payments }: Selling,
): { faults: string[]; facts: SaleToBe | null } {
  const { store } = place;
  const { faults, parts } = workOut(store, basket, by, false);
  if (!parts) return { faults: [...place.faults, ...faults], facts: null };
  const lines = linesOf(basket, parts);
  const sale = { total: sum(parts, ({ total }) => total), payments, customer };
  const judged = judgePayments(world, store, sale, { happened: false });
  const { adjustment, change, total } = judged.settled;
  return {
    faults: [...place.faults, ...faults, ...judged.faults, ...(isShort(store, basket) ? ["insufficient_stock"] : [])],
    facts: { id, customer, lines, payments, adjustment, change, total },
  };
}

function isShort(store: ModelStore, { lines }: Drawn): boolean {
  if (store.allow_oversell) return false;
  return lines.some(({ product }) => {
    const wanted = sum(lines, (one) => (one.product === product ? one.quantity : 0));
    return product?.tracked === true && wanted > onHand(store, product);
  });
}

export function enterSale(world: World, { place, at }: Selling, facts: SaleToBe | null, answer: Sale): void {
  if (!facts) throw new Error("a sale that is taken has lines");
  const { store, till, shift } = place;
  const invoice_no = takeNumber(store, till?.code ?? "00", "sale");
  const { sale } = postSale(world, { store, till, shift, at }, { ...facts, invoice_no });
  expect(answer, world.last).toMatchObject({
    id: sale.id,
    invoice_no,
    status: "completed",
    terminal_id: till?.id ?? null,
    shift_id: shift?.id ?? null,
    business_date: sale.business_date,
    total: sale.total,
    rounding_adjustment: facts.adjustment,
    change_due: facts.change,
    lines: sale.lines.map(({ subtotal, discount_total, tax_total, total, quantity }) => ({
      subtotal,
      discount_total,
      tax_total,
      total,
      quantity,
    })),
  });
}

export async function park(world: World): Promise<void> {
  const { dice, books } = world;
  const store = dice.pick(books.stores);
  const by = drawPerson(world, store);
  const basket = drawBasket(world, { by });
  const customer = drawCustomer(world, store);
  const id = uuid();
  const body = {
    id,
    store_id: store.id,
    status: "parked",
    ...(customer ? { customer_id: customer.id } : {}),
    ...bodyOf(basket),
  };
  const answer = await send<Sale>(world, { path: "/v1/sales", body, by });
  // A manager is asked for when it is completed.
  const { faults, parts } = workOut(store, basket, world.admin, false);
  if (isRefused(world, "park", answer, faults)) return;
  books.parked.push({ id, store, customer, basket, state: "parked" });
  expect(answer.body, world.last).toMatchObject({
    status: "parked",
    invoice_no: null,
    total: sum(parts ?? [], ({ total }) => total),
  });
}

/** Finishes a parked sale: as it was, or with other lines. */
export async function complete(world: World): Promise<void> {
  const { dice, books, clock } = world;
  const parked = drawParked(world);
  if (!parked) return;
  const { store } = parked;
  const drawn = drawPerson(world, store);
  const place = drawPlace(world, store);
  const other = dice.onceIn(3) ? drawBasket(world, { by: drawn }) : null;
  const basket = completed(parked.basket, other);
  const by = isPlain(basket) ? drawn : world.admin;
  const customer = parked.customer ?? drawCustomer(world, store);
  const payments = drawPayments(world, store, totalOf(store, basket, by), customer);
  const selling = { id: parked.id, by, place, basket, customer, payments, at: clock.at() };
  const body = {
    ...place.body,
    ...(parked.customer || !customer ? {} : { customer_id: customer.id }),
    ...(other ? bodyOf(other) : {}),
    payments,
  };
  const answer = await send<Sale>(world, { path: `/v1/sales/${parked.id}/complete`, body, by });
  const { faults, facts } = judgeSale(world, selling);
  const ended = parked.state === "parked" ? [] : ["already_resumed"];
  if (isRefused(world, "complete", answer, [...faults, ...ended])) return;
  parked.state = "completed";
  enterSale(world, selling, facts, answer.body);
  if (books.sales.some(({ id }) => id === parked.id)) note(world, "parked and completed");
}

/** What a parked basket is once it is completed with other lines, or with none. */
export function completed(parked: Drawn, other: Drawn | null): Drawn {
  return other ? { lines: other.lines, discount: other.discount ?? parked.discount } : parked;
}

/** Mostly one that waits; now and then one that has ended. */
export function drawParked({ dice, books }: World): ModelParked<Drawn> | null {
  const waiting = books.parked.filter(({ state }) => state === "parked");
  const from = waiting.length > 0 && !dice.onceIn(8) ? waiting : books.parked;
  return from.length > 0 ? dice.pick(from) : null;
}
