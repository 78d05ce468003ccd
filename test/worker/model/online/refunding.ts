import { expect } from "vitest";
import type { Refund } from "../../sales/shop.ts";
import { type Parts, partOf, sum } from "../arithmetic.ts";
import { bodyOf, drawBasket, lineBody, linesOf, workOut } from "./basket.ts";
import { dueOf, type ModelLine, type ModelSale, takeNumber } from "../books/books.ts";
import { businessDay } from "../books/clock.ts";
import { isRefused } from "../expecting.ts";
import { askLeave } from "./leave.ts";
import { drawPlace } from "./places.ts";
import { postRefund, postVoid, type RefundLine } from "../books/posting.ts";
import { drawParked } from "./selling.ts";
import { drawCustomer, drawRefundPayments, judgeRefund } from "./tenders.ts";
import { drawPerson, send, type World } from "../world.ts";

/** What comes back: refunds of a sale, refunds without one, and voids. */

export const RESTOCK = ["sellable", "sellable", "damaged", "none"];

export interface WantedLine {
  line_no: number;
  quantity: number;
  restock: string;
}

/** Mostly a sale of which something can come back, of those that were made lately. */
export function drawSale({ dice }: World, sales: readonly ModelSale[]): ModelSale {
  const left = sales.filter(({ voided, lines }) => !voided && lines.some((line) => line.refunded < line.quantity));
  const from = left.length === 0 || dice.onceIn(12) ? sales : left;
  return dice.pick(dice.onceIn(3) ? from : from.slice(-15));
}

/** Lines of a sale to bring back; now and then more of one than is left. */
export function drawLines({ dice }: World, sale: ModelSale): WantedLine[] {
  return Array.from({ length: dice.int(1, 2) }, () => {
    const open = [...sale.lines.keys()].filter((at) => sale.lines[at]?.refunded !== sale.lines[at]?.quantity);
    const at = open.length > 0 && !dice.onceIn(12) ? dice.pick(open) : dice.int(0, sale.lines.length - 1);
    const line = sale.lines[at];
    const left = (line?.quantity ?? 0) - (line?.refunded ?? 0);
    const quantity = dice.onceIn(12) ? left + dice.int(1, 3) : dice.int(1, Math.max(1, left));
    return { line_no: at + 1, quantity, restock: dice.pick(RESTOCK) };
  });
}

/** What these lines of a sale carry; null where more is wanted than is left. Nothing is booked yet. */
export function shareOf(sale: ModelSale, wanted: readonly WantedLine[]): RefundLine[] | null {
  const before = new Map(sale.lines.map((line) => [line, line.refunded]));
  const lines: RefundLine[] = [];
  for (const { line_no, quantity, restock } of wanted) {
    const line = sale.lines[line_no - 1];
    const had = line && before.get(line);
    if (!line || had === undefined || had + quantity > line.quantity) return null;
    const { product, tax_rate_ppm } = line;
    lines.push({ ...partOf(sale.store.rules, line, had, quantity), product, tax_rate_ppm, quantity, restock });
    before.set(line, had + quantity);
  }
  return lines;
}

export function markRefunded(sale: ModelSale, wanted: readonly WantedLine[]): void {
  for (const { line_no, quantity } of wanted) {
    const line = sale.lines[line_no - 1];
    if (line) line.refunded += quantity;
  }
}

export function totalOf(lines: readonly Parts[] | null): number {
  return sum(lines ?? [], ({ total }) => total);
}

export async function refund(world: World): Promise<void> {
  const { books, clock } = world;
  if (books.sales.length === 0) return;
  const sale = drawSale(world, books.sales);
  const { store } = sale;
  const by = drawPerson(world, store);
  const place = drawPlace(world, store);
  const wanted = drawLines(world, sale);
  const lines = shareOf(sale, wanted);
  const customer = sale.customer ?? drawCustomer(world, store);
  const owes = sale.customer ? books.ledgers.balanceOf("account", sale.customer.id) : 0;
  const owed = Math.max(0, Math.min(dueOf(sale), owes));
  const payments = drawRefundPayments(world, store, lines ? totalOf(lines) : 1, customer, owed);
  const body = {
    lines: wanted,
    payments,
    reason: "Brought back",
    ...place.body,
    ...(sale.customer || !customer ? {} : { customer_id: customer.id }),
  };
  const answer = await send<Refund>(world, { path: `/v1/sales/${sale.id}/refunds`, body, by });
  const { faults } = judgeRefund(world, store, { total: totalOf(lines), payments, customer, owed });
  const over = lines && !sale.voided ? [] : ["over_refund"];
  if (isRefused(world, "refund", answer, [...place.faults, ...over, ...faults])) return;
  markRefunded(sale, wanted);
  const refund_no = takeNumber(store, place.till?.code ?? "00", "refund");
  const posting = { store, till: place.till, shift: place.shift, at: clock.at() };
  const posted = postRefund(world, posting, { sale, customer, refund_no, lines: lines ?? [], payments });
  expectRefund(world, answer.body, refund_no, posted.lines);
}

