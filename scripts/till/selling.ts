import { newId } from "../../src/core/ids.ts";
import { businessDate } from "../../src/core/business-day.ts";
import { type Basket, type PricedSale, priceSale, settle, wireLines } from "./basket.ts";
import { requireLeave, wantedOf } from "./leave.ts";
import type { Deed } from "./outbox.ts";
import { type Done, perform } from "./perform.ts";
import type { DrawerEvent, Effects, SaleRecord } from "./records.ts";
import { cashierOf, openShiftOf, storeOf, type Till } from "./till.ts";
import type { Sale, Tender } from "./wire.ts";

/** Selling at a till: at once, or put aside and finished later. */

/** What every deed may be given. */
export type DeedOptions = {
  /** A manager's approval. */
  approval?: string | undefined;
  /** A key of the caller's own choosing, so that what it does is done once though it does not know that it has. */
  idempotency_key?: string;
  /** Facts that are true once it has been done. */
  facts?: Record<string, unknown>;
};

export type SaleOptions = DeedOptions & { id?: string; customer_id?: string | undefined };

/** Sells a basket. The sale as it stands in the till's books. Throws Failure, Refused, SessionEnded. */
export async function sell(
  till: Till,
  basket: Basket,
  payments: readonly Tender[],
  options: SaleOptions = {},
): Promise<{ sale: SaleRecord; how: Done<Sale>["how"] }> {
  const { id: shift_id } = openShiftOf(till);
  const priced = priceSale(storeOf(till), basket);
  requireLeave(till, wantedOf(till, priced, options.id), options.approval);
  const sale = composeSale(till, { basket, priced, payments, shift_id, ...options, id: options.id ?? newId() });
  const body = {
    ...placeOf(till, shift_id),
    id: sale.id,
    ...basketBody(basket, options.customer_id),
    payments: [...payments],
    total: sale.total,
  };
  const deed = deedOf("sale", body, sale.sold_at, options, (number) => saleEffects({ ...sale, invoice_no: number }));
  return bookSale(till, sale.id, { ...deed, number: "invoice", corrected: asAnswered });
}

/** Puts a basket aside. Throws as `sell`. */
export async function park(till: Till, basket: Basket, options: SaleOptions = {}) {
  const priced = priceSale(storeOf(till), basket);
  const id = options.id ?? newId();
  const sold = composeSale(till, { basket, priced, payments: [], shift_id: null, ...options, id });
  const sale = { ...sold, status: "parked" as const, shift_id: null };
  const { terminal_id, store_id } = placeOf(till, "");
  const body = { store_id, terminal_id, id, status: "parked", ...basketBody(basket, options.customer_id) };
  const facts = { ...options.facts, [parkedBasketFact(id)]: basket };
  const deed = deedOf("sale", body, sale.sold_at, { ...options, facts }, () => ({ sales: [sale] }));
  return bookSale(till, id, { ...deed, corrected: asAnswered });
}

/**
 * Finishes a parked sale with the basket as it is now; null leaves it as it was parked, and charges `total`, of which the
 * lines are the server's. Throws as `sell`.
 */
export async function complete(
  till: Till,
  parked: SaleRecord,
  basket: Basket | null,
  payments: readonly Tender[],
  options: SaleOptions = {},
) {
  const { id: shift_id } = openShiftOf(till);
  const { terminal_id } = placeOf(till, shift_id);
  const customer_id = options.customer_id ?? parked.customer_id ?? undefined;
  const common = { id: parked.id, shift_id, terminal_id, customer_id: customer_id ?? null };
  const sale =
    basket === null
      ? settleRecord(storeOf(till), { ...parked, ...common, sold_at: now() }, payments)
      : recomposeSale(till, { ...common, basket, payments, customer_id }, options.approval);
  const changed = basket === null ? {} : { lines: wireLines(basket), discount: basket.discount ?? { amount: 0 } };
  const body = {
    sale_id: parked.id,
    terminal_id,
    shift_id,
    ...(customer_id === undefined ? {} : { customer_id }),
    ...changed,
    payments: [...payments],
    total: sale.total,
  };
  const deed = deedOf("complete", body, sale.sold_at, options, (number) =>
    saleEffects({ ...sale, invoice_no: number }),
  );
  return bookSale(till, parked.id, { ...deed, number: "invoice", corrected: asAnswered });
}

