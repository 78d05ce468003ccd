import { uuid } from "../../../support/api.ts";
import { drawAccountPayment, drawCardSale } from "../online/accounts.ts";
import { drawBasket, type Drawn, workOut } from "../online/basket.ts";
import { dueOf, type ModelCustomer, type ModelTill, openShiftOf } from "../books/books.ts";
import { commandBody, numberBody, typeOf, usesDrawer } from "./command-bodies.ts";
import { drawMovement } from "../online/drawer.ts";
import { type Command, type Facts, numbersItself, type Outbox } from "./outbox.ts";
import { drawLines, drawSale, RESTOCK, shareOf, totalOf } from "../online/refunding.ts";
import { completed, drawParked } from "../online/selling.ts";
import { drawCustomer, drawMoney, drawPayments, drawRefundPayments } from "../online/tenders.ts";
import { note, type World } from "../world.ts";
import { settle, sum } from "../arithmetic.ts";

/** An offline spell: the connection is lost, the till goes on by what it knows, and keeps what it does. */

/** Takes a till offline, with the prices and numbers that are right at that moment; or brings it back. */
export async function loseOrFind(world: World): Promise<void> {
  const { dice, books, outboxes } = world;
  const till = dice.pick(books.tills);
  const outbox = outboxes.get(till);
  if (!outbox) return;
  if (outbox.offline) {
    // It may sell online again before it has brought everything.
    if (outbox.queue.length === 0 || dice.onceIn(3)) outbox.offline = false;
    return;
  }
  outbox.offline = true;
  outbox.prices = new Map(books.products.map(({ id, unit_price }) => [id, unit_price]));
  const last = (kind: string) => till.store.sequences.get(`${till.code} ${kind}`) ?? 0;
  outbox.next_invoice = last("sale") + 1;
  outbox.next_refund = last("refund") + 1;
  outbox.shift_id = openShiftOf(till)?.id ?? null;
  note(world, "offline spell");
}

/** Something is done at a till that is offline. */
export async function actOffline(world: World): Promise<void> {
  const { dice, outboxes } = world;
  const offline = [...outboxes].filter(([, outbox]) => outbox.offline);
  if (offline.length === 0) return loseOrFind(world);
  const [till, outbox] = dice.pick(offline);
  const facts = drawFacts(world, till, outbox);
  if (!facts) return;
  keep(world, till, outbox, facts);
}

function drawFacts(world: World, till: ModelTill, outbox: Outbox): Facts | null {
  const { dice } = world;
  const kind = dice.int(1, 31);
  if (kind <= 11) return drawSold(world, till, outbox);
  if (kind <= 14) return drawRefund(world, till, outbox);
  if (kind === 15) return drawRefundWithout(world, till, outbox);
  if (kind <= 17) return drawVoid(world, till, outbox);
  if (kind <= 19) return drawDrawer(world, till, outbox);
  if (kind === 20) return drawPark(world, till, outbox);
  if (kind <= 22) return drawComplete(world, till, outbox);
  if (kind === 23) return { type: "customer", id: uuid() };
  if (kind === 24) return { type: "gift_card", card: drawCardSale(world) };
  if (kind === 25) return drawAccountPaid(world, till);
  if (kind === 26) return drawSettlement(world, till);
  if (kind <= 29) return drawOrdered(world, till, outbox);
  return dice.onceIn(2) ? { type: "nonsense" } : drawDrawer(world, till, outbox);
}

function drawSold(world: World, till: ModelTill, outbox: Outbox): Facts {
  const { dice, admin } = world;
  const known_prices = dice.onceIn(6) ? undefined : outbox.prices;
  const basket = drawBasket(world, { by: admin, ...(known_prices ? { known_prices } : {}) });
  const customer = drawCustomer(world, till.store);
  return { type: "sale", id: uuid(), basket, customer, ...drawCharge(world, till, basket, customer) };
}

/** What the till charges, by today's taxes and what it knows of prices, and how it is paid. */
function drawCharge(world: World, till: ModelTill, basket: Drawn, customer: ModelCustomer | null) {
  const { dice, admin } = world;
  const before = sum(workOut(till.store, basket, admin, true).parts ?? [], ({ total }) => total);
  const payments = drawPayments(world, till.store, before, customer);
  const settled = settle(before, payments, till.store.rules);
  const charged = typeof settled === "string" ? before : settled.total;
  return { payments, total: dice.onceIn(4) ? undefined : charged };
}