function expectRefund(
  world: World,
  answer: Refund,
  refund_no: string,
  lines: readonly (Parts & { quantity: number })[],
) {
  expect(answer, world.last).toMatchObject({
    refund_no,
    total: totalOf(lines),
    lines: lines.map(({ subtotal, discount_total, tax_total, total, quantity }) => ({
      subtotal,
      discount_total,
      tax_total,
      total,
      quantity,
    })),
  });
}

/** Goods without their sale, at today's prices. */
export async function refundWithout(world: World): Promise<void> {
  const { dice, books, clock } = world;
  const store = dice.pick(books.stores);
  const by = drawPerson(world, store);
  const place = drawPlace(world, store);
  const basket = drawBasket(world, { by });
  const restock = basket.lines.map(() => dice.pick(RESTOCK));
  const { faults, parts } = workOut(store, basket, by, false);
  const customer = drawCustomer(world, store);
  const payments = drawRefundPayments(world, store, totalOf(parts), customer);
  const body = {
    store_id: store.id,
    ...place.body,
    ...(customer ? { customer_id: customer.id } : {}),
    ...bodyOf(basket),
    lines: basket.lines.map((line, index) => ({ ...lineBody(line), restock: restock[index] })),
    payments,
    reason: "No bill",
  };
  const leave = await askLeave(world, store, by, { action: "refund_unlinked" });
  const answer = await send<Refund>(world, { path: "/v1/refunds", body, by, headers: leave.headers });
  const judged = judgeRefund(world, store, { total: totalOf(parts), payments, customer });
  // How much one sale may have is no matter of what comes back.
  const basketFaults = faults.filter((fault) => fault !== "limit_per_sale_exceeded");
  const all = [...place.faults, ...basketFaults, ...leave.faults, ...judged.faults];
  if (isRefused(world, "refund without sale", answer, all)) return;
  leave.spend();
  const lines = backLines(linesOf(basket, parts ?? []), restock);
  const refund_no = takeNumber(store, place.till?.code ?? "00", "refund");
  const posting = { store, till: place.till, shift: place.shift, at: clock.at() };
  postRefund(world, posting, { sale: null, customer, refund_no, lines, payments });
  expectRefund(world, answer.body, refund_no, lines);
}

export function backLines(lines: readonly ModelLine[], restock: readonly string[]): RefundLine[] {
  return lines.map(({ refunded: _refunded, ...line }, index) => ({ ...line, restock: restock[index] ?? "none" }));
}

export async function voidSale(world: World): Promise<void> {
  const { dice, books, clock } = world;
  if (dice.onceIn(6)) return discard(world);
  if (books.sales.length === 0) return;
  const sale = dice.pick(dice.onceIn(4) ? books.sales : books.sales.slice(-4));
  const by = drawPerson(world, sale.store);
  const leave = await askLeave(world, sale.store, by, { action: "void", sale_id: sale.id });
  const body = { reason: "Rung up twice" };
  const answer = await send(world, { path: `/v1/sales/${sale.id}/void`, body, by, headers: leave.headers });
  if (isRefused(world, "void", answer, [...voidFaults(sale, clock.at()), ...leave.faults])) return;
  leave.spend();
  postVoid(world, sale);
}

/** A sale is voided whole, on its day and in its open shift, while nothing has come of it and no deposit gone into it. */
export function voidFaults(sale: ModelSale, at: string): string[] {
  const moved = sale.received > 0 || sale.payments.some(({ deposit }) => deposit === true);
  const stands = !sale.voided && !moved && sale.lines.every(({ refunded }) => refunded === 0);
  const today = sale.business_date === businessDay(at, sale.store);
  const open = sale.shift === null || sale.shift.closed_at === null;
  return stands && today && open ? [] : ["conflict"];
}

/** Throws a parked sale away. */
async function discard(world: World): Promise<void> {
  const parked = drawParked(world);
  if (!parked || parked.state === "completed") return;
  const by = drawPerson(world, parked.store);
  const answer = await send(world, { path: `/v1/sales/${parked.id}/void`, body: {}, by });
  if (isRefused(world, "discard", answer, parked.state === "parked" ? [] : ["already_resumed"])) return;
  parked.state = "voided";
}
