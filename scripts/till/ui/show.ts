import { pair as pairCells } from "../../../src/core/columns.ts";
import type { PricedSale } from "../basket.ts";
import type { Counter } from "./counter.ts";
import { money } from "./counter.ts";
import { priceSale } from "../basket.ts";
import { countDrawer, type Figures, sumDocuments, sumDrawer } from "../reckoning.ts";
import { storeOf } from "../till.ts";
import type { Shift, ShiftReport } from "../wire.ts";

/** What the cashier reads. */

const WIDTH = 60;

/** `left`, and `right` at the right edge; below it where both do not fit. */
export function pair(left: string, right: string): string {
  const indent = left.length - left.trimStart().length;
  return pairCells(left.trimStart(), right, { width: WIDTH, indent }).join("\n");
}

export function rule(): string {
  return "-".repeat(WIDTH);
}

/** The basket with what it comes to. Throws a Failure where it can't be priced. */
export function showBasket(counter: Counter): string {
  const { basket, till, customer, resumed } = counter;
  if (resumed?.untouched) return showUntouched(counter);
  if (basket.items.length === 0) return "The basket is empty: scan a code.";
  const priced = priceSale(storeOf(till), basket);
  return [
    ...(customer ? [pair(`Customer ${customer.name}`, "")] : []),
    ...priced.lines.flatMap((line) => [
      pair(`${String(line.line_no).padStart(2)}  ${describeQuantity(line)}${line.name}`, money(counter, line.subtotal)),
      ...(line.line_discount > 0 ? [pair("      discount", money(counter, -line.line_discount))] : []),
    ]),
    rule(),
    ...showTotals(counter, priced),
  ].join("\n");
}

function showUntouched(counter: Counter): string {
  const sale = counter.resumed?.sale;
  if (!sale) return "";
  return [
    ...sale.lines.map((line) =>
      pair(`${String(line.line_no).padStart(2)}  ${describeQuantity(line)}${line.name}`, money(counter, line.total)),
    ),
    rule(),
    pair(`TOTAL ${sale.currency}`, money(counter, sale.total)),
  ].join("\n");
}

function showTotals(counter: Counter, { totals, lines }: PricedSale): string[] {
  const order = lines.reduce((sum, line) => sum + line.order_discount, 0);
  const isExclusive = storeOf(counter.till).tax_mode === "exclusive";
  return [
    ...(order > 0 ? [pair("Discount on the whole", money(counter, -order))] : []),
    ...(isExclusive ? [pair("Tax", money(counter, totals.tax_total))] : []),
    pair(`TOTAL ${storeOf(counter.till).currency}`, money(counter, totals.total)),
    ...counter.payments.map(({ method, amount }) => pair(`  paid by ${method}`, money(counter, amount))),
  ];
}

export function describeQuantity({ quantity, unit }: { quantity: number; unit: string }): string {
  if (unit === "each") return quantity === 1 ? "" : `${String(quantity)} x `;
  return `${String(quantity)} ${unit} `;
}

/** The figures of a report that the server made. */
export function showReport(counter: Counter, report: ShiftReport): string {
  const m = (amount: number) => money(counter, amount);
  const title = report.kind === "x" ? "X report" : `Z report ${String(report.number)}`;
  return [
    rule(),
    pair(title, report.business_dates.join(", ")),
    pair("Sales", `${String(report.sales_count)}   ${m(report.gross)}`),
    pair("Refunds", `${String(report.refunds_count)}   ${m(-report.refund_total)}`),
    pair("Voids", `${String(report.voids_count)}   ${m(report.voids_total)}`),
    pair("Net", m(report.net)),
    rule(),
    ...report.by_method.map((one) => pair(one.method, describeMethod(one, m))),
    rule(),
    ...report.tax_by_rate.map((one) =>
      pair(
        `Tax ${String(one.tax_rate_ppm / 10_000)} % on ${m(one.sales_taxable - one.refunds_taxable)}`,
        m(one.sales_tax - one.refunds_tax),
      ),
    ),
    rule(),
    ...showCash(counter, report.cash),
    pair("Cash expected", m(report.cash.expected)),
    ...(report.kind === "z" ? [pair("Grand total", m(report.grand_total))] : []),
  ].join("\n");
}

function describeMethod(one: ShiftReport["by_method"][number], m: (amount: number) => string): string {
  const taken = m(one.sales - one.refunds);
  return one.counted === null ? taken : `${taken}   counted ${m(one.counted)}, difference ${m(one.difference ?? 0)}`;
}

function showCash(counter: Counter, cash: Partial<ShiftReport["cash"]>): string[] {
  const rows: [string, number | undefined, 1 | -1][] = [
    ["Float", cash.opening_float, 1],
    ["Cash handed over", cash.sales, 1],
    ["Change", cash.change, -1],
    ["Cash given back", cash.refunds, -1],
    ["Deposits", cash.deposits, 1],
    ["Accounts paid off", cash.account_payments, 1],
    ["Paid in", cash.paid_in, 1],
    ["Paid out", cash.paid_out, -1],
    ["Drops", cash.drops, -1],
  ];
  return rows.flatMap(([name, amount, sign]) => (amount ? [pair(name, money(counter, sign * amount))] : []));
}

/** The same from the till's own books, for when the server can't be asked. */
export function showOwnReport(counter: Counter, shift: Shift): string {
  const { books } = counter.till;
  const figures = sumDocuments(books.salesOf(shift.id), books.refundsOf(shift.id));
  const events = books.drawerOf(shift.id);
  const drawer = sumDrawer(events);
  const m = (amount: number) => money(counter, amount);
  return [
    rule(),
    pair("X report by the till's own books", shift.business_date),
    pair("Sales", `${String(figures.sales_count)}   ${m(figures.gross)}`),
    pair("Refunds", `${String(figures.refunds_count)}   ${m(-figures.refund_total)}`),
    pair("Voids", `${String(figures.voids_count)}   ${m(figures.voids_total)}`),
    pair("Net", m(figures.net)),
    rule(),
    ...showMethods(figures, m),
    rule(),
    ...showCash(counter, {
      opening_float: drawer.float,
      sales: drawer.tendered,
      change: drawer.change,
      refunds: drawer.refund + drawer.void,
      deposits: drawer.deposit,
      account_payments: drawer.account_payment,
      paid_in: drawer.paid_in,
      paid_out: drawer.paid_out,
      drops: drawer.drop,
    }),
    pair("Cash expected", m(countDrawer(events))),
  ].join("\n");
}

function showMethods({ by_method }: Figures, m: (amount: number) => string): string[] {
  const methods = [...by_method].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return methods.map(([method, { sales, refunds }]) => pair(method, m(sales - refunds)));
}
