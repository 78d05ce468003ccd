import { type Statement, statement } from "../../db/database.ts";

/** A row of the stock ledger before it is written. Quantities are signed and in the product's base unit. */
export interface StockMovement {
  store_id: string;
  product_id: string;
  reason: "sale" | "refund" | "void" | "received" | "adjusted" | "damaged";
  quantity: number;
  /** 1 where the level may go below zero: the store allows it, or it has happened already. */
  oversell: 0 | 1;
  /** Minor units for one base unit. */
  unit_cost: number | null;
  batch: string | null;
  expires_on: string | null;
  note: string | null;
  /** The sale, refund or stock document the row belongs to. */
  source_id: string;
  line_no: number;
  occurred_at: string;
}

// The level by primary key, once a row. `running` is what the list itself has moved of the product so far: a window
// function says the same for five more rows read a line. Nothing rests on trust in it, nor on the order in which
// json_each reads: the schema refuses a row whose on_hand_after is not the level it leaves (`stock_balance`).
export const INSERT_MOVEMENTS = `
  INSERT INTO stock_movements (store_id, product_id, reason, quantity, on_hand_after, oversell, unit_cost, batch,
    expires_on, note, source_id, line_no, occurred_at, created_at)
  SELECT m.value ->> 'store_id', m.value ->> 'product_id', m.value ->> 'reason', m.value ->> 'quantity',
    m.value ->> 'running' + coalesce((
      SELECT l.on_hand FROM stock_levels l
      WHERE l.store_id = m.value ->> 'store_id' AND l.product_id = m.value ->> 'product_id'), 0),
    m.value ->> 'oversell', m.value ->> 'unit_cost', m.value ->> 'batch', m.value ->> 'expires_on', m.value ->> 'note',
    m.value ->> 'source_id', m.value ->> 'line_no', m.value ->> 'occurred_at', ?2
  FROM json_each(?1) m`;

/**
 * The one statement that moves stock, for any number of rows of any number of documents, in the order in which they
 * happen. It aborts the batch with `insufficient_stock` when a row takes a level below zero that may not go there,
 * with `FOREIGN KEY` for a store or product that is not there, with `stock_movements.source_id` for a repeat.
 */
export function stockMovementsStatement(movements: readonly StockMovement[], createdAt: string): Statement {
  const moved = new Map<string, number>();
  const rows = movements.map((movement) => {
    const key = `${movement.store_id} ${movement.product_id}`;
    const running = (moved.get(key) ?? 0) + movement.quantity;
    moved.set(key, running);
    return { ...movement, running };
  });
  return statement(INSERT_MOVEMENTS, JSON.stringify(rows), createdAt);
}

export interface StockDocument {
  id: string;
  store_id: string;
  key: string;
  operation: string;
  fingerprint: string;
  reason: StockMovement["reason"];
  note: string | null;
  created_at: string;
}

// By the UNIQUE of (source_id, line_no, reason). The level after each line is known to the rows just written alone,
// so the answer that is kept for a repeat is made of them.
const KEEP_ANSWER = `
  INSERT INTO idempotency_keys (store_id, key, operation, fingerprint, resource_id, response, created_at)
  SELECT ?1, ?2, ?3, ?4, ?5, json_object('id', ?5, 'store_id', ?1, 'reason', ?6, 'note', ?7, 'lines', (
    SELECT json_group_array(json_object(
      'line_no', m.line_no, 'product_id', m.product_id, 'quantity', m.quantity, 'on_hand', m.on_hand_after,
      'unit_cost', m.unit_cost, 'batch', m.batch, 'expires_on', m.expires_on))
    FROM (SELECT * FROM stock_movements WHERE source_id = ?5 AND reason = ?6 ORDER BY line_no) m),
    'created_at', ?8), ?8
  RETURNING response`;

/** Keeps a stock document's answer under its Idempotency-Key, and returns it as `response`, JSON text. */
export function keepDocumentStatement(document: StockDocument): Statement {
  const { store_id, key, operation, fingerprint, id, reason, note, created_at } = document;
  return statement(KEEP_ANSWER, store_id, key, operation, fingerprint, id, reason, note, created_at);
}
