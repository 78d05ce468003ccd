import { type SqlValue, type Statement, statement } from "../../db/database.ts";
import type { StockMovement } from "./movement-queries.ts";

/** What is read of stock. */

export interface LevelRow {
  /** Of the product, or of the store where one product's levels are listed. */
  arrival: number;
  store_id: string;
  product_id: string;
  sku: string;
  name: string;
  on_hand: number;
  reorder_point: number;
  average_cost: number | null;
  updated_at: string | null;
}

const LEVEL = `p.id AS product_id, p.sku, p.name, coalesce(l.on_hand, 0) AS on_hand,
  coalesce(l.reorder_point, 0) AS reorder_point, l.average_cost, l.updated_at`;

// The products by their row number, each level by primary key. What is not tracked and never moved has no stock.
const SELECT_LEVELS_OF_STORE = `
  SELECT p.arrival, ?1 AS store_id, ${LEVEL}
  FROM products p LEFT JOIN stock_levels l ON l.store_id = ?1 AND l.product_id = p.id
  WHERE p.arrival > ?2 AND (p.track_stock = 1 OR l.on_hand IS NOT NULL)
  ORDER BY p.arrival LIMIT ?3`;

export function storeLevelsStatement(storeId: string, after: number, limit: number): Statement {
  return statement(SELECT_LEVELS_OF_STORE, storeId, after, limit);
}

// The product by its UNIQUE id, the stores by their row number, each level by primary key.
const SELECT_LEVELS_OF_PRODUCT = `
  SELECT s.arrival, s.id AS store_id, ${LEVEL}
  FROM products p CROSS JOIN stores s LEFT JOIN stock_levels l ON l.store_id = s.id AND l.product_id = p.id
  WHERE p.id = ?1 AND s.arrival > ?2 AND (?3 IS NULL OR s.id IN (SELECT value FROM json_each(?3)))
    AND (p.track_stock = 1 OR l.on_hand IS NOT NULL)
  ORDER BY s.arrival LIMIT ?4`;

/** One product's level in each of these stores (JSON array; null for all). */
export function productLevelsStatement(
  productId: string,
  storesJson: string | null,
  after: number,
  limit: number,
): Statement {
  return statement(SELECT_LEVELS_OF_PRODUCT, productId, after, storesJson, limit);
}

export interface MovementRow extends Omit<StockMovement, "oversell"> {
  arrival: number;
  on_hand_after: number;
  created_at: string;
}

const MOVEMENT = `m.arrival, m.store_id, m.product_id, m.reason, m.quantity, m.on_hand_after, m.unit_cost, m.batch,
  m.expires_on, m.note, m.source_id, m.line_no, m.occurred_at, m.created_at`;

export interface MovementFilters {
  store_id?: string | undefined;
  /** The stores to keep to where none is named, as a JSON array; null for all. */
  storesJson: string | null;
  product_id?: string | undefined;
}

/**
 * A page of movements in the order of their arrival. Of a product by stock_movements_by_product (in which the page of
 * one store stands in order); else by the row number.
 */
export function movementPageStatement(filters: MovementFilters, after: number, limit: number): Statement {
  const params: SqlValue[] = [];
  const bind = (value: SqlValue): string => `?${String(params.push(value))}`;
  const { store_id, storesJson, product_id } = filters;
  const where = [`m.arrival > ${bind(after)}`];
  if (product_id !== undefined) where.push(`m.product_id = ${bind(product_id)}`);
  if (store_id !== undefined) where.push(`m.store_id = ${bind(store_id)}`);
  else if (storesJson !== null) where.push(`m.store_id IN (SELECT value FROM json_each(${bind(storesJson)}))`);
  else if (product_id !== undefined) where.push("m.store_id IN (SELECT id FROM stores)");
  const source = product_id === undefined ? "NOT INDEXED" : "INDEXED BY stock_movements_by_product";
  const sql = `SELECT ${MOVEMENT} FROM stock_movements m ${source}
    WHERE ${where.join(" AND ")} ORDER BY m.arrival LIMIT ${bind(limit)}`;
  return statement(sql, ...params);
}

// By the UNIQUE of id.
const SELECT_STORE = `SELECT allow_oversell FROM stores WHERE id = ?1`;

export function storeStatement(storeId: string): Statement {
  return statement(SELECT_STORE, storeId);
}

export interface ShelfRow {
  id: string;
  track_stock: number;
  on_hand: number;
}

// The products by the UNIQUE of id, each level by primary key.
const SELECT_SHELF = `
  SELECT p.id, p.track_stock, coalesce(l.on_hand, 0) AS on_hand
  FROM json_each(?2) w CROSS JOIN products p ON p.id = w.value
    LEFT JOIN stock_levels l ON l.store_id = ?1 AND l.product_id = p.id`;

/** These products with what a store has of each. */
export function shelfStatement(storeId: string, productIds: readonly string[]): Statement {
  return statement(SELECT_SHELF, storeId, JSON.stringify(productIds));
}

// By the UNIQUE of (source_id, line_no, reason).
const SELECT_DOCUMENT = `SELECT 1 FROM stock_movements WHERE source_id = ?1 LIMIT 1`;

/** A row when something has this id already as its source. */
export function documentStatement(id: string): Statement {
  return statement(SELECT_DOCUMENT, id);
}
