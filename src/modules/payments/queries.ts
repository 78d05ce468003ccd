import { type Statement, statement } from "../../db/database.ts";

/** Money received that is no sale's at that moment. */

/** A row of received_payments: one tender. */
export interface ReceivedPayment {
  id: string;
  /** The request that brought it; the tenders of one request share it. */
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
