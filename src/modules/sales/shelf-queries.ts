import type { ProductRef } from "../../db/catalog-cache.ts";
import { type Statement, statement } from "../../db/database.ts";

/** What a sale reads of the catalogue before it is priced. */

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
