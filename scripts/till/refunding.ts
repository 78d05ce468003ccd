import { refundLine } from "regal-pos/pricing";
import { businessDate } from "../../src/core/business-day.ts";
import { newId } from "../../src/core/ids.ts";
import { Failure } from "../support/failure.ts";
import { type Basket, priceSale, wireLines } from "./basket.ts";
import { requireLeave } from "./leave.ts";
import { type Done, perform } from "./perform.ts";
import type { DrawerEvent, Effects, RefundRecord, RefundRecordLine, SaleRecord } from "./records.ts";
import { type DeedOptions, deedOf, now, placeOf } from "./selling.ts";
import { cashierOf, openShiftOf, storeOf, type Till } from "./till.ts";
import type { Page, Refund, Sale, Tender } from "./wire.ts";

/** Giving money back, and voiding. */

export type Restock = "sellable" | "damaged" | "none";
export type RefundWish = { line_no: number; quantity: number; restock?: Restock };

type Refunded = { refund: RefundRecord; how: Done<Refund>["how"] };

/**
 * Finds a sale by its invoice number: at the server where that is in reach, with what has come back of it meanwhile; else
 * in the till's own books. Throws a Failure where there is none.
 */
export async function findSale(till: Till, invoiceNo: string): Promise<SaleRecord> {
  const own = till.books.saleByNumber(invoiceNo);
  const isSettled = till.outbox.waitingCount === 0;
  if (isSettled && till.session.isOpen && (await till.link.isUp())) {
    const query = new URLSearchParams({ store_id: till.device.store.id, invoice_no: invoiceNo, limit: "1" });
    const list = await ask<Page<Sale>>(till, `/v1/sales?${query.toString()}`);
    const id = list?.data[0]?.id;
    if (list && id === undefined) throw new Failure(`There is no sale ${invoiceNo}.`);
    const sale = id === undefined ? null : await ask<Sale>(till, `/v1/sales/${id}`);
    if (sale) return sale;
  }
  if (!own) throw new Failure(`This till has no sale ${invoiceNo}, and the others' can't be looked up offline.`);
  return own;
}

async function ask<T>({ session, link }: Till, path: string): Promise<T | null> {
  const outcome = await session.ask<T>({ method: "GET", path });
  if (outcome.kind === "done") return outcome.body;
  if (outcome.kind === "unreached") link.lose(outcome.reason);
  return null;
}

/** What lines of a sale come to when they come back now. Throws a Failure for more than was bought. */
export function priceRefund(till: Till, sale: SaleRecord, wishes: readonly RefundWish[]): RefundRecordLine[] {
  if (sale.status === "voided" || sale.status === "parked") throw new Failure(`That sale is ${sale.status}.`);
  const rules = { tax_mode: sale.tax_mode, mode: storeOf(till).rounding.mode };
  const before = new Map(sale.lines.map(({ line_no, refunded_quantity }) => [line_no, refunded_quantity]));
  return wishes.map(({ line_no, quantity, restock = "sellable" }, index) => {
    const line = sale.lines.find((one) => one.line_no === line_no);
    if (!line) throw new Failure(`The sale has no line ${String(line_no)}.`);
    const back = before.get(line_no) ?? 0;
    const left = line.quantity - back;
    if (quantity < 1 || quantity > left)
      throw new Failure(`Line ${String(line_no)} has ${String(left)} left to refund.`);
    before.set(line_no, back + quantity);
    const { product_id, sku, name, unit, price_quantity, unit_price, tax_rate_ppm } = line;
    const what = { product_id, sku, name, unit, price_quantity, unit_price, tax_rate_ppm };
    return {
      line_no: index + 1,
      sale_line_no: line_no,
      ...what,
      quantity,
      restock,
      ...refundLine(line, back, quantity, rules),
    };
  });
}

/** How much of a refund of so much goes on account: what is still owed of the sale was never paid in. */
export function leastOnAccount({ due }: SaleRecord, total: number): number {
  return Math.min(total, due);
}

