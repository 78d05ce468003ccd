import { type Parts, sum } from "../arithmetic.ts";
import type { Books, ModelPayment, ModelProduct, ModelRefund, ModelSale, ModelShift, ModelStore } from "./books.ts";

/** What the reports of shifts and days must say, added up record by record. */

interface ReportedLine extends Parts {
  product: ModelProduct | null;
  tax_rate_ppm: number;
  quantity: number;
}

export interface Asked {
  kind: "x" | "z";
  supplement: boolean;
  /** The business day on which an X report is made or the shift closed; none of a supplement. */
  today: string | null;
  counted: readonly { method: string; amount: number }[] | null;
}

type AnyBooks = Books<unknown>;

/** Everything that a shift's report says but for its place in the chain: number, grand total and hashes. */
export function reportShift(books: AnyBooks, shift: ModelShift, asked: Asked) {
  const { supplement } = asked;
  const mine = <R extends { shift: ModelShift | null; late: boolean; z: number | null }>(records: readonly R[]) =>
    records.filter((one) => one.shift === shift && (supplement ? one.late && one.z === null : !one.late));
  const all = mine(books.sales);
  const sales = all.filter(({ voided }) => !voided);
  const voids = all.filter(({ voided }) => voided);
  const refunds = mine(books.refunds);
  const received = mine(books.received);
  const movements = mine(books.movements);
  const moved = (type: string) => sum(movements, (one) => (one.type === type ? one.amount : 0));
  const cashOf = (kind: string) =>
    sum(received, (one) => (one.kind === kind && one.method === "cash" ? one.amount : 0));
  const opening_float = supplement ? 0 : shift.opening_float;
  const figures = figuresOf(sales, refunds);
  const cash = {
    opening_float,
    sales: methodSum(sales, "cash") - depositSum(sales, "cash"),
    change: sum(sales, ({ change }) => change),
    refunds: methodSum(refunds, "cash"),
    deposits: cashOf("deposit") + cashOf("gift_card"),
    account_payments: cashOf("account"),
    paid_in: moved("paid_in"),
    paid_out: moved("paid_out"),
    drops: moved("drop"),
  };
  const expected =
    cash.opening_float +
    cash.sales -
    cash.change -
    cash.refunds +
    cash.deposits +
    cash.account_payments +
    cash.paid_in -
    cash.paid_out -
    cash.drops;
  const methods = new Set([
    "cash",
    ...methodsOf(sales),
    ...methodsOf(refunds),
    ...received.map(({ method }) => method),
    ...(asked.counted ?? []).map(({ method }) => method),
  ]);
  // The till's own, by their order; what a repeat took from the store's sequence is not among them.
  const numbers = all
    .map(({ invoice_no }) => invoice_no)
    .filter((text) => text.startsWith(`${shift.till.store.code}-${shift.till.code}-`))
    .toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const today = asked.today === null ? [] : [asked.today];
  const days = [shift.business_date, ...today, ...[...all, ...refunds, ...received].map((one) => one.business_date)];
  return {
    kind: asked.kind,
    supplement,
    store_id: shift.till.store.id,
    terminal_id: shift.till.id,
    shift_id: shift.id,
    business_date: shift.business_date,
    business_dates: [...new Set(days)].toSorted(),
    currency: shift.till.store.currency,
    opened_at: shift.opened_at,
    opened_by: shift.opened_by,
    closed_at: shift.closed_at,
    closed_by: shift.closed_by,
    opening_float,
    ...figures,
    voids_count: voids.length,
    voids_total: sum(voids, ({ total }) => total),
    no_sales_count: movements.filter(({ type }) => type === "no_sale").length,
    tax_by_rate: taxByRate(linesOf(sales), linesOf(refunds)),
    by_method: [...methods].toSorted().map((method) => {
      const taken = methodSum(sales, method) - (method === "cash" ? cash.change : 0);
      const back = methodSum(refunds, method);
      const other = sum(received, (one) => (one.method === method ? one.amount : 0)) - depositSum(sales, method);
      const due = method === "cash" ? expected : taken - back + other;
      const counted = asked.counted?.find((one) => one.method === method)?.amount ?? null;
      const difference = counted === null ? null : counted - due;
      return { method, sales: taken, refunds: back, expected: due, counted, difference };
    }),
    cash: { ...cash, expected },
    cash_movements: movements.map(({ id, type, amount, reason, user_id, moved_at }) => ({
      id,
      type,
      amount,
      reason,
      user_id,
      moved_at,
    })),
    first_invoice_no: numbers[0] ?? null,
    last_invoice_no: numbers.at(-1) ?? null,
    by_category: byCategory(linesOf(sales), linesOf(refunds)),
  };
}

