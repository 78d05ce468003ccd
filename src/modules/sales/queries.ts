import { and, asc, eq, gt } from "drizzle-orm";
import type { ProductRef } from "../../db/catalog-cache.ts";
import { type Statement, statement } from "../../db/database.ts";
import { given, queryBuilder, toStatement } from "../../db/query-builder.ts";
import { sales } from "../../db/schema/sales.ts";

/** The statements of selling. Each takes its rows as one JSON parameter, so one sale and fifty cost the same trip. */

const SHELF_COLUMNS = `p.id, p.sku, p.name, p.unit, p.price_quantity, p.unit_price, p.cost_price, p.tax_rate_ppm,
  p.discount_ppm, p.category_id, p.max_per_sale, p.track_stock, p.active, p.version`;

// Each branch by a unique index: products.id, products.sku, product_barcodes.key.
const SELECT_SHELF_PRODUCTS = `
  SELECT w.value AS ref, ${SHELF_COLUMNS}
  FROM json_each(?1) w JOIN products p ON p.id = substr(w.value, 4) WHERE w.value LIKE 'id:%'
  UNION ALL
  SELECT w.value, ${SHELF_COLUMNS}
  FROM json_each(?1) w JOIN products p ON p.sku = substr(w.value, 5) WHERE w.value LIKE 'sku:%'
  UNION ALL
  SELECT w.value, ${SHELF_COLUMNS}
  FROM json_each(?1) w JOIN product_barcodes b ON b.key = substr(w.value, 9) JOIN products p ON p.id = b.product_id
  WHERE w.value LIKE 'barcode:%'`;

export function selectShelfProducts(refs: readonly ProductRef[]): Statement {
  return statement(SELECT_SHELF_PRODUCTS, JSON.stringify(refs));
}

// By unique index stores.id.
const SHELF_STORE = `
  SELECT id, code, currency, timezone, day_cutoff, tax_mode, rounding_mode, rounding_scope, cash_rounding,
    allow_oversell, version
  FROM stores`;
const SELECT_SHELF_STORE = `${SHELF_STORE} WHERE id = ?1`;
const SELECT_TILL_STORE = `${SHELF_STORE} WHERE id = (SELECT store_id FROM terminals WHERE id = ?1)`;

export function selectShelfStore(storeId: string): Statement {
  return statement(SELECT_SHELF_STORE, storeId);
}

export function selectTillStore(terminalId: string): Statement {
  return statement(SELECT_TILL_STORE, terminalId);
}

// By unique index terminals.id.
const SELECT_SHELF_TERMINAL = `SELECT id, store_id, code, active FROM terminals WHERE id = ?1`;

export function selectShelfTerminal(terminalId: string | null): Statement {
  return statement(SELECT_SHELF_TERMINAL, terminalId);
}

/** How many numbers of a till's sequence a batch takes. */
export interface NumberRequest {
  store_id: string;
  terminal_code: string;
  kind: "sale" | "refund";
  /** Takes the next number when null; a till that was offline brings its own. */
  own_number: number | null;
}

// By primary key of number_sequences. An own number moves the sequence up to it, never back.
const TAKE_OWN_NUMBERS = `
  INSERT INTO number_sequences (store_id, terminal_code, kind, last)
  SELECT n.value ->> 'store_id', n.value ->> 'terminal_code', n.value ->> 'kind', max(n.value ->> 'own_number')
  FROM json_each(?1) n GROUP BY 1, 2, 3
  ON CONFLICT DO UPDATE SET last = max(last, excluded.last)`;

const TAKE_NEXT_NUMBERS = `
  INSERT INTO number_sequences (store_id, terminal_code, kind, last)
  SELECT n.value ->> 'store_id', n.value ->> 'terminal_code', n.value ->> 'kind', count(*)
  FROM json_each(?1) n GROUP BY 1, 2, 3
  ON CONFLICT DO UPDATE SET last = last + excluded.last`;

export function takeNumbers(requests: readonly NumberRequest[]): Statement[] {
  const own = requests.filter(({ own_number }) => own_number !== null);
  const next = requests.filter(({ own_number }) => own_number === null);
  return [
    ...(own.length > 0 ? [statement(TAKE_OWN_NUMBERS, JSON.stringify(own))] : []),
    ...(next.length > 0 ? [statement(TAKE_NEXT_NUMBERS, JSON.stringify(next))] : []),
  ];
}

/** The columns of a table as a SELECT list over the members of a JSON row, so that each is named once. */
function fromJson(columns: readonly string[]): string {
  return columns.map((column) => `r.value ->> '${column}'`).join(", ");
}

const SALE_COLUMNS = [
  "id",
  "store_id",
  "store_version",
  "terminal_id",
  "customer_id",
  "salesperson_id",
  "user_id",
  "status",
  "business_date",
  "sold_at",
  "currency",
  "tax_mode",
  "rounding_mode",
  "subtotal",
  "discount_total",
  "tax_total",
  "rounding_adjustment",
  "total",
  "paid_total",
  "change_due",
  "balance_due",
  "note",
  "created_at",
] as const;

// `number_back` counts from the end of the numbers the batch took: 0 is the last of them.
const TAKEN_NUMBER = `FROM json_each(?1) r LEFT JOIN number_sequences n
    ON n.store_id = r.value ->> 'store_id' AND n.terminal_code = r.value ->> 'terminal_code'`;

const INSERT_SALES = `
  INSERT INTO sales (invoice_no, ${SALE_COLUMNS.join(", ")})
  SELECT coalesce(r.value ->> 'invoice_no', printf('%s-%s-%06d',
      r.value ->> 'store_code', r.value ->> 'terminal_code', n.last - (r.value ->> 'number_back'))),
    ${fromJson(SALE_COLUMNS)}
  ${TAKEN_NUMBER} AND n.kind = 'sale'`;

