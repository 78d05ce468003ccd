import { and, asc, eq, getTableColumns, gt, sql } from "drizzle-orm";
import { type Statement, statement } from "../../db/database.ts";
import { given, ofStores, queryBuilder, type StoreConditions, toStatement } from "../../db/query-builder.ts";
import { orders } from "../../db/schema/orders.ts";
import type { OrderSummary } from "./schemas.ts";

interface OrderConditions extends StoreConditions {
  status?: string | undefined;
  customer_id?: string | undefined;
}

// What it holds, by received_payments_by_order.
const HELD = sql<number>`(SELECT coalesce(sum(r.amount), 0) FROM received_payments r WHERE r.order_id = orders.id)`;

// By orders_by_customer or orders_by_store, or by row number for one who sees all stores.
export function selectOrders(wanted: OrderConditions, afterArrival: number, limit: number): Statement {
  const { status, customer_id } = wanted;
  const conditions = given(
    gt(orders.arrival, afterArrival),
    ofStores(orders.store_id, wanted),
    customer_id !== undefined && eq(orders.customer_id, customer_id),
    status !== undefined && eq(orders.status, status),
  );
  return toStatement(
    queryBuilder
      .select({ ...getTableColumns(orders), deposit_total: HELD.as("deposit_total") })
      .from(orders)
      .where(and(...conditions))
      .orderBy(asc(orders.arrival))
      .limit(limit),
  );
}

// By the UNIQUE of id.
const SELECT_ORDER = `
  SELECT *, (SELECT coalesce(sum(amount), 0) FROM received_payments WHERE order_id = ?1) AS deposit_total
  FROM orders WHERE id = ?1`;
// By received_payments_by_order.
const SELECT_DEPOSITS = `
  SELECT id, document_id, method, amount, reference, card_last4, terminal_id, shift_id, business_date, user_id, note,
    received_at
  FROM received_payments WHERE order_id = ?1 ORDER BY arrival`;

/** The order, and what was received for it or given back. */
export function selectOrder(orderId: string): [Statement, Statement] {
  return [statement(SELECT_ORDER, orderId), statement(SELECT_DEPOSITS, orderId)];
}

const INSERT_ORDER = `
  INSERT INTO orders (id, store_id, customer_id, currency, items, fields, due_date, note, user_id, created_at, updated_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)`;

/** Aborts the batch with `orders.id`, `store_inactive`, or `FOREIGN KEY` for a customer who is not there. */
export function insertOrder(order: OrderSummary): Statement {
  const { id, store_id, customer_id, currency, items, fields, due_date, note, user_id, created_at } = order;
  const texts = [JSON.stringify(items), JSON.stringify(fields)] as const;
  return statement(INSERT_ORDER, id, store_id, customer_id, currency, ...texts, due_date, note, user_id, created_at);
}

// By the UNIQUE of id.
const UPDATE_ORDER = `
  UPDATE orders SET status = ?2, items = ?3, fields = ?4, due_date = ?5, note = ?6, sale_id = ?7, version = ?8,
    updated_at = ?9
  WHERE id = ?1`;

/**
 * Aborts the batch with `stale_version` unless `version` is the next one, `order_status_path`, `order_holds_deposit`, or
 * `stale_deposits` where the sale it becomes has not all that it holds.
 */
export function updateOrder(order: OrderSummary): Statement {
  const { id, status, items, fields, due_date, note, sale_id, version, updated_at } = order;
  const texts = [JSON.stringify(items), JSON.stringify(fields)] as const;
  return statement(UPDATE_ORDER, id, status, ...texts, due_date, note, sale_id, version, updated_at);
}

// By the UNIQUE of id.
const TOUCH_ORDER = "UPDATE orders SET version = ?2, updated_at = ?3 WHERE id = ?1";

/** Moves the version on with what the order holds: `stale_version` where something else came first. */
export function touchOrder({ id, version, updated_at }: OrderSummary): Statement {
  return statement(TOUCH_ORDER, id, version, updated_at);
}
