import type { Row } from "../../db/database.ts";
import type { Refund, RefundSummary } from "./refund-schemas.ts";
import type { Sale, SaleSummary } from "./schemas.ts";

/** Rows as the wire shows them: the columns named here leave, in this order, and nothing else does. */

/** For the compiler to refuse a list that lacks a declared field or has one too many. */
type Columns<Shown extends object> = Record<keyof Shown, true>;

const SALE = Object.keys({
  id: true,
  invoice_no: true,
  status: true,
  store_id: true,
  terminal_id: true,
  shift_id: true,
  customer_id: true,
  salesperson_id: true,
  user_id: true,
  business_date: true,
  sold_at: true,
  currency: true,
  tax_mode: true,
  subtotal: true,
  discount_total: true,
  tax_total: true,
  rounding_adjustment: true,
  total: true,
  paid_total: true,
  change_due: true,
  balance_due: true,
  due: true,
  note: true,
  created_at: true,
} satisfies Columns<SaleSummary>);

const SALE_LINE = Object.keys({
  id: true,
  line_no: true,
  product_id: true,
  sku: true,
  barcode: true,
  name: true,
  unit: true,
  price_quantity: true,
  list_price: true,
  unit_price: true,
  override_reason: true,
  quantity: true,
  tax_rate_ppm: true,
  subtotal: true,
  line_discount: true,
  order_discount: true,
  discount_total: true,
  discount_reason: true,
  tax_total: true,
  total: true,
  note: true,
  refunded_quantity: true,
} satisfies Columns<Sale["lines"][number]>);

const REFUND = Object.keys({
  id: true,
  refund_no: true,
  sale_id: true,
  store_id: true,
  terminal_id: true,
  shift_id: true,
  customer_id: true,
  user_id: true,
  business_date: true,
  refunded_at: true,
  currency: true,
  tax_mode: true,
  subtotal: true,
  discount_total: true,
  tax_total: true,
  total: true,
  reason: true,
  created_at: true,
} satisfies Columns<RefundSummary>);

const REFUND_LINE = Object.keys({
  line_no: true,
  sale_line_no: true,
  product_id: true,
  sku: true,
  name: true,
  unit: true,
  price_quantity: true,
  unit_price: true,
  quantity: true,
  tax_rate_ppm: true,
  restock: true,
  subtotal: true,
  discount_total: true,
  tax_total: true,
  total: true,
  id: true,
} satisfies Columns<Refund["lines"][number]>);

const PAYMENT = Object.keys({
  payment_no: true,
  method: true,
  amount: true,
  reference: true,
  card_last4: true,
} satisfies Columns<Sale["payments"][number]>);

/** What went back of what was paid later was handed over too: the columns leave it out, so that reports need not. */
export function toSaleSummary(row: Row): SaleSummary {
  const sale = pick(SALE, row) as SaleSummary;
  const later = Number(row["later_change"]);
  return { ...sale, paid_total: sale.paid_total + later, change_due: sale.change_due + later };
}

export function toSale(row: Row, lines: Row[], payments: Row[]): Sale {
  return {
    ...toSaleSummary(row),
    lines: lines.map((line) => pick(SALE_LINE, line)) as Sale["lines"],
    payments: payments.map((payment, index) => ({
      ...pick(PAYMENT, payment),
      payment_no: index + 1,
    })) as Sale["payments"],
  };
}

/** A parked sale as it was shown when it was parked, or as what became of it where that is no sale. */
export function toParkedSale(row: Row): Sale {
  const shown = JSON.parse(String(row["shown"])) as Sale;
  // What was parked before a field came into being is shown without it.
  return { ...shown, due: 0, status: row["state"] as Sale["status"] };
}

export function toParkedSummary(row: Row): SaleSummary {
  const { lines: _lines, payments: _payments, ...summary } = toParkedSale(row);
  return summary;
}

export function toRefundSummary(row: Row): RefundSummary {
  return pick(REFUND, row) as RefundSummary;
}

export function toRefund(row: Row, lines: Row[], payments: Row[]): Refund {
  return {
    ...toRefundSummary(row),
    lines: lines.map((line) => pick(REFUND_LINE, line)) as Refund["lines"],
    payments: payments.map((payment) => pick(PAYMENT, payment)) as Refund["payments"],
  };
}

function pick(names: readonly string[], row: Row): object {
  return Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
}
