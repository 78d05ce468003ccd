import type { ProductRef } from "../../db/catalog-cache.ts";
import { type Statement, statement } from "../../db/database.ts";

/** What a sale reads of the catalogue before it is priced. */

const SHELF_COLUMNS = `p.id, p.sku, p.name, p.unit, p.price_quantity, p.unit_price, p.cost_price, p.tax_rate_ppm,
  p.discount_ppm, p.category_id, p.max_per_sale, p.track_stock, p.active, p.version, p.updated_at`;

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
