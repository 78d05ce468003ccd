import { type Statement, statement } from "../../db/database.ts";

/** What was sold in a store on one business day. */
export interface SalesRow {
  business_date: string;
  sales_count: number;
  gross: number;
  discount_total: number;
  tax_total: number;
  change_due: number;
}

/** What came back in a store on one business day. */
export interface RefundsRow {
  business_date: string;
  refunds_count: number;
  refund_total: number;
  refund_tax_total: number;
}

/** What of a store was voided on one business day, which is the one it had been sold on. */
export interface VoidsRow {
  business_date: string;
  voids_count: number;
  voids_total: number;
}

/** What was handed over, put on account, or given back, by one method on one business day. */
export interface MethodRow {
  business_date: string;
  method: string;
  amount: number;
}

// A voided sale is in no figure but the voids.
const COUNTED = "status NOT IN ('parked', 'voided')";

// By sales_by_business_date.
const SUM_SALES = `
  SELECT business_date, count(*) AS sales_count, sum(total) AS gross, sum(discount_total) AS discount_total,
    sum(tax_total) AS tax_total, sum(change_due) AS change_due
  FROM sales
  WHERE store_id = ?1 AND business_date BETWEEN ?2 AND ?3 AND ${COUNTED}
  GROUP BY business_date`;

// By sales_by_business_date, then the payments by their primary key.
const SUM_SALE_PAYMENTS = `
  SELECT s.business_date, p.method, sum(p.amount) AS amount
  FROM sales s CROSS JOIN sale_payments p ON p.sale_id = s.id
  WHERE s.store_id = ?1 AND s.business_date BETWEEN ?2 AND ?3 AND s.${COUNTED}
  GROUP BY s.business_date, p.method`;

// By refunds_by_business_date.
const SUM_REFUNDS = `
  SELECT business_date, count(*) AS refunds_count, sum(total) AS refund_total, sum(tax_total) AS refund_tax_total
  FROM refunds
  WHERE store_id = ?1 AND business_date BETWEEN ?2 AND ?3 AND sealed = 1
  GROUP BY business_date`;

// By refunds_by_business_date, then the payments by their primary key.
const SUM_REFUND_PAYMENTS = `
  SELECT r.business_date, p.method, sum(p.amount) AS amount
  FROM refunds r CROSS JOIN refund_payments p ON p.refund_id = r.id
  WHERE r.store_id = ?1 AND r.business_date BETWEEN ?2 AND ?3 AND r.sealed = 1
  GROUP BY r.business_date, p.method`;

// By sales_by_business_date, then the lines by their primary key.
const SUM_SALE_LINES = `
  SELECT l.tax_rate_ppm, sum(l.total - l.tax_total) AS taxable, sum(l.tax_total) AS tax
  FROM sales s CROSS JOIN sale_lines l ON l.sale_id = s.id
  WHERE s.store_id = ?1 AND s.business_date BETWEEN ?2 AND ?3 AND s.${COUNTED}
  GROUP BY l.tax_rate_ppm`;

// By refunds_by_business_date, then the lines by their primary key.
const SUM_REFUND_LINES = `
  SELECT l.tax_rate_ppm, sum(l.total - l.tax_total) AS taxable, sum(l.tax_total) AS tax
  FROM refunds r CROSS JOIN refund_lines l ON l.refund_id = r.id
  WHERE r.store_id = ?1 AND r.business_date BETWEEN ?2 AND ?3 AND r.sealed = 1
  GROUP BY l.tax_rate_ppm`;

// By sale_voids_by_business_date.
const SUM_VOIDS = `
  SELECT business_date, count(*) AS voids_count, sum(total) AS voids_total
  FROM sale_voids
  WHERE store_id = ?1 AND business_date BETWEEN ?2 AND ?3
  GROUP BY business_date`;

/** The sums of a store's days, both ends included; the results are those of `DaySums`, in its order. */
export function daySumsStatements(storeId: string, from: string, to: string): Statement[] {
  return [SUM_SALES, SUM_SALE_PAYMENTS, SUM_REFUNDS, SUM_REFUND_PAYMENTS, SUM_VOIDS].map((sql) =>
    statement(sql, storeId, from, to),
  );
}

/** What was sold and what came back in a store on its business days, both ends included, as rows of `RateSum`. */
export function rateSumsStatements(storeId: string, from: string, to: string): Statement[] {
  return [SUM_SALE_LINES, SUM_REFUND_LINES].map((sql) => statement(sql, storeId, from, to));
}