export function totalOfRefund(lines: readonly { total: number }[]): number {
  return lines.reduce((sum, { total }) => sum + total, 0);
}

/** Refunds lines of a sale. Throws Failure, Refused, SessionEnded. */
export async function refundSale(
  till: Till,
  sale: SaleRecord,
  request: { lines: readonly RefundWish[]; payments: readonly Tender[]; reason: string; customer_id?: string },
  options: DeedOptions = {},
): Promise<Refunded> {
  const { id: shift_id } = openShiftOf(till);
  const lines = priceRefund(till, sale, request.lines);
  const customer_id = sale.customer_id ?? request.customer_id ?? null;
  const refund = composeRefund(till, { ...request, lines, sale_id: sale.id, customer_id, shift_id, of: sale });
  const least = leastOnAccount(sale, refund.total);
  if (sumOnAccount(request.payments) < least)
    throw new Failure(`${String(least)} of it is still owed: give back at least that much on account.`);
  const { terminal_id } = placeOf(till, shift_id);
  const body = {
    sale_id: sale.id,
    id: refund.id,
    lines: request.lines.map(({ line_no, quantity, restock = "sellable" }) => ({ line_no, quantity, restock })),
    payments: [...request.payments],
    reason: request.reason,
    terminal_id,
    shift_id,
    ...(request.customer_id === undefined ? {} : { customer_id: request.customer_id }),
  };
  // A sale that others hold is not put among this till's own.
  const own = till.books.sale(sale.id);
  const sales = own ? [withRefund(own, refund)] : [];
  return bookRefund(till, refund, body, options, sales);
}

/** Refunds goods without their sale. Throws Failure, Refused, SessionEnded. */
export async function refundGoods(
  till: Till,
  basket: Basket,
  request: { payments: readonly Tender[]; reason: string; restock?: Restock },
  options: DeedOptions = {},
): Promise<Refunded> {
  const { id: shift_id } = openShiftOf(till);
  const store = storeOf(till);
  const { restock = "sellable" } = request;
  const lines = priceSale(store, basket).lines.map((line, index): RefundRecordLine => {
    const { product_id, sku, name, unit, price_quantity, unit_price, tax_rate_ppm, quantity } = line;
    const { subtotal, discount_total, tax_total, total } = line;
    const what = { product_id, sku, name, unit, price_quantity, unit_price, tax_rate_ppm, quantity };
    return { line_no: index + 1, sale_line_no: null, ...what, restock, subtotal, discount_total, tax_total, total };
  });
  const refund = composeRefund(till, { ...request, lines, sale_id: null, customer_id: null, shift_id, of: store });
  requireLeave(till, [{ action: "refund_unlinked", limit: refund.total }], options.approval);
  const body = {
    ...placeOf(till, shift_id),
    id: refund.id,
    lines: wireLines(basket).map((line) => ({ ...line, restock })),
    ...(basket.discount && { discount: basket.discount }),
    payments: [...request.payments],
    reason: request.reason,
  };
  return bookRefund(till, refund, body, options, []);
}

/** Takes a whole sale back on its own day, in its own shift. Throws Refused, SessionEnded. */
export async function voidSale(
  till: Till,
  sale: SaleRecord,
  reason: string,
  options: DeedOptions = {},
): Promise<Done<Sale>["how"]> {
  requireLeave(till, [{ action: "void", limit: sale.total, sale_id: sale.id }], options.approval);
  const own = till.books.sale(sale.id);
  const effects: Effects = own ? { sales: [{ ...own, status: "voided", due: 0 }], drawer: cashBack(own) } : {};
  const deed = deedOf("void", { sale_id: sale.id, reason }, now(), options, () => effects);
  const { how } = await perform<Sale>(till, deed);
  return how;
}

