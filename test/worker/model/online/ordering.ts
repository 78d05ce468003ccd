import { expect } from "vitest";
import { expectStatus, uuid } from "../../../support/api.ts";
import type { Sale } from "../../sales/shop.ts";
import { sum } from "../arithmetic.ts";
import { bodyOf, drawBasket, type Drawn, isPlain, workOut } from "./basket.ts";
import type { ModelOrder, ModelPayment } from "../books/books.ts";
import { isRefused } from "../expecting.ts";
import { drawPlace } from "./places.ts";
import { type Posting, postReceived } from "../books/posting.ts";
import { enterSale, judgeSale, totalOf } from "./selling.ts";
import { drawCustomer, drawMoney, drawPayments } from "./tenders.ts";
import { drawPerson, send, tell, type World } from "../world.ts";

/** Custom orders: taken, paid in advance, and turned into sales; or given up, with their deposits given back. */

export async function takeOrder(world: World): Promise<void> {
  const { dice, books } = world;
  const store = dice.pick(books.stores);
  const by = drawPerson(world, store);
  const customer = drawCustomer(world, store) ?? dice.pick(books.customers);
  const drawn = drawBasket(world, { by });
  // An order has no discount of its own until it is completed.
  const basket: Drawn = { lines: drawn.lines, discount: undefined };
  const id = uuid();
  const { lines: items } = bodyOf(basket);
  const path = "/v1/orders";
  const body = { id, store_id: store.id, customer_id: customer.id, items };
  const answer = await by.client.post(path, body);
  tell(world, path, body, answer);
  const { faults } = workOut(store, basket, world.admin, false);
  if (isRefused(world, "take order", answer, faults)) return;
  books.orders.push({ id, store, customer, basket, state: "open", version: 1, deposits: [] });
}

function drawOrder({ dice, books }: World): ModelOrder<Drawn> | null {
  const open = books.orders.filter(({ state }) => state === "open");
  const from = open.length > 0 && !dice.onceIn(8) ? open : books.orders;
  return from.length > 0 ? dice.pick(from) : null;
}

interface ShownOrder {
  deposit_total: number;
  version: number;
  deposits: { id: string; amount: number }[];
}

export async function takeDeposit(world: World): Promise<void> {
  const { dice, clock } = world;
  const order = drawOrder(world);
  if (!order) return;
  const { store } = order;
  const by = drawPerson(world, store);
  const place = drawPlace(world, store);
  // All of what is handed over is held; mostly less than the order will come to.
  const payments = drawMoney(
    world,
    dice.int(1, Math.max(1, Math.floor(totalOf(store, order.basket, world.admin) / 2))),
  );
  const path = `/v1/orders/${order.id}/deposits`;
  const answer = await send<ShownOrder>(world, { path, body: { ...place.body, payments }, by });
  const finished = order.state === "open" ? [] : ["conflict"];
  if (isRefused(world, "take deposit", answer, [...place.faults, ...finished])) return;
  order.version += 1;
  postDeposit(world, order, { store, till: place.till, shift: place.shift, at: clock.at() }, payments);
  expect(answer.body, world.last).toMatchObject({ deposit_total: held(order).total, version: order.version });
}

/** All of what is handed over is held. */
export function postDeposit(
  world: World,
  order: ModelOrder<Drawn>,
  posting: Posting,
  payments: readonly ModelPayment[],
): void {
  for (const { method, amount } of payments) order.deposits.push({ method, amount, given_back: false });
  postReceived(world, posting, { kind: "deposit", payments });
}

export function held({ deposits }: ModelOrder<Drawn>) {
  const kept = deposits.filter(({ given_back }) => !given_back);
  return { kept, total: sum(kept, ({ amount }) => amount) };
}

export async function giveDepositBack(world: World): Promise<void> {
  const { dice, clock } = world;
  const order = drawOrder(world);
  if (!order || order.deposits.length === 0) return;
  const { store } = order;
  const by = drawPerson(world, store);
  const place = drawPlace(world, store);
  const index = dice.int(0, order.deposits.length - 1);
  const deposit = order.deposits[index];
  const shown = await by.client.get<ShownOrder>(`/v1/orders/${order.id}`);
  expectStatus(shown, 200);
  const deposit_id = shown.body.deposits[index]?.id;
  if (!deposit || deposit_id === undefined) throw new Error("every deposit is shown");
  const path = `/v1/orders/${order.id}/deposit-refunds`;
  const answer = await send<ShownOrder>(world, { path, body: { ...place.body, deposit_id }, by });
  const gone = order.state !== "open" || deposit.given_back ? ["conflict"] : [];
  if (isRefused(world, "give deposit back", answer, [...place.faults, ...gone])) return;
  order.version += 1;
  deposit.given_back = true;
  const payments = [{ method: deposit.method, amount: -deposit.amount }];
  postReceived(world, { store, till: place.till, shift: place.shift, at: clock.at() }, { kind: "deposit", payments });
  expect(answer.body, world.last).toMatchObject({ deposit_total: held(order).total });
}

export async function cancelOrder(world: World): Promise<void> {
  const order = drawOrder(world);
  if (!order) return;
  const by = drawPerson(world, order.store);
  const path = `/v1/orders/${order.id}`;
  const headers = { "If-Match": `"v${String(order.version)}"` };
  const answer = await by.client.patch<ShownOrder>(path, { status: "cancelled" }, headers);
  tell(world, path, { status: "cancelled" }, answer);
  const faults = order.state === "open" && held(order).total === 0 ? [] : ["conflict"];
  if (isRefused(world, "cancel order", answer, faults)) return;
  order.state = "cancelled";
  order.version += 1;
}

/** The order becomes a sale: its deposits are the first payments of it. */
export async function completeOrder(world: World): Promise<void> {
  const { clock, admin } = world;
  const order = drawOrder(world);
  if (!order) return;
  const { store, customer, basket } = order;
  const drawn = drawPerson(world, store);
  const by = isPlain(basket) ? drawn : admin;
  const place = drawPlace(world, store);
  const deposits: ModelPayment[] = held(order).kept.map(({ method, amount }) => ({ method, amount, deposit: true }));
  const left = totalOf(store, basket, by) - held(order).total;
  const payments = drawPayments(world, store, Math.max(0, left), customer);
  const path = `/v1/orders/${order.id}/complete`;
  const answer = await send<{ sale: Sale }>(world, { path, body: { ...place.body, payments }, by });
  const saleId = answer.status < 300 ? answer.body.sale.id : "";
  const selling = { id: saleId, by, place, basket, customer, payments: [...deposits, ...payments], at: clock.at() };
  const { faults, facts } = judgeSale(world, selling);
  const finished = order.state === "open" ? [] : ["conflict"];
  // More than it comes to has been paid in advance already.
  const beyond = left < 0 && faults.includes("validation_failed") ? ["conflict"] : [];
  if (isRefused(world, "complete order", answer, [...faults, ...finished, ...beyond])) return;
  order.state = "completed";
  order.version += 1;
  enterSale(world, selling, facts, answer.body.sale);
}
