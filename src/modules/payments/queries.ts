import { type Statement, statement } from "../../db/database.ts";

/** Money received that is no sale's at that moment. */

/** A row of received_payments: one tender. */
export interface ReceivedPayment {
  id: string;
  /** The request that brought it; the tenders of one request share it. Of a deposit that is given back, the deposit. */
  document_id: string;
  kind: "deposit" | "gift_card" | "account";
  order_id: string | null;
  gift_card_id: string | null;
  customer_id: string | null;
  sale_id: string | null;
  store_id: string;
  terminal_id: string | null;
  shift_id: string | null;
  happened: 0 | 1;
  user_id: string;
  business_date: string;
  currency: string;
  method: string;
  /** Minor units, without what was given back as change; negative for a deposit that is given back. */
  amount: number;
  /** What went back of it; of cash alone. */
  change_given: number;
  reference: string | null;
  card_last4: string | null;
  note: string | null;
  received_at: string;
}

const COLUMNS = [
  "id",
  "document_id",
  "kind",
  "order_id",
  "gift_card_id",
  "customer_id",
  "sale_id",
  "store_id",
  "terminal_id",
  "shift_id",
  "happened",
  "user_id",
  "business_date",
  "currency",
  "method",
  "amount",
  "change_given",
  "reference",
  "card_last4",
  "note",
  "received_at",
] as const;

const INSERT_RECEIVED = `
  INSERT INTO received_payments (${COLUMNS.join(", ")}, created_at)
  SELECT ${COLUMNS.map((column) => `r.value ->> '${column}'`).join(", ")}, ?2 FROM json_each(?1) r`;

/**
 * Aborts the batch with `shift_closed`, `store_inactive`, `order_finished`, `deposit_not_held`, `nothing_due`, or
 * `FOREIGN KEY` for whom or what is not there.
 */
export function receivedPaymentsStatement(rows: readonly ReceivedPayment[], createdAt: string): Statement {
  return statement(INSERT_RECEIVED, JSON.stringify(rows), createdAt);
}

/**
 * What is still owed of a sale, as SQL over its row: of a voided one nothing, and what came back on account is not owed any
 * more. Refunds are looked at, by refunds_by_sale and the primary key of refund_payments, only where there is a balance.
 */
export function dueOf(sale: string): string {
  return `CASE WHEN ${sale}.balance_due = 0 OR ${sale}.status = 'voided' THEN 0 ELSE max(0, ${sale}.balance_due - (
    SELECT coalesce(sum(p.amount), 0) FROM refunds r JOIN refund_payments p ON p.refund_id = r.id
    WHERE r.sale_id = ${sale}.id AND p.method = 'on_account')) END`;
}

// By sales_owed, then refunds_by_sale and the primary key of refund_payments.
const SELECT_OWED = `
  SELECT sale_id, due FROM (
    SELECT s.id AS sale_id, s.arrival, ${dueOf("s")} AS due FROM sales s
    WHERE s.customer_id = ?1 AND s.balance_due > 0 AND s.store_id = ?2 AND s.status <> 'voided')
  WHERE due > 0 ORDER BY arrival LIMIT ?3`;

/** The sales of a store of which a customer owes something, oldest first: `{sale_id, due}`. */
export function owedSalesStatement(customerId: string, storeId: string, limit: number): Statement {
  return statement(SELECT_OWED, customerId, storeId, limit);
}

// By the UNIQUE of sales.id, refunds_by_sale, and the primary keys of refund_payments and balances.
const SELECT_DUE = `
  SELECT s.store_id, s.customer_id, ${dueOf("s")} AS due, coalesce(b.balance, 0) AS account_balance
  FROM sales s LEFT JOIN balances b ON b.ledger = 'account' AND b.holder_id = s.customer_id
  WHERE s.id = ?1`;

/** What is due of a sale, with what its customer owes in all: `{store_id, customer_id, due, account_balance}`. */
export function saleDueStatement(saleId: string): Statement {
  return statement(SELECT_DUE, saleId);
}