function recomposeSale(till: Till, sale: Omit<Composing, "priced">, approval: string | undefined): SaleRecord {
  const priced = priceSale(storeOf(till), sale.basket);
  requireLeave(till, wantedOf(till, priced, sale.id), approval);
  return composeSale(till, { ...sale, priced });
}

/** The fact under which the basket of a parked sale is kept, as the cashier had it. */
export function parkedBasketFact(saleId: string): string {
  return `parked_basket:${saleId}`;
}

async function bookSale(till: Till, id: string, deed: Deed) {
  const { how } = await perform<Sale>(till, deed);
  const sale = till.books.sale(id);
  if (!sale) throw new Error("a sale that was made stands in the books");
  return { sale, how };
}

export function now(): string {
  return new Date().toISOString();
}

export function placeOf({ device }: Till, shift_id: string) {
  return { store_id: device.store.id, terminal_id: device.terminal.id, shift_id };
}

export function deedOf(
  type: Deed["type"],
  body: Deed["body"],
  occurredAt: string,
  { approval, idempotency_key, facts }: DeedOptions,
  effects: (number: string | null) => Effects,
): Deed {
  return {
    type,
    body,
    idempotency_key: idempotency_key ?? newId(),
    occurred_at: occurredAt,
    approval,
    effects: (number) => {
      const own = effects(number);
      return facts ? { ...own, facts: { ...own.facts, ...facts } } : own;
    },
  };
}

function basketBody(basket: Basket, customer_id: string | undefined) {
  return {
    lines: wireLines(basket),
    ...(basket.discount && { discount: basket.discount }),
    ...(customer_id === undefined ? {} : { customer_id }),
    ...(basket.note === undefined ? {} : { note: basket.note }),
  };
}

type Composing = {
  id: string;
  basket: Basket;
  priced: PricedSale;
  payments: readonly Tender[];
  shift_id: string | null;
  customer_id?: string | undefined;
};

function composeSale(till: Till, { id, basket, priced, payments, shift_id, customer_id }: Composing): SaleRecord {
  const store = storeOf(till);
  const soldAt = now();
  const { subtotal, discount_total, tax_total, total } = priced.totals;
  const record: SaleRecord = {
    id,
    invoice_no: null,
    status: "completed",
    store_id: store.id,
    terminal_id: till.device.terminal.id,
    shift_id,
    customer_id: customer_id ?? null,
    salesperson_id: null,
    user_id: cashierOf(till).id,
    business_date: businessDate(soldAt, store.timezone, store.day_cutoff),
    sold_at: soldAt,
    currency: store.currency,
    tax_mode: store.tax_mode,
    subtotal,
    discount_total,
    tax_total,
    rounding_adjustment: 0,
    total,
    paid_total: 0,
    change_due: 0,
    balance_due: 0,
    due: 0,
    note: basket.note ?? null,
    created_at: soldAt,
    lines: priced.lines,
    payments: [],
  };
  return shift_id === null ? record : settleRecord(store, record, payments);
}

function settleRecord(
  rules: Parameters<typeof settle>[0],
  record: SaleRecord,
  payments: readonly Tender[],
): SaleRecord {
  const settled = settle(rules, record.total, payments);
  return {
    ...record,
    status: "completed",
    ...settled,
    due: settled.balance_due,
    payments: payments
      .filter(({ amount }) => amount > 0)
      .map(({ method, amount, reference, card_last4 }, index) => ({
        payment_no: index + 1,
        method,
        amount,
        reference: reference ?? null,
        card_last4: card_last4 ?? null,
      })),
  };
}

/** The sale, and the notes and coins that went over the counter for it. */
function saleEffects(sale: SaleRecord): Effects {
  return { sales: [sale], drawer: drawerOfSale(sale) };
}

function drawerOfSale({ id, shift_id, payments, change_due }: SaleRecord): DrawerEvent[] {
  if (shift_id === null) return [];
  const handed = payments.reduce((sum, { method, amount }) => (method === "cash" ? sum + amount : sum), 0);
  return [
    ...(handed === 0 ? [] : [{ shift_id, what: "tendered" as const, amount: handed, source_id: id }]),
    ...(change_due === 0 ? [] : [{ shift_id, what: "change" as const, amount: -change_due, source_id: id }]),
  ];
}

/** As the server has it: its number, the ids of its lines. */
function asAnswered(effects: Effects, answer: Sale): Effects {
  return { ...effects, sales: [answer] };
}