function drawRefund(world: World, till: ModelTill, outbox: Outbox): Facts | null {
  const { dice, books } = world;
  // Of what the till itself has sold since, which nobody knows yet.
  const own = outbox.queue.filter(({ facts }) => facts.type === "sale");
  const queued = own.length > 0 && dice.onceIn(2) ? dice.pick(own).facts : null;
  if (queued?.type === "sale") {
    const parts = workOut(till.store, queued.basket, world.admin, true).parts?.[0];
    const { quantity = 1 } = queued.basket.lines[0] ?? {};
    const wanted = [{ line_no: 1, quantity, restock: dice.pick(RESTOCK) }];
    const payments = drawRefundPayments(world, till.store, parts?.total ?? 1, queued.customer);
    return { type: "refund", sale_id: queued.id, wanted, customer: queued.customer, payments };
  }
  const sales = books.sales.filter(({ store }) => store === till.store || dice.onceIn(40));
  if (sales.length === 0) return null;
  const sale = drawSale(world, sales);
  const wanted = drawLines(world, sale);
  const lines = shareOf(sale, wanted);
  const customer = sale.customer ?? drawCustomer(world, till.store);
  const payments = drawRefundPayments(world, till.store, lines ? totalOf(lines) : 1, customer);
  return { type: "refund", sale_id: sale.id, wanted, customer, payments };
}

function drawRefundWithout(world: World, till: ModelTill, outbox: Outbox): Facts {
  const { dice, admin } = world;
  const basket = drawBasket(world, { by: admin, known_prices: outbox.prices });
  const restock = basket.lines.map(() => dice.pick(RESTOCK));
  const customer = drawCustomer(world, till.store);
  const total = totalOf(workOut(till.store, basket, admin, true).parts);
  const payments = drawRefundPayments(world, till.store, total, customer);
  return { type: "refund_without", basket, restock, customer, payments };
}

function drawVoid({ dice, books }: World, till: ModelTill, outbox: Outbox): Facts | null {
  const own = outbox.queue.flatMap(({ facts }) => (facts.type === "sale" || facts.type === "park" ? [facts.id] : []));
  const known = books.sales.filter(({ store }) => store === till.store).slice(-4);
  const parked = books.parked.filter(({ store, state }) => store === till.store && state !== "completed");
  const ids = [...own, ...known.map(({ id }) => id), ...parked.map(({ id }) => id)];
  return ids.length > 0 ? { type: "void", sale_id: dice.pick(ids) } : null;
}

/** The till's day goes on: cash is moved, the shift closed, the next one opened. */
function drawDrawer(world: World, till: ModelTill, outbox: Outbox): Facts | null {
  const { dice } = world;
  if (outbox.shift_id === null || dice.onceIn(15)) {
    const id = uuid();
    outbox.shift_id ??= id;
    return { type: "shift_open", id, opening_float: dice.pick([0, 5000]) };
  }
  const shift_id = dice.onceIn(10) ? (till.shifts.at(0)?.id ?? outbox.shift_id) : outbox.shift_id;
  if (dice.onceIn(4)) {
    if (shift_id === outbox.shift_id) outbox.shift_id = null;
    const counted = [{ method: "cash", amount: dice.int(0, 20_000) }];
    const right = !dice.onceIn(12);
    const faults = right ? [] : ["validation_failed"];
    return { type: "shift_close", shift_id, counted: right ? counted : [{ method: "card", amount: 5 }], faults };
  }
  const { type: kind, ...movement } = drawMovement(world);
  return { type: "cash_movement", shift_id, kind, ...movement };
}

function drawAccountPaid(world: World, till: ModelTill): Facts {
  const customer = drawCustomer(world, till.store) ?? world.dice.pick(world.books.customers);
  return { type: "customer_payment", customer, payments: drawAccountPayment(world, customer) };
}

