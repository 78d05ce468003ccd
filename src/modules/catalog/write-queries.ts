import { barcodeKey } from "../../core/barcode.ts";
import { type Statement, statement } from "../../db/database.ts";
import { chunkBySize } from "./chunks.ts";
import type { Product, ProductChange } from "./product.ts";
import { searchWords } from "./words.ts";

/** What the catalogue writes of products: sets of rows, however many, each as one JSON parameter. */

// Reads only its parameter.
const INSERT_PRODUCTS = `
  INSERT INTO products (id, sku, name, description, unit, price_quantity, unit_price, cost_price, tax_rate_ppm,
    discount_ppm, category_id, brand_id, max_per_sale, track_stock, attributes, image_url, active, version, created_at,
    updated_at)
  SELECT c.value ->> 'id', c.value ->> 'sku', c.value ->> 'name', c.value ->> 'description', c.value ->> 'unit',
    c.value ->> 'price_quantity', c.value ->> 'unit_price', c.value ->> 'cost_price', c.value ->> 'tax_rate_ppm',
    c.value ->> 'discount_ppm', c.value ->> 'category_id', c.value ->> 'brand_id', c.value ->> 'max_per_sale',
    c.value ->> 'track_stock', c.value ->> 'attributes', c.value ->> 'image_url', c.value ->> 'active',
    c.value ->> 'version', c.value ->> 'created_at', c.value ->> 'updated_at'
  FROM json_each(?1) c`;

// By the UNIQUE of id. A row holds only what changes, so that a long description is not sent to say a price; the
// trigger products_version_advances refuses a version that is not the next one.
const UPDATE_PRODUCTS = `
  UPDATE products SET
    ${[
      "sku",
      "name",
      "description",
      "unit",
      "price_quantity",
      "unit_price",
      "tax_rate_ppm",
      "discount_ppm",
      "track_stock",
      "attributes",
      "active",
    ]
      .map((column) => `${column} = coalesce(c.value ->> '${column}', products.${column})`)
      .join(",\n    ")},
    ${["cost_price", "category_id", "brand_id", "max_per_sale", "image_url"]
      .map(
        (column) =>
          `${column} = CASE WHEN c.value -> '${column}' IS NULL THEN products.${column} ELSE c.value ->> '${column}' END`,
      )
      .join(",\n    ")},
    version = c.value ->> 'version',
    updated_at = c.value ->> 'updated_at'
  FROM json_each(?1) c
  WHERE products.id = c.value ->> 'id'`;

// By product_barcodes_by_product.
const DELETE_BARCODES = `DELETE FROM product_barcodes WHERE product_id IN (SELECT value FROM json_each(?1))`;

// Reads only its parameter.
const INSERT_BARCODES = `
  INSERT INTO product_barcodes (key, product_id, position, barcode)
  SELECT c.value ->> 'key', c.value ->> 'product_id', c.value ->> 'position', c.value ->> 'barcode'
  FROM json_each(?1) c`;

// By product_words_by_product.
const DELETE_WORDS = `DELETE FROM product_words WHERE product_id IN (SELECT value FROM json_each(?1))`;

// Reads only its parameter.
const INSERT_WORDS = `
  INSERT INTO product_words (word, product_id)
  SELECT w.value, c.value ->> 'product_id' FROM json_each(?1) c, json_each(c.value, '$.words') w`;

/** The statements that carry out the changes, with the barcodes and search words that follow from them. */
export function productChangeStatements(changes: readonly ProductChange[]): Statement[] {
  const created = changes.filter(({ before }) => before === null);
  const updated = changes.filter(({ before }) => before !== null);
  const recoded = changes.filter(({ changed }) => changed.includes("barcodes"));
  const renamed = changes.filter(({ changed }) => changed.includes("name") || changed.includes("sku"));
  // All old barcodes go before any new one comes: in one batch, a barcode can pass from one product to another.
  return [
    ...ofRows(
      INSERT_PRODUCTS,
      created.map(({ after }) => toColumns(after)),
    ),
    ...ofRows(UPDATE_PRODUCTS, updated.map(toUpdateRow)),
    ...ofRows(
      DELETE_BARCODES,
      recoded.filter(isOld).map(({ after }) => after.id),
    ),
    ...ofRows(
      INSERT_BARCODES,
      recoded.flatMap(({ after }) => barcodeRows(after)),
    ),
    ...ofRows(
      DELETE_WORDS,
      renamed.filter(isOld).map(({ after }) => after.id),
    ),
    ...ofRows(
      INSERT_WORDS,
      renamed.map(({ after }) => ({
        product_id: after.id,
        words: searchWords(`${after.name} ${after.sku}`),
      })),
    ),
  ];
}

// By the UNIQUE of id; a product that is deactivated already is left as it is.
const DEACTIVATE = `
  UPDATE products SET active = 0, version = version + 1, updated_at = ?2 WHERE id = ?1 AND active = 1`;

// The same for a caller who names the version: the trigger refuses another one.
const DEACTIVATE_VERSION = `
  UPDATE products SET active = 0, version = ?3 + 1, updated_at = ?2 WHERE id = ?1 AND active = 1`;

/** Deactivates a product, whichever version it has come to; with `version`, only that one. */
export function deactivateStatement(id: string, updatedAt: string, version: number | null): Statement {
  return version === null
    ? statement(DEACTIVATE, id, updatedAt)
    : statement(DEACTIVATE_VERSION, id, updatedAt, version);
}

function ofRows(sql: string, rows: readonly unknown[]): Statement[] {
  return chunkBySize(rows).map((chunk) => statement(sql, JSON.stringify(chunk)));
}

function isOld({ before }: ProductChange): boolean {
  return before !== null;
}

function toColumns(product: Product): Record<string, unknown> {
  const { barcodes: _barcodes, attributes, track_stock, active, ...columns } = product;
  return {
    ...columns,
    track_stock: track_stock ? 1 : 0,
    attributes: JSON.stringify(attributes),
    active: active ? 1 : 0,
  };
}

function toUpdateRow({ after, changed }: ProductChange): Record<string, unknown> {
  const columns = toColumns(after);
  const named = ["id", "version", "updated_at", ...changed.filter((field) => field !== "barcodes")];
  return Object.fromEntries(named.map((column) => [column, columns[column]]));
}

function barcodeRows({ id, barcodes }: Product): Record<string, string | number>[] {
  return barcodes.map((barcode, position) => ({
    key: barcodeKey(barcode),
    product_id: id,
    position,
    barcode,
  }));
}