async function bookRefund(
  till: Till,
  refund: RefundRecord,
  body: { id: string; [field: string]: unknown },
  options: DeedOptions,
  sales: SaleRecord[],
): Promise<Refunded> {
  const { id, shift_id, payments } = refund;
  const cash = payments.reduce((sum, { method, amount }) => (method === "cash" ? sum + amount : sum), 0);
  const drawer: DrawerEvent[] =
    cash === 0 || shift_id === null ? [] : [{ shift_id, what: "refund", amount: -cash, source_id: id }];
  const deed = deedOf("refund", body, refund.refunded_at, options, (number) => ({
    refund: { ...refund, refund_no: number },
    sales,
    drawer,
  }));
  const corrected = (effects: Effects, answer: Refund): Effects => ({ ...effects, refund: answer });
  const { how } = await perform<Refund>(till, { ...deed, number: "refund", corrected });
  const booked = till.books.refund(id);
  if (!booked) throw new Error("a refund that was made stands in the books");
  return { refund: booked, how };
}

type Composing = {
  lines: RefundRecordLine[];
  payments: readonly Tender[];
  reason: string;
  sale_id: string | null;
  customer_id: string | null;
  shift_id: string;
  /** Of the sale, or, without one, of the store. */
  of: Pick<SaleRecord, "currency" | "tax_mode">;
};

function composeRefund(
  till: Till,
  { lines, payments, reason, sale_id, customer_id, shift_id, of }: Composing,
): RefundRecord {
  const store = storeOf(till);
  const at = now();
  const sum = (part: "subtotal" | "discount_total" | "tax_total" | "total") =>
    lines.reduce((total, line) => total + line[part], 0);
  const total = sum("total");
  const paid = payments.reduce((all, { amount }) => all + amount, 0);
  if (paid !== total)
    throw new Failure(`The refund comes to ${String(total)}, and ${String(paid)} would be given back.`);
  if (total < 0)
    throw new Failure("Rounding leaves these pieces at less than nothing; refund more of the line at once.");
  return {
    id: newId(),
    refund_no: null,
    sale_id,
    store_id: store.id,
    terminal_id: till.device.terminal.id,
    shift_id,
    customer_id,
    user_id: cashierOf(till).id,
    business_date: businessDate(at, store.timezone, store.day_cutoff),
    refunded_at: at,
    currency: of.currency,
    tax_mode: of.tax_mode,
    subtotal: sum("subtotal"),
    discount_total: sum("discount_total"),
    tax_total: sum("tax_total"),
    total,
    reason,
    lines,
    payments: payments.map(({ method, amount, reference, card_last4 }, index) => ({
      payment_no: index + 1,
      method,
      amount,
      reference: reference ?? null,
      card_last4: card_last4 ?? null,
    })),
    created_at: at,
  };
}

function sumOnAccount(payments: readonly Pick<Tender, "method" | "amount">[]): number {
  return payments.reduce((sum, { method, amount }) => (method === "on_account" ? sum + amount : sum), 0);
}

/** The sale once this has come back. */
function withRefund(sale: SaleRecord, { lines: back, payments }: RefundRecord): SaleRecord {
  const lines = sale.lines.map((line) => {
    const quantity = back.reduce((sum, one) => (one.sale_line_no === line.line_no ? sum + one.quantity : sum), 0);
    return { ...line, refunded_quantity: line.refunded_quantity + quantity };
  });
  const whole = lines.every(({ quantity, refunded_quantity }) => quantity === refunded_quantity);
  const due = Math.max(0, sale.due - sumOnAccount(payments));
  return { ...sale, lines, due, status: whole ? "refunded" : "partially_refunded" };
}

function cashBack({ id, shift_id, payments, change_due }: SaleRecord): DrawerEvent[] {
  if (shift_id === null) return [];
  const handed = payments.reduce((sum, { method, amount }) => (method === "cash" ? sum + amount : sum), 0);
  const kept = handed - change_due;
  return kept === 0 ? [] : [{ shift_id, what: "void", amount: -kept, source_id: id }];
}
