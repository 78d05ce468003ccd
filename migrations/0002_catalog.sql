-- What is sold. Amounts are integers in minor units, rates in parts per million, quantities in the base unit.

CREATE TABLE categories (
  arrival INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL COLLATE NOCASE,
  parent_id TEXT REFERENCES categories (id),
  created_at TEXT NOT NULL,
  CONSTRAINT categories_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  CONSTRAINT categories_name_length CHECK (length(name) BETWEEN 1 AND 200)
) STRICT;

CREATE UNIQUE INDEX categories_name_unique ON categories (coalesce(parent_id, ''), name);

CREATE TABLE brands (
  arrival INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL COLLATE NOCASE UNIQUE,
  created_at TEXT NOT NULL,
  CONSTRAINT brands_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  CONSTRAINT brands_name_length CHECK (length(name) BETWEEN 1 AND 200)
) STRICT;

CREATE TABLE products (
  arrival INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  sku TEXT NOT NULL COLLATE NOCASE UNIQUE,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  unit TEXT NOT NULL DEFAULT 'each',
  price_quantity INTEGER NOT NULL DEFAULT 1,
  unit_price INTEGER NOT NULL,
  cost_price INTEGER,
  tax_rate_ppm INTEGER NOT NULL DEFAULT 0,
  discount_ppm INTEGER NOT NULL DEFAULT 0,
  category_id TEXT REFERENCES categories (id),
  brand_id TEXT REFERENCES brands (id),
  max_per_sale INTEGER,
  track_stock INTEGER NOT NULL DEFAULT 1,
  attributes TEXT NOT NULL DEFAULT '{}',
  image_url TEXT,
  active INTEGER NOT NULL DEFAULT 1,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT products_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  CONSTRAINT products_sku_length CHECK (length(sku) BETWEEN 1 AND 64),
  CONSTRAINT products_name_length CHECK (length(name) BETWEEN 1 AND 200),
  CONSTRAINT products_description_length CHECK (length(description) <= 4000),
  CONSTRAINT products_unit_known CHECK (unit IN ('each', 'g', 'ml')),
  CONSTRAINT products_price_quantity_bounds CHECK (price_quantity BETWEEN 1 AND 1000000),
  CONSTRAINT products_unit_price_bounds CHECK (unit_price BETWEEN 0 AND 999999999999),
  CONSTRAINT products_cost_price_bounds CHECK (cost_price BETWEEN 0 AND 999999999999),
  CONSTRAINT products_tax_rate_bounds CHECK (tax_rate_ppm BETWEEN 0 AND 1000000),
  CONSTRAINT products_discount_bounds CHECK (discount_ppm BETWEEN 0 AND 1000000),
  CONSTRAINT products_max_per_sale_bounds CHECK (max_per_sale BETWEEN 1 AND 1000000000),
  CONSTRAINT products_track_stock_boolean CHECK (track_stock IN (0, 1)),
  CONSTRAINT products_attributes_object CHECK (json_valid(attributes) AND json_type(attributes) = 'object'),
  CONSTRAINT products_active_boolean CHECK (active IN (0, 1))
) STRICT;

CREATE INDEX products_by_category ON products (category_id, arrival) WHERE category_id IS NOT NULL;
CREATE INDEX products_by_brand ON products (brand_id, arrival) WHERE brand_id IS NOT NULL;
CREATE INDEX products_by_update ON products (updated_at);

-- If-Match and every cached price rest on this: a change that does not move the version on by one is refused.
CREATE TRIGGER products_version_advances BEFORE UPDATE ON products
WHEN NEW.version <> OLD.version + 1
BEGIN SELECT RAISE(ABORT, 'stale_version'); END;

CREATE TRIGGER products_never_erased BEFORE DELETE ON products
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- `key` is what a scan is matched by: a GTIN padded to 14 digits, any other code as it is.
CREATE TABLE product_barcodes (
  key TEXT NOT NULL PRIMARY KEY,
  product_id TEXT NOT NULL REFERENCES products (id),
  position INTEGER NOT NULL,
  barcode TEXT NOT NULL,
  CONSTRAINT product_barcodes_length CHECK (length(barcode) BETWEEN 1 AND 64)
) STRICT, WITHOUT ROWID;

CREATE INDEX product_barcodes_by_product ON product_barcodes (product_id, position);

-- The words of name and sku, lower case, for the search box: a prefix of each word asked for must be here.
CREATE TABLE product_words (
  word TEXT NOT NULL,
  product_id TEXT NOT NULL REFERENCES products (id),
  PRIMARY KEY (word, product_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX product_words_by_product ON product_words (product_id);