function recordsOf(books: AnyBooks, store: ModelStore, day: string) {
  const of = <R extends { store: ModelStore; business_date: string }>(records: readonly R[]) =>
    records.filter((one) => one.store === store && one.business_date === day);
  return { sales: of(books.sales).filter(({ voided }) => !voided), refunds: of(books.refunds) };
}

/** A store's business day. */
export function reportDay(books: AnyBooks, store: ModelStore, day: string) {
  const { sales, refunds } = recordsOf(books, store, day);
  return { ...figuresOf(sales, refunds), by_method: byMethod(sales, refunds) };
}

/** The same, with what GET /v1/reports/daily tells beside it. */
export function reportDaily(books: AnyBooks, store: ModelStore, day: string) {
  const { sales, refunds } = recordsOf(books, store, day);
  return { ...reportDay(books, store, day), tax_by_rate: taxByRate(linesOf(sales), linesOf(refunds)) };
}

/** What came and went by method, cash after change, whatever the drawer it lies in. */
export function byMethod(sales: readonly ModelSale[], refunds: readonly ModelRefund[]) {
  const change = sum(sales, (sale) => sale.change);
  return [...new Set([...methodsOf(sales), ...methodsOf(refunds)])].toSorted().map((method) => {
    const taken = methodSum(sales, method) - (method === "cash" ? change : 0);
    const back = methodSum(refunds, method);
    return { method, sales: taken, refunds: back, net: taken - back };
  });
}

export function figuresOf(sales: readonly ModelSale[], refunds: readonly ModelRefund[]) {
  const gross = sum(sales, ({ total }) => total);
  const refund_total = sum(refunds, ({ total }) => total);
  return {
    sales_count: sales.length,
    refunds_count: refunds.length,
    gross,
    discount_total: sum(linesOf(sales), (line) => line.discount_total),
    tax_total: sum(linesOf(sales), (line) => line.tax_total),
    refund_total,
    refund_tax_total: sum(linesOf(refunds), (line) => line.tax_total),
    net: gross - refund_total,
  };
}

interface Tendered {
  payments: readonly ModelPayment[];
}

function methodsOf(records: readonly Tendered[]): string[] {
  return records.flatMap(({ payments }) => payments.map(({ method }) => method));
}

function methodSum(records: readonly Tendered[], method: string): number {
  return sum(records, ({ payments }) => sum(payments, (one) => (one.method === method ? one.amount : 0)));
}

/** What of it passed a drawer earlier. */
function depositSum(records: readonly Tendered[], method: string): number {
  const deposits = records.map(({ payments }) => ({ payments: payments.filter(({ deposit }) => deposit === true) }));
  return methodSum(deposits, method);
}

function linesOf(records: readonly { lines: readonly ReportedLine[] }[]): ReportedLine[] {
  return records.flatMap(({ lines }) => lines);
}

function taxByRate(sold: readonly ReportedLine[], back: readonly ReportedLine[]) {
  const rates = new Set([...sold, ...back].map(({ tax_rate_ppm }) => tax_rate_ppm));
  const of = (lines: readonly ReportedLine[], rate: number) => lines.filter((line) => line.tax_rate_ppm === rate);
  const taxable = (lines: readonly ReportedLine[]) => sum(lines, (line) => line.total - line.tax_total);
  const tax = (lines: readonly ReportedLine[]) => sum(lines, (line) => line.tax_total);
  return [...rates]
    .toSorted((a, b) => a - b)
    .map((rate) => ({
      tax_rate_ppm: rate,
      sales_taxable: taxable(of(sold, rate)),
      sales_tax: tax(of(sold, rate)),
      refunds_taxable: taxable(of(back, rate)),
      refunds_tax: tax(of(back, rate)),
    }));
}

/** In no order that counts: sorted by id for comparing. */
function byCategory(sold: readonly ReportedLine[], back: readonly ReportedLine[]) {
  const categories = new Map([...sold, ...back].map(({ product }) => [idOf(product), product?.category?.name ?? null]));
  const of = (lines: readonly ReportedLine[], id: string | null) => lines.filter(({ product }) => idOf(product) === id);
  return sortCategories(
    [...categories].map(([id, name]) => ({
      category_id: id,
      name,
      quantity: sum(of(sold, id), (line) => line.quantity) - sum(of(back, id), (line) => line.quantity),
      total: sum(of(sold, id), (line) => line.total) - sum(of(back, id), (line) => line.total),
    })),
  );
}

function idOf(product: ModelProduct | null): string | null {
  return product?.category?.id ?? null;
}

export function sortCategories<C extends { category_id: string | null }>(categories: readonly C[]): C[] {
  return categories.toSorted((a, b) => (String(a.category_id) < String(b.category_id) ? -1 : 1));
}
