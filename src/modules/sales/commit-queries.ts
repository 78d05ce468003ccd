import { type Statement, statement } from "../../db/database.ts";

/** What a sale or refund writes. Each statement takes its rows as one JSON parameter: one sale and fifty cost one trip. */

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
  "shift_id",
  "happened",
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
  INSERT INTO sale_payments (sale_id, deposit_id, ${PAYMENT_COLUMNS.join(", ")})
  SELECT r.value ->> 'owner_id', r.value ->> 'deposit_id', ${fromJson(PAYMENT_COLUMNS)} FROM json_each(?1) r`;

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
  "shift_id",
  "happened",
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
  INSERT INTO idempotency_keys (store_id, key, operation, fingerprint, named_time, resource_id, response, created_at)
  SELECT r.value ->> 'store_id', r.value ->> 'key', r.value ->> 'operation', r.value ->> 'fingerprint',
    r.value ->> 'named_time', r.value ->> 'resource_id',
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
