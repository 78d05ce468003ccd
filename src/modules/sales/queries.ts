import { and, asc, eq, gt } from "drizzle-orm";
import { type Statement, statement } from "../../db/database.ts";
import { given, queryBuilder, toStatement } from "../../db/query-builder.ts";
import { sales } from "../../db/schema/sales.ts";

/** What is read of sales and refunds, and of what a refusal has to explain. */

// By primary key of stock_levels.
const SELECT_ON_HAND = `
  SELECT w.value AS product_id, coalesce(l.on_hand, 0) AS on_hand
  FROM json_each(?2) w LEFT JOIN stock_levels l ON l.store_id = ?1 AND l.product_id = w.value`;

export function selectOnHand(storeId: string, productIds: readonly string[]): Statement {
  return statement(SELECT_ON_HAND, storeId, JSON.stringify(productIds));
}

// By unique indexes customers.id and salespeople.id.
const SELECT_PEOPLE = `
  SELECT (SELECT count(*) FROM customers WHERE id = ?1) AS customers,
    (SELECT count(*) FROM salespeople WHERE id = ?2) AS salespeople`;

export function selectPeople(customerId: string | null, salespersonId: string | null): Statement {
  return statement(SELECT_PEOPLE, customerId, salespersonId);
}

// By unique index sales.id, and primary keys of what belongs to the sale.
const SELECT_SALE = `SELECT * FROM sales WHERE id = ?1`;
const SELECT_SALE_LINES = `SELECT * FROM sale_lines WHERE sale_id = ?1 ORDER BY line_no`;
const SELECT_SALE_PAYMENTS = `SELECT * FROM sale_payments WHERE sale_id = ?1 ORDER BY payment_no`;

export function selectSale(saleId: string): Statement[] {
  return [SELECT_SALE, SELECT_SALE_LINES, SELECT_SALE_PAYMENTS].map((sql) => statement(sql, saleId));
}

interface SaleConditions {
  store_id: string | null;
  business_date?: string | undefined;
  status?: string | undefined;
  customer_id?: string | undefined;
  invoice_no?: string | undefined;
}

// By the unique (store_id, invoice_no), sales_by_business_date, sales_by_customer or sales_by_store, whichever the
// conditions allow; by row number alone for one who sees all stores.
export function selectSales(wanted: SaleConditions, afterArrival: number, limit: number): Statement {
  const conditions = given(
    gt(sales.arrival, afterArrival),
    wanted.store_id !== null && eq(sales.store_id, wanted.store_id),
    wanted.business_date !== undefined && eq(sales.business_date, wanted.business_date),
    wanted.status !== undefined && eq(sales.status, wanted.status),
    wanted.customer_id !== undefined && eq(sales.customer_id, wanted.customer_id),
    wanted.invoice_no !== undefined && eq(sales.invoice_no, wanted.invoice_no),
  );
  return toStatement(
    queryBuilder
      .select()
      .from(sales)
      .where(and(...conditions))
      .orderBy(asc(sales.arrival))
      .limit(limit),
  );
}

// By unique index refunds.id, and primary keys of what belongs to the refund.
const SELECT_REFUND = `SELECT * FROM refunds WHERE id = ?1`;
const SELECT_REFUND_LINES = `SELECT * FROM refund_lines WHERE refund_id = ?1 ORDER BY line_no`;
const SELECT_REFUND_PAYMENTS = `SELECT * FROM refund_payments WHERE refund_id = ?1 ORDER BY payment_no`;

export function selectRefund(refundId: string): Statement[] {
  return [SELECT_REFUND, SELECT_REFUND_LINES, SELECT_REFUND_PAYMENTS].map((sql) => statement(sql, refundId));
}

// By unique indexes stores.id, terminals.id and users.id.
const SELECT_RECEIPT_FACTS = `
  SELECT s.name AS store_name, s.code AS store_code, s.timezone, s.receipt_header, s.receipt_footer, s.receipt_width,
    t.code AS terminal_code, u.full_name AS cashier
  FROM sales sa JOIN stores s ON s.id = sa.store_id JOIN users u ON u.id = sa.user_id
  LEFT JOIN terminals t ON t.id = sa.terminal_id
  WHERE sa.id = ?1`;

export function selectReceiptFacts(saleId: string): Statement {
  return statement(SELECT_RECEIPT_FACTS, saleId);
}

// Counts the receipts already given for a sale, by primary key.
const COUNT_RECEIPT = `
  INSERT INTO receipt_counts (sale_id, copies) VALUES (?1, 1)
  ON CONFLICT DO UPDATE SET copies = copies + 1 RETURNING copies`;

export function countReceipt(saleId: string): Statement {
  return statement(COUNT_RECEIPT, saleId);
}