const LINE_COLUMNS = [
  "sale_id",
  "line_no",
  "id",
  "product_id",
  "product_version",
  "sku",
  "barcode",
  "name",
  "category_id",
  "unit",
  "price_quantity",
  "list_price",
  "unit_price",
  "override_reason",
  "cost_price",
  "quantity",
  "tax_rate_ppm",
  "subtotal",
  "line_discount",
  "order_discount",
  "discount_reason",
  "discount_total",
  "tax_total",
  "total",
  "track_stock",
  "note",
] as const;

const INSERT_SALE_LINES = `
  INSERT INTO sale_lines (${LINE_COLUMNS.join(", ")}) SELECT ${fromJson(LINE_COLUMNS)} FROM json_each(?1) r`;

const PAYMENT_COLUMNS = ["payment_no", "method", "amount", "reference", "card_last4", "created_at"] as const;

const INSERT_SALE_PAYMENTS = `
  INSERT INTO sale_payments (sale_id, ${PAYMENT_COLUMNS.join(", ")})
  SELECT r.value ->> 'owner_id', ${fromJson(PAYMENT_COLUMNS)} FROM json_each(?1) r`;

const INSERT_REFUND_PAYMENTS = `
  INSERT INTO refund_payments (refund_id, ${PAYMENT_COLUMNS.join(", ")})
  SELECT r.value ->> 'owner_id', ${fromJson(PAYMENT_COLUMNS)} FROM json_each(?1) r`;

// By unique index sales.id; the trigger sales_parts_sum reads lines and payments by primary key.
const COMPLETE_SALES = `
  UPDATE sales SET status = 'completed' WHERE id IN (SELECT value FROM json_each(?1))`;

export function insertSales(rowsJson: string): Statement {
  return statement(INSERT_SALES, rowsJson);
}

export function insertSaleLines(rowsJson: string): Statement {
  return statement(INSERT_SALE_LINES, rowsJson);
}

export function insertPayments(of: "sale" | "refund", rowsJson: string): Statement {
  return statement(of === "sale" ? INSERT_SALE_PAYMENTS : INSERT_REFUND_PAYMENTS, rowsJson);
}

export function completeSales(idsJson: string): Statement {
  return statement(COMPLETE_SALES, idsJson);
}

const REFUND_COLUMNS = [
  "id",
  "sale_id",
  "store_id",
  "terminal_id",
  "customer_id",
  "user_id",
  "business_date",
  "refunded_at",
  "currency",
  "tax_mode",
  "subtotal",
  "discount_total",
  "tax_total",
  "total",
  "reason",
  "created_at",
] as const;

const INSERT_REFUNDS = `
  INSERT INTO refunds (refund_no, ${REFUND_COLUMNS.join(", ")})
  SELECT coalesce(r.value ->> 'refund_no', printf('%s-%s-R%06d',
      r.value ->> 'store_code', r.value ->> 'terminal_code', n.last - (r.value ->> 'number_back'))),
    ${fromJson(REFUND_COLUMNS)}
  ${TAKEN_NUMBER} AND n.kind = 'refund'`;

const REFUND_LINE_COLUMNS = [
  "refund_id",
  "line_no",
  "id",
  "sale_id",
  "sale_line_no",
  "refunded_before",
  "product_id",
  "sku",
  "name",
  "category_id",
  "unit",
  "price_quantity",
  "unit_price",
  "quantity",
  "tax_rate_ppm",
  "subtotal",
  "discount_total",
  "tax_total",
  "total",
  "restock",
] as const;

const INSERT_REFUND_LINES = `
  INSERT INTO refund_lines (${REFUND_LINE_COLUMNS.join(", ")}) SELECT ${fromJson(REFUND_LINE_COLUMNS)} FROM json_each(?1) r`;

// By unique index refunds.id.
const SEAL_REFUNDS = `UPDATE refunds SET sealed = 1 WHERE id IN (SELECT value FROM json_each(?1))`;

export function insertRefunds(rowsJson: string): Statement {
  return statement(INSERT_REFUNDS, rowsJson);
}

export function insertRefundLines(rowsJson: string): Statement {
  return statement(INSERT_REFUND_LINES, rowsJson);
}

export function sealRefunds(idsJson: string): Statement {
  return statement(SEAL_REFUNDS, idsJson);
}

// The answers are kept as they were given; only the number, which the batch itself has just taken, is put in.
// By unique indexes sales.id and refunds.id.
const KEEP_ANSWERS = `
  INSERT INTO idempotency_keys (store_id, key, operation, fingerprint, resource_id, response, created_at)
  SELECT r.value ->> 'store_id', r.value ->> 'key', r.value ->> 'operation', r.value ->> 'fingerprint',
    r.value ->> 'resource_id',
    CASE WHEN s.id IS NOT NULL THEN json_set(r.value -> 'response', '$.invoice_no', s.invoice_no)
      WHEN f.id IS NOT NULL THEN json_set(r.value -> 'response', '$.refund_no', f.refund_no)
      ELSE r.value -> 'response' END,
    ?2
  FROM json_each(?1) r
  LEFT JOIN sales s ON s.id = r.value ->> 'resource_id' AND r.value ->> 'operation' LIKE 'sale.%'
  LEFT JOIN refunds f ON f.id = r.value ->> 'resource_id' AND r.value ->> 'operation' LIKE 'refund.%'
  WHERE true
  RETURNING key, resource_id, response`;

export function keepAnswers(rowsJson: string, createdAt: string): Statement {
  return statement(KEEP_ANSWERS, rowsJson, createdAt);
}

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
