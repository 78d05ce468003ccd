import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import type { Row } from "../../db/database.ts";
import type { Shift, ShiftReport } from "./schemas.ts";
import { type RateSum, taxByRate } from "./tax-by-rate.ts";

/** X and Z reports: what the sums of a shift come to. Pure. */

interface MethodSum {
  method: string;
  amount: number;
}

interface LineSum extends RateSum {
  category_id: string | null;
  category: string | null;
  quantity: number;
  total: number;
}

/** The sums of a shift, as the statements of report-queries.ts give them. */
export interface ShiftSums {
  /** How many rows they are sums of. */
  records: number;
  sales: {
    sales_count: number;
    gross: number;
    discount_total: number;
    tax_total: number;
    change: number;
    first_invoice_no: string | null;
    last_invoice_no: string | null;
  };
  sale_lines: LineSum[];
  /** `deposits`: what of it was received before, for the order that became the sale. */
  sale_payments: (MethodSum & { deposits: number })[];
  refunds: { refunds_count: number; refund_total: number; refund_tax_total: number };
  refund_lines: LineSum[];
  refund_payments: MethodSum[];
  received: (MethodSum & { kind: "deposit" | "gift_card" | "account" })[];
  cash_movements: ShiftReport["cash_movements"];
  voids: { voids_count: number; voids_total: number };
  business_dates: string[];
}

/** The sums from the rows of `shiftSumStatements` or `lateSumStatements`. */
export function readSums([
  sales = [],
  lines,
  payments,
  refunds = [],
  refundLines,
  refundPayments,
  received,
  moved,
  voids,
]: Row[][]): ShiftSums {
  const [sold = {}] = sales;
  const [back = {}] = refunds;
  const [voided = {}] = voids ?? [];
  const many = [sold, back, voided, ...(received ?? [])].reduce((sum, row) => sum + Number(row["records"] ?? 0), 0);
  return {
    records: many + (moved ?? []).length,
    sales: sold as unknown as ShiftSums["sales"],
    sale_lines: lines as unknown as LineSum[],
    sale_payments: payments as unknown as ShiftSums["sale_payments"],
    refunds: {
      refunds_count: Number(back["records"] ?? 0),
      refund_total: Number(back["refund_total"] ?? 0),
      refund_tax_total: Number(back["refund_tax_total"] ?? 0),
    },
    refund_lines: refundLines as unknown as LineSum[],
    refund_payments: refundPayments as unknown as MethodSum[],
    received: received as unknown as ShiftSums["received"],
    cash_movements: moved as unknown as ShiftReport["cash_movements"],
    voids: { voids_count: Number(voided["records"] ?? 0), voids_total: Number(voided["total"] ?? 0) },
    business_dates: [sold, back, ...(received ?? [])].flatMap(datesOf),
  };
}

function datesOf(row: Row): string[] {
  return JSON.parse(String(row["business_dates"] ?? "[]")) as string[];
}

/** What was counted at the close; null for an X report. */
export type Counted = readonly { method: string; amount: number }[] | null;

export interface ReportPlace {
  kind: "x" | "z";
  supplement: boolean;
  /** The business day on which an X report is made or a shift closed; null for a supplement, in which it did not trade. */
  today: string | null;
  counted: Counted;
}

/** The report but for its place in the till's chain of Z reports. */
export type Unlinked = Omit<ShiftReport, "number" | "grand_total" | "previous_hash" | "hash">;

/** What a shift's sums come to. RangeError for a sum that is beyond 2^53: a report is exact or it is none. */
export function composeReport(shift: Shift, sums: ShiftSums, place: ReportPlace): Unlinked {
  const openingFloat = place.supplement ? 0 : shift.opening_float;
  const cash = cashOf(sums, openingFloat);
  const { gross } = sums.sales;
  const { refund_total } = sums.refunds;
  const report: Unlinked = {
    kind: place.kind,
    supplement: place.supplement,
    store_id: shift.store_id,
    terminal_id: shift.terminal_id,
    shift_id: shift.id,
    business_date: shift.business_date,
    business_dates: datesTouched(shift, sums, place.today),
    currency: shift.currency,
    opened_at: shift.opened_at,
    opened_by: shift.opened_by,
    closed_at: shift.closed_at,
    closed_by: shift.closed_by,
    opening_float: openingFloat,
    sales_count: sums.sales.sales_count,
    refunds_count: sums.refunds.refunds_count,
    ...sums.voids,
    no_sales_count: sums.cash_movements.filter(({ type }) => type === "no_sale").length,
    gross,
    discount_total: sums.sales.discount_total,
    tax_total: sums.sales.tax_total,
    refund_total,
    refund_tax_total: sums.refunds.refund_tax_total,
    net: gross - refund_total,
    tax_by_rate: taxByRate(sums.sale_lines, sums.refund_lines),
    by_method: byMethod(sums, cash.expected, place.counted),
    cash,
    cash_movements: sums.cash_movements,
    first_invoice_no: sums.sales.first_invoice_no,
    last_invoice_no: sums.sales.last_invoice_no,
    by_category: byCategory(sums),
  };
  refuseInexact(report);
  return report;
}

