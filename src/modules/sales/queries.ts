import { type Statement, statement } from "../../db/database.ts";
import type { LedgerEntry } from "../ledgers/index.ts";
import { dueOf } from "../payments/index.ts";

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
// With what is owed of it, and what its customer owes in all, by the primary key of balances.
const SELECT_SALE = `
  SELECT *, ${dueOf("sales")} AS due,
    (SELECT balance FROM balances WHERE ledger = 'account' AND holder_id = sales.customer_id) AS account_balance
  FROM sales WHERE id = ?1`;
const SELECT_SALE_LINES = `SELECT * FROM sale_lines WHERE sale_id = ?1 ORDER BY line_no`;
const SELECT_SALE_PAYMENTS = `SELECT * FROM sale_payments WHERE sale_id = ?1 ORDER BY payment_no`;
// By received_payments_by_sale: what was paid later.
const SELECT_SALE_RECEIVED = `
  SELECT method, amount + change_given AS amount, reference, card_last4
  FROM received_payments WHERE sale_id = ?1 ORDER BY arrival`;
// By the UNIQUE of id.
const SELECT_PARKED = `SELECT * FROM parked_sales WHERE id = ?1`;

/** Header, lines, payments, what was received later, and the parked sale of this id. */
export function selectSale(saleId: string): Statement[] {
  return [SELECT_SALE, SELECT_SALE_LINES, SELECT_SALE_PAYMENTS, SELECT_SALE_RECEIVED, SELECT_PARKED].map((sql) =>
    statement(sql, saleId),
  );
}

// By the UNIQUEs of sales.id and shifts.id.
const SELECT_SHIFT_OF_SALE = `SELECT h.status FROM sales s JOIN shifts h ON h.id = s.shift_id WHERE s.id = ?1`;

/** How far the shift of a sale is, `{status}`; no row for a sale in none. */
export function selectShiftOfSale(saleId: string): Statement {
  return statement(SELECT_SHIFT_OF_SALE, saleId);
}

// The balance by primary key, the card by the UNIQUE of code, the customer by that of id; a row for each entry, in order.
const SELECT_BALANCES = `
  SELECT e.currency, e.credit_limit, b.balance, b.currency AS kept_in
  FROM (
    SELECT w.key AS place, w.value ->> 'ledger' AS ledger, coalesce(w.value ->> 'holder_id', g.id) AS holder_id,
      g.currency, c.credit_limit
    FROM json_each(?1) w LEFT JOIN gift_cards g ON g.code = w.value ->> 'gift_card_code'
    LEFT JOIN customers c ON c.id = w.value ->> 'holder_id') e
  LEFT JOIN balances b ON b.ledger = e.ledger AND b.holder_id = e.holder_id
  ORDER BY e.place`;

export function selectBalances(entries: readonly LedgerEntry[]): Statement {
  return statement(SELECT_BALANCES, JSON.stringify(entries));
}

/** A row of parked_sales. */
export interface ParkedSale {
  id: string;
  store_id: string;
  business_date: string;
  customer_id: string | null;
  salesperson_id: string | null;
  user_id: string;
  /** The request, to be priced again when it is finished. */
  basket: object;
  /** What it came to when it was parked. */
  shown: object;
  created_at: string;
}

const INSERT_PARKED = `
  INSERT INTO parked_sales (id, store_id, business_date, customer_id, salesperson_id, user_id, basket, shown, created_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`;

export function insertParkedSale(parked: ParkedSale): Statement {
  const { id, store_id, business_date, customer_id, salesperson_id, user_id, basket, shown, created_at } = parked;
  const texts = [JSON.stringify(basket), JSON.stringify(shown)] as const;
  return statement(
    INSERT_PARKED,
    id,
    store_id,
    business_date,
    customer_id,
    salesperson_id,
    user_id,
    ...texts,
    created_at,
  );
}

// By the UNIQUE of id; `already_resumed` for one that has ended.
const END_PARKED = "UPDATE parked_sales SET state = ?2 WHERE id = ?1";

export function endParkedSale(saleId: string, state: "completed" | "voided"): Statement {
  return statement(END_PARKED, saleId, state);
}

const INSERT_VOID = `
  INSERT INTO sale_voids (sale_id, store_id, shift_id, business_date, total, user_id, reason, voided_at, created_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`;

/** Marks the sale by a trigger. `void_refused` unless it is this day's, its shift is open and nothing has come of it. */
export function insertVoid(row: {
  sale_id: string;
  store_id: string;
  shift_id: string | null;
  business_date: string;
  total: number;
  user_id: string;
  reason: string | null;
  voided_at: string;
  created_at: string;
}): Statement {
  const { sale_id, store_id, shift_id, business_date, total, user_id, reason, voided_at, created_at } = row;
  return statement(
    INSERT_VOID,
    sale_id,
    store_id,
    shift_id,
    business_date,
    total,
    user_id,
    reason,
    voided_at,
    created_at,
  );
}

// By unique index refunds.id, and primary keys of what belongs to the refund.
const SELECT_REFUND = `SELECT * FROM refunds WHERE id = ?1`;
const SELECT_REFUND_LINES = `SELECT * FROM refund_lines WHERE refund_id = ?1 ORDER BY line_no`;
const SELECT_REFUND_PAYMENTS = `SELECT * FROM refund_payments WHERE refund_id = ?1 ORDER BY payment_no`;

export function selectRefund(refundId: string): Statement[] {
  return [SELECT_REFUND, SELECT_REFUND_LINES, SELECT_REFUND_PAYMENTS].map((sql) => statement(sql, refundId));
}

// By unique indexes stores.id, terminals.id, users.id and shifts.id, and the primary key of sale_payments.
const SELECT_RECEIPT_FACTS = `
  SELECT s.name AS store_name, s.code AS store_code, s.timezone, s.receipt_header, s.receipt_footer, s.receipt_width,
    s.day_cutoff, s.cash_rounding, t.code AS terminal_code, u.full_name AS cashier, sh.status = 'open' AS shift_open,
    (SELECT count(*) FROM sale_payments WHERE sale_id = sa.id) AS tendered,
    (SELECT count(*) FROM sale_payments WHERE sale_id = sa.id AND method = 'cash' AND deposit_id IS NULL)
      AS tendered_in_cash
  FROM sales sa JOIN stores s ON s.id = sa.store_id JOIN users u ON u.id = sa.user_id
  LEFT JOIN terminals t ON t.id = sa.terminal_id LEFT JOIN shifts sh ON sh.id = sa.shift_id
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
