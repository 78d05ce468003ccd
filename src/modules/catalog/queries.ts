import { type SqlValue, type Statement, statement } from "../../db/database.ts";
import type { Product } from "./product.ts";

/** What the catalogue reads of products. */

type Flag = "track_stock" | "active";
export type ProductRow = Omit<Product, Flag | "barcodes" | "attributes"> & {
  arrival: number;
  /** JSON text. */
  barcodes: string;
  attributes: string;
  track_stock: number;
  active: number;
};

// The barcodes by product_barcodes_by_product, in whose order they come.
const COLUMNS = `p.arrival, p.id, p.sku, p.name, p.description,
  (SELECT json_group_array(b.barcode) FROM (
    SELECT barcode FROM product_barcodes WHERE product_id = p.id ORDER BY position) b) AS barcodes,
  p.unit, p.price_quantity, p.unit_price, p.cost_price, p.tax_rate_ppm, p.discount_ppm, p.category_id, p.brand_id,
  p.max_per_sale, p.track_stock, p.attributes, p.image_url, p.active, p.version, p.created_at, p.updated_at`;

export function toProduct(row: ProductRow): Product {
  const { arrival: _arrival, barcodes, attributes, track_stock, active, ...fields } = row;
  return {
    ...fields,
    barcodes: JSON.parse(barcodes) as string[],
    track_stock: track_stock === 1,
    attributes: JSON.parse(attributes) as Product["attributes"],
    active: active === 1,
  };
}

// By the UNIQUE of id.
const SELECT_BY_ID = `SELECT ${COLUMNS} FROM products p WHERE p.id = ?1`;

export function productByIdStatement(id: string): Statement {
  return statement(SELECT_BY_ID, id);
}

// By the UNIQUE of sku, which compares as the column does: a-z and A-Z are the same.
const SELECT_BY_SKUS = `SELECT ${COLUMNS} FROM json_each(?1) w CROSS JOIN products p ON p.sku = w.value`;

export function productsBySkuStatement(skus: readonly string[]): Statement {
  return statement(SELECT_BY_SKUS, JSON.stringify(skus));
}

// By the UNIQUE of id.
const SELECT_TAKEN_IDS = `SELECT p.id FROM json_each(?1) w CROSS JOIN products p ON p.id = w.value`;

export function takenIdsStatement(ids: readonly string[]): Statement {
  return statement(SELECT_TAKEN_IDS, JSON.stringify(ids));
}

// By the primary key of product_barcodes.
const SELECT_OWNERS = `
  SELECT b.key, b.product_id FROM json_each(?1) w CROSS JOIN product_barcodes b ON b.key = w.value`;

export function barcodeOwnersStatement(keys: readonly string[]): Statement {
  return statement(SELECT_OWNERS, JSON.stringify(keys));
}

// By product_barcodes' primary key, then the UNIQUE of id; the first of the keys that is there wins.
const SELECT_BY_BARCODE = `
  SELECT ${COLUMNS}, w.key AS choice
  FROM json_each(?1) w CROSS JOIN product_barcodes s ON s.key = w.value CROSS JOIN products p ON p.id = s.product_id
  ORDER BY w.key LIMIT 1`;

/** The product of the first of these barcode keys that one has; `choice` is the key's place in the list. */
export function productByBarcodeStatement(keys: readonly string[]): Statement {
  return statement(SELECT_BY_BARCODE, JSON.stringify(keys));
}

export interface ProductFilters {
  /** Each a prefix of some word of the product; an empty list finds nothing. */
  words?: readonly string[] | undefined;
  barcode_key?: string | undefined;
  sku?: string | undefined;
  category_id?: string | undefined;
  brand_id?: string | undefined;
  active?: boolean | undefined;
  updated_since?: string | undefined;
}

/**
 * A page of products in the order of their arrival. What narrows most leads: the words of a search by the primary
 * key of product_words, a barcode by its primary key, a SKU by its UNIQUE, a category or brand by its index, what
 * has changed by products_by_update (and then sorted), and without any of them the row number.
 */
export function productPageStatement(filters: ProductFilters, after: number, limit: number): Statement {
  const params: SqlValue[] = [];
  const bind = (value: SqlValue): string => `?${String(params.push(value))}`;
  const from = sourceOf(filters, bind);
  const where = [`p.arrival > ${bind(after)}`];
  if (filters.barcode_key !== undefined) {
    where.push(`p.id = (SELECT product_id FROM product_barcodes WHERE key = ${bind(filters.barcode_key)})`);
  }
  if (filters.sku !== undefined) where.push(`p.sku = ${bind(filters.sku)}`);
  if (filters.category_id !== undefined) where.push(`p.category_id = ${bind(filters.category_id)}`);
  if (filters.brand_id !== undefined) where.push(`p.brand_id = ${bind(filters.brand_id)}`);
  if (filters.active !== undefined) where.push(`p.active = ${bind(filters.active ? 1 : 0)}`);
  if (filters.updated_since !== undefined) where.push(`p.updated_at >= ${bind(filters.updated_since)}`);
  const order = `ORDER BY p.arrival LIMIT ${bind(limit)}`;
  return statement(`SELECT ${COLUMNS} FROM ${from} WHERE ${where.join(" AND ")} ${order}`, ...params);
}

function sourceOf(filters: ProductFilters, bind: (value: SqlValue) => string): string {
  const { words, updated_since } = filters;
  if (words !== undefined) return `(${matchesOf(words, bind)}) w CROSS JOIN products p ON p.id = w.product_id`;
  const narrower = [filters.barcode_key, filters.sku, filters.category_id, filters.brand_id];
  const byUpdate = updated_since !== undefined && narrower.every((filter) => filter === undefined);
  return byUpdate ? "products p INDEXED BY products_by_update" : "products p";
}

/** The longest word leads by the primary key, as the one that fits fewest; the others by product_words_by_product. */
function matchesOf(words: readonly string[], bind: (value: SqlValue) => string): string {
  const [leader = "", ...others] = words.toSorted((a, b) => b.length - a.length);
  const prefix = (column: string, word: string): string =>
    `${column} >= ${bind(word)} AND ${column} < ${bind(`${word}\u{10FFFF}`)}`;
  const alsoHas = others.map(
    (word, i) => `AND EXISTS (
      SELECT 1 FROM product_words o${String(i)} INDEXED BY product_words_by_product
      WHERE o${String(i)}.product_id = l.product_id AND ${prefix(`o${String(i)}.word`, word)})`,
  );
  const none = words.length === 0 ? "AND 0" : "";
  return `SELECT DISTINCT l.product_id FROM product_words l WHERE ${prefix("l.word", leader)} ${alsoHas.join(" ")} ${none}`;
}
