import { LONG_NAME, NOT_RFC, NOT_V7, TOO_MUCH, byId, erase, insert, twice, update } from "./attack.ts";
import type { Attacks } from "./attack.ts";
import { DAIRY, MILK, NOWHERE, OWN_BRAND, UNSOLD } from "./ids.ts";

/** Attacks on each guard of 0002_catalog.sql. */
export const catalogAttacks: Attacks = {
  "categories (id) UNIQUE": insert("categories", { id: DAIRY }),
  "categories (parent_id) REFERENCES categories": insert("categories", { parent_id: NOWHERE }),
  categories_id_is_uuid7: insert("categories", { id: "bread" }, { id: NOT_V7 }, { id: NOT_RFC }),
  categories_name_length: insert("categories", { name: "" }, { name: LONG_NAME }),
  categories_name_unique: insert("categories", { name: "DAIRY" }),

  "brands (id) UNIQUE": insert("brands", { id: OWN_BRAND }),
  "brands (name) UNIQUE": insert("brands", { name: "OWN" }),
  brands_id_is_uuid7: insert("brands", { id: "acme" }, { id: NOT_V7 }, { id: NOT_RFC }),
  brands_name_length: insert("brands", { name: "" }, { name: LONG_NAME }),

  "products (id) UNIQUE": insert("products", { id: MILK }),
  "products (sku) UNIQUE": insert("products", { sku: "milk-1" }),
  "products (category_id) REFERENCES categories": insert("products", { category_id: NOWHERE }),
  "products (brand_id) REFERENCES brands": insert("products", { brand_id: NOWHERE }),
  products_id_is_uuid7: insert("products", { id: "jam" }, { id: NOT_V7 }, { id: NOT_RFC }),
  products_sku_length: insert("products", { sku: "" }, { sku: "J".repeat(65) }),
  products_name_length: insert("products", { name: "" }, { name: LONG_NAME }),
  products_description_length: insert("products", { description: "x".repeat(4001) }),
  products_unit_known: insert("products", { unit: "kg" }),
  products_price_quantity_bounds: insert("products", { price_quantity: 0 }, { price_quantity: 1000001 }),
  products_unit_price_bounds: insert("products", { unit_price: -1 }, { unit_price: TOO_MUCH }),
  products_cost_price_bounds: insert("products", { cost_price: -1 }, { cost_price: TOO_MUCH }),
  products_tax_rate_bounds: insert("products", { tax_rate_ppm: -1 }, { tax_rate_ppm: 1000001 }),
  products_discount_bounds: insert("products", { discount_ppm: -1 }, { discount_ppm: 1000001 }),
  products_max_per_sale_bounds: insert("products", { max_per_sale: 0 }, { max_per_sale: 1000000001 }),
  products_track_stock_boolean: insert("products", { track_stock: 2 }),
  products_attributes_object: insert("products", { attributes: "{" }, { attributes: "[]" }),
  products_active_boolean: insert("products", { active: 2 }),
  products_version_advances: update("products", byId(MILK), { unit_price: 1 }, { version: 3 }),
  products_never_erased: erase("products", byId(UNSOLD)),

  "product_barcodes (key) PRIMARY KEY": insert("product_barcodes", { key: "05012345678901", position: 2 }),
  "product_barcodes (product_id) REFERENCES products": insert("product_barcodes", { product_id: NOWHERE }),
  product_barcodes_length: insert("product_barcodes", { barcode: "" }, { barcode: "5".repeat(65) }),

  "product_words (product_id) REFERENCES products": insert("product_words", { product_id: NOWHERE }),
  "product_words (word, product_id) PRIMARY KEY": twice("product_words", ["word", "product_id"]),
};
