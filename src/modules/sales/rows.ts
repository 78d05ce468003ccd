import type { Row } from "../../db/database.ts";
import { type Refund, refundSchema, type Sale, saleSchema, type SaleSummary, saleSummarySchema } from "./schemas.ts";

/** Rows as the wire shows them: the response schemas say which columns leave, and nothing else does. */

const saleLineSchema = saleSchema.shape.lines.element;
const salePaymentSchema = saleSchema.shape.payments.element;
const refundLineSchema = refundSchema.shape.lines.element;

export function toSaleSummary(row: Row): SaleSummary {
  return pick(Object.keys(saleSummarySchema.shape), { ...row, shift_id: null }) as SaleSummary;
}

export function toSale(row: Row, lines: Row[], payments: Row[]): Sale {
  return {
    ...toSaleSummary(row),
    lines: lines.map((line) => pick(Object.keys(saleLineSchema.shape), line)) as Sale["lines"],
    payments: toPayments(payments) as Sale["payments"],
  };
}

export function toRefund(row: Row, lines: Row[], payments: Row[]): Refund {
  return {
    ...(pick(Object.keys(refundSchema.shape), { ...row, shift_id: null }) as Refund),
    lines: lines.map((line) => pick(Object.keys(refundLineSchema.shape), line)) as Refund["lines"],
    payments: toPayments(payments) as Refund["payments"],
  };
}

function toPayments(rows: Row[]): object[] {
  return rows.map((row) => pick(Object.keys(salePaymentSchema.shape), row));
}

function pick(names: readonly string[], row: Row): object {
  return Object.fromEntries(names.filter((name) => Object.hasOwn(row, name)).map((name) => [name, row[name] ?? null]));
}