function drawSettlement(world: World, till: ModelTill): Facts | null {
  const { dice, books } = world;
  const owed = books.sales.filter((sale) => sale.store === till.store && dueOf(sale) > 0);
  if (owed.length === 0) return null;
  const sale = dice.pick(owed);
  return { type: "payment", sale_id: sale.id, payments: drawMoney(world, dice.int(1, dueOf(sale))) };
}

/** An order is taken, paid in advance, or fetched. */
function drawOrdered(world: World, till: ModelTill, outbox: Outbox): Facts | null {
  const { dice, books, admin } = world;
  const queued = outbox.queue.flatMap(({ facts }) => (facts.type === "order" ? [facts] : []));
  const known = books.orders.filter(
    ({ store, state }) => store === till.store && (state === "open" || dice.onceIn(10)),
  );
  const orders = [...queued, ...known];
  if (orders.length === 0 || dice.onceIn(3)) {
    const { lines } = drawBasket(world, { by: admin, known_prices: outbox.prices });
    const customer = drawCustomer(world, till.store) ?? dice.pick(books.customers);
    return { type: "order", id: uuid(), basket: { lines, discount: undefined }, customer };
  }
  const { id, basket, customer } = dice.pick(orders);
  const total = totalOf(workOut(till.store, basket, admin, true).parts);
  if (dice.onceIn(2)) return { type: "deposit", order_id: id, payments: drawMoney(world, dice.int(1, total + 1)) };
  const held = sum(books.orders.find((order) => order.id === id)?.deposits ?? [], ({ amount, given_back }) =>
    given_back ? 0 : amount,
  );
  const payments = drawPayments(world, till.store, Math.max(0, total - held), customer);
  return { type: "order_complete", order_id: id, payments };
}

function drawPark(world: World, till: ModelTill, outbox: Outbox): Facts {
  const basket = drawBasket(world, { by: world.admin, known_prices: outbox.prices });
  return { type: "park", id: uuid(), basket, customer: drawCustomer(world, till.store) };
}

function drawComplete(world: World, till: ModelTill, outbox: Outbox): Facts | null {
  const { dice, admin } = world;
  const own = outbox.queue.flatMap(({ facts }) => (facts.type === "park" ? [facts] : []));
  const known = drawParked(world);
  const from = own.length > 0 ? dice.pick(own) : known?.store === till.store ? known : null;
  if (!from) return null;
  const other = dice.onceIn(3) ? drawBasket(world, { by: admin, known_prices: outbox.prices }) : null;
  const customer = from.customer ?? drawCustomer(world, till.store);
  const { payments } = drawCharge(world, till, completed(from.basket, other), customer);
  return { type: "complete", sale_id: from.id, other, customer: from.customer ? null : customer, payments };
}

/** Puts a command into the outbox: numbered, timed, and by one of the ways to name the drawer. */
function keep(world: World, till: ModelTill, outbox: Outbox, facts: Facts): void {
  const { dice, clock } = world;
  const names = drawNames(world, till, outbox);
  const own = takeOwnNumber(till, outbox, facts);
  // A till that was set back to its start uses a number again.
  const repeated = outbox.next_seq > 1 && dice.onceIn(30);
  const seq = repeated ? dice.int(1, outbox.next_seq - 1) : outbox.next_seq;
  if (!repeated) outbox.next_seq += 1;
  const skew = dice.onceIn(30) ? dice.int(1, 5000) : 0;
  const body = { ...commandBody(facts), ...(usesDrawer(facts) ? names : {}), ...numberBody(till, facts, own) };
  const sent = {
    seq,
    idempotency_key: uuid(),
    type: typeOf(facts),
    occurred_at: clock.at(skew),
    body,
  };
  outbox.queue.push({ sent, facts, own, names, again: false });
}

function drawNames({ dice }: World, till: ModelTill, { shift_id }: Outbox): Command["names"] {
  switch (dice.int(1, 5)) {
    case 1:
      return { terminal_id: till.id };
    case 2:
      return {};
    default:
      return shift_id === null ? {} : { shift_id };
  }
}

function takeOwnNumber(till: ModelTill, outbox: Outbox, { type }: Facts): number | undefined {
  if (!numbersItself(till)) return undefined;
  if (type === "sale" || type === "complete" || type === "order_complete") return outbox.next_invoice++;
  if (type === "refund" || type === "refund_without") return outbox.next_refund++;
  return undefined;
}