function datesTouched(shift: Shift, sums: ShiftSums, today: string | null): string[] {
  return [...new Set([shift.business_date, ...sums.business_dates, ...(today === null ? [] : [today])])].toSorted();
}

/** Every number of a report, however deep. */
function refuseInexact(part: unknown): void {
  if (typeof part === "number" && !Number.isSafeInteger(part)) {
    throw new RangeError("a sum is beyond 2^53 and would not be exact");
  }
  if (typeof part === "object" && part !== null) for (const one of Object.values(part)) refuseInexact(one);
}

function cashOf(sums: ShiftSums, openingFloat: number): ShiftReport["cash"] {
  const moved = (type: string) => sumWhere(sums.cash_movements, (one) => one.type === type);
  const received = (...kinds: string[]) =>
    sumWhere(sums.received, (one) => one.method === "cash" && kinds.includes(one.kind));
  const taken = sums.sale_payments.find(({ method }) => method === "cash");
  const cash = {
    opening_float: openingFloat,
    sales: (taken?.amount ?? 0) - (taken?.deposits ?? 0),
    change: sums.sales.change,
    refunds: sumWhere(sums.refund_payments, ({ method }) => method === "cash"),
    deposits: received("deposit", "gift_card"),
    account_payments: received("account"),
    paid_in: moved("paid_in"),
    paid_out: moved("paid_out"),
    drops: moved("drop"),
  };
  const inward = cash.opening_float + cash.sales + cash.deposits + cash.account_payments + cash.paid_in;
  return { ...cash, expected: inward - cash.change - cash.refunds - cash.paid_out - cash.drops };
}

/** Sorted by method. Cash is expected as the drawer has it; of the others, what was taken less what was given back. */
function byMethod(sums: ShiftSums, expectedCash: number, counted: Counted): ShiftReport["by_method"] {
  const { sale_payments, refund_payments, received } = sums;
  const named = [...sale_payments, ...refund_payments, ...received, ...(counted ?? []), { method: "cash" }];
  const methods = [...new Set(named.map(({ method }) => method))].toSorted();
  return methods.map((method) => {
    const taken = sale_payments.find((one) => one.method === method);
    const sales = (taken?.amount ?? 0) - (method === "cash" ? sums.sales.change : 0);
    const refunds = sumWhere(refund_payments, (one) => one.method === method);
    const other = sumWhere(received, (one) => one.method === method) - (taken?.deposits ?? 0);
    const expected = method === "cash" ? expectedCash : sales - refunds + other;
    const found = counted?.find((one) => one.method === method)?.amount ?? null;
    const difference = found === null ? null : found - expected;
    return { method, sales, refunds, expected, counted: found, difference } as ShiftReport["by_method"][number];
  });
}

/** What was sold less what came back; the goods of no category stand last. */
function byCategory({ sale_lines, refund_lines }: ShiftSums): ShiftReport["by_category"] {
  const names = new Map([...sale_lines, ...refund_lines].map((line) => [line.category_id, line.category]));
  const named = [...names.keys()].filter((id) => id !== null).toSorted();
  const ids = names.has(null) ? [...named, null] : named;
  return ids.map((category) => {
    const of = (line: LineSum) => line.category_id === category;
    const [sold, back] = [sale_lines.filter(of), refund_lines.filter(of)];
    return {
      category_id: category,
      name: names.get(category) ?? null,
      quantity: sumOf(sold, "quantity") - sumOf(back, "quantity"),
      total: sumOf(sold, "total") - sumOf(back, "total"),
    };
  });
}

function sumWhere<R extends { amount: number }>(rows: readonly R[], is: (row: R) => boolean): number {
  return rows.filter(is).reduce((sum, { amount }) => sum + amount, 0);
}

function sumOf(lines: readonly LineSum[], part: "quantity" | "total"): number {
  return lines.reduce((sum, line) => sum + line[part], 0);
}

/** The last Z report of a till; null before its first. */
export type LastZ = Pick<ShiftReport, "number" | "hash" | "grand_total"> | null;

/** An X report stands in no chain. */
export function asXReport(report: Unlinked, last: LastZ): ShiftReport {
  return { ...report, number: null, grand_total: last?.grand_total ?? 0, previous_hash: null, hash: null };
}

/** The next Z report of the till: numbered, summed up, and bound to the one before. */
export function asZReport(report: Unlinked, last: LastZ): ShiftReport & { number: number; hash: string } {
  const linked = {
    ...report,
    number: (last?.number ?? 0) + 1,
    grand_total: (last?.grand_total ?? 0) + report.net,
    previous_hash: last?.hash ?? null,
  };
  return { ...linked, hash: hashReport(linked) };
}

/** SHA-256 in hex over the report without its hash, as JSON by RFC 8785. */
export function hashReport(report: Omit<ShiftReport, "hash">): string {
  const { hash: _hash, ...rest } = report as ShiftReport;
  const text = canonicalize(rest);
  if (text === undefined) throw new Error("a report is an object");
  return createHash("sha256").update(text).digest("hex");
}
