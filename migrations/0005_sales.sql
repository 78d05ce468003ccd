-- A sale is born parked, takes its lines and payments, and becomes completed by one UPDATE, whose trigger proves
-- that its parts sum to its totals. After that only its status and its lines' refunded columns move.

CREATE TABLE number_sequences (
  store_id TEXT NOT NULL REFERENCES stores (id),
  terminal_code TEXT NOT NULL,
  kind TEXT NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (store_id, terminal_code, kind),
  CONSTRAINT number_sequences_kind_known CHECK (kind IN ('sale', 'refund')),
  CONSTRAINT number_sequences_last_bounds CHECK (last BETWEEN 1 AND 999999999)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER number_sequences_run_forward BEFORE UPDATE ON number_sequences
WHEN NEW.last < OLD.last
BEGIN SELECT RAISE(ABORT, 'number_sequence'); END;

CREATE TABLE sales (
  arrival INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  store_id TEXT NOT NULL REFERENCES stores (id),
  store_version INTEGER,
  terminal_id TEXT,
  customer_id TEXT REFERENCES customers (id),
  salesperson_id TEXT REFERENCES salespeople (id),
  user_id TEXT NOT NULL REFERENCES users (id),
  invoice_no TEXT NOT NULL,
  status TEXT NOT NULL,
  business_date TEXT NOT NULL,
  sold_at TEXT NOT NULL,
  currency TEXT NOT NULL,
  tax_mode TEXT NOT NULL,
  rounding_mode TEXT NOT NULL,
  subtotal INTEGER NOT NULL,
  discount_total INTEGER NOT NULL,
  tax_total INTEGER NOT NULL,
  rounding_adjustment INTEGER NOT NULL,
  total INTEGER NOT NULL,
  paid_total INTEGER NOT NULL,
  change_due INTEGER NOT NULL,
  balance_due INTEGER NOT NULL,
  note TEXT,
  created_at TEXT NOT NULL,
  UNIQUE (store_id, invoice_no),
  FOREIGN KEY (terminal_id, store_id) REFERENCES terminals (id, store_id),
  CONSTRAINT sales_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  CONSTRAINT sales_invoice_no_length CHECK (length(invoice_no) BETWEEN 1 AND 24),
  CONSTRAINT sales_business_date_form CHECK (business_date GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  CONSTRAINT sales_sold_at_form CHECK (sold_at GLOB '????-??-??T??:??:??.???Z'),
  CONSTRAINT sales_tax_mode_known CHECK (tax_mode IN ('inclusive', 'exclusive')),
  CONSTRAINT sales_rounding_mode_known CHECK (rounding_mode IN ('half_up', 'half_even')),
  CONSTRAINT sales_discount_bounds CHECK (discount_total BETWEEN 0 AND subtotal),
  CONSTRAINT sales_tax_bounds CHECK (tax_total >= 0),
  CONSTRAINT sales_rounding_bounds CHECK (abs(rounding_adjustment) <= 1000000),
  CONSTRAINT sales_total_bounds CHECK (total BETWEEN 0 AND 999999999999999),
  CONSTRAINT sales_total_sum CHECK (
    total = subtotal - discount_total + CASE tax_mode WHEN 'exclusive' THEN tax_total ELSE 0 END + rounding_adjustment),
  CONSTRAINT sales_paid_sum CHECK (paid_total - change_due + balance_due = total),
  CONSTRAINT sales_change_bounds CHECK (change_due BETWEEN 0 AND paid_total),
  CONSTRAINT payment_short CHECK (balance_due = 0),
  CONSTRAINT sales_note_length CHECK (length(note) <= 500)
) STRICT;

CREATE INDEX sales_by_store ON sales (store_id);
CREATE INDEX sales_by_business_date ON sales (store_id, business_date);
CREATE INDEX sales_by_customer ON sales (customer_id, arrival) WHERE customer_id IS NOT NULL;

CREATE TRIGGER sales_born_parked BEFORE INSERT ON sales
WHEN NEW.status <> 'parked'
BEGIN SELECT RAISE(ABORT, 'sale_born_parked'); END;

CREATE TRIGGER sales_store_active BEFORE INSERT ON sales
WHEN NOT EXISTS (SELECT 1 FROM stores WHERE id = NEW.store_id AND active = 1)
BEGIN SELECT RAISE(ABORT, 'store_inactive'); END;

-- The rules the sale was priced by, claimed by their version; a sale that already happened claims none.
CREATE TRIGGER sales_store_proof BEFORE INSERT ON sales
WHEN NEW.store_version IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM stores WHERE id = NEW.store_id AND version = NEW.store_version)
BEGIN SELECT RAISE(ABORT, 'stale_catalogue'); END;

CREATE TRIGGER sales_terminal_active BEFORE INSERT ON sales
WHEN NEW.terminal_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM terminals WHERE id = NEW.terminal_id AND active = 1)
BEGIN SELECT RAISE(ABORT, 'terminal_inactive'); END;

CREATE TABLE sale_lines (
  sale_id TEXT NOT NULL REFERENCES sales (id),
  line_no INTEGER NOT NULL,
  id TEXT NOT NULL,
  product_id TEXT REFERENCES products (id),
  product_version INTEGER,
  sku TEXT,
  barcode TEXT,
  name TEXT NOT NULL,
  category_id TEXT,
  unit TEXT NOT NULL,
  price_quantity INTEGER NOT NULL,
  list_price INTEGER,
  unit_price INTEGER NOT NULL,
  override_reason TEXT,
  cost_price INTEGER,
  quantity INTEGER NOT NULL,
  tax_rate_ppm INTEGER NOT NULL,
  subtotal INTEGER NOT NULL,
  line_discount INTEGER NOT NULL,
  order_discount INTEGER NOT NULL,
  discount_reason TEXT,
  discount_total INTEGER NOT NULL,
  tax_total INTEGER NOT NULL,
  total INTEGER NOT NULL,
  track_stock INTEGER NOT NULL,
  note TEXT,
  refunded_quantity INTEGER NOT NULL DEFAULT 0,
  refunded_total INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (sale_id, line_no),
  CONSTRAINT sale_lines_line_no_bounds CHECK (line_no BETWEEN 1 AND 1000),
  CONSTRAINT sale_lines_name_length CHECK (length(name) BETWEEN 1 AND 200),
  CONSTRAINT sale_lines_unit_known CHECK (unit = 'each' OR unit = 'g' OR unit = 'ml'),
  CONSTRAINT sale_lines_price_quantity_bounds CHECK (price_quantity BETWEEN 1 AND 1000000),
  CONSTRAINT sale_lines_unit_price_bounds CHECK (unit_price BETWEEN 0 AND 999999999999),
  CONSTRAINT sale_lines_quantity_bounds CHECK (quantity BETWEEN 1 AND 1000000000),
  CONSTRAINT sale_lines_tax_rate_bounds CHECK (tax_rate_ppm BETWEEN 0 AND 1000000),
  CONSTRAINT sale_lines_discount_sum CHECK (discount_total = line_discount + order_discount),
  CONSTRAINT sale_lines_discount_bounds CHECK (line_discount >= 0 AND order_discount >= 0 AND discount_total <= subtotal),
  CONSTRAINT sale_lines_tax_bounds CHECK (tax_total >= 0),
  CONSTRAINT sale_lines_total_sum CHECK (
    total = subtotal - discount_total OR total = subtotal - discount_total + tax_total),
  CONSTRAINT sale_lines_override_has_reason CHECK (list_price IS NULL OR override_reason IS NOT NULL),
  CONSTRAINT over_refund CHECK (refunded_quantity BETWEEN 0 AND quantity),
  CONSTRAINT sale_lines_refunded_total_bounds CHECK (refunded_total BETWEEN 0 AND total),
  -- A line refunded whole has given back its total to the last unit, however it was split.
  CONSTRAINT sale_lines_refund_exact CHECK (refunded_quantity < quantity OR refunded_total = total)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER sale_lines_born_whole BEFORE INSERT ON sale_lines
WHEN NEW.refunded_quantity <> 0 OR NEW.refunded_total <> 0
BEGIN SELECT RAISE(ABORT, 'sale_line_born_whole'); END;

CREATE TRIGGER sale_lines_sale_open BEFORE INSERT ON sale_lines
WHEN (SELECT status FROM sales WHERE id = NEW.sale_id) <> 'parked'
BEGIN SELECT RAISE(ABORT, 'sale_sealed'); END;

CREATE TRIGGER sale_lines_frozen BEFORE UPDATE OF
  sale_id, line_no, id, product_id, product_version, sku, barcode, name, category_id, unit, price_quantity, list_price,
  unit_price, override_reason, cost_price, quantity, tax_rate_ppm, subtotal, line_discount, order_discount,
  discount_reason, discount_total, tax_total, total, track_stock, note
ON sale_lines
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER sale_lines_no_delete BEFORE DELETE ON sale_lines
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TABLE sale_payments (
  sale_id TEXT NOT NULL REFERENCES sales (id),
  payment_no INTEGER NOT NULL,
  method TEXT NOT NULL,
  amount INTEGER NOT NULL,
  reference TEXT,
  card_last4 TEXT,
  created_at TEXT NOT NULL,
  PRIMARY KEY (sale_id, payment_no),
  CONSTRAINT sale_payments_method_known CHECK (
    method = 'cash' OR method = 'card' OR method = 'mobile_wallet' OR method = 'bank_transfer'),
  CONSTRAINT sale_payments_amount_bounds CHECK (amount BETWEEN 1 AND 999999999999999),
  CONSTRAINT sale_payments_reference_length CHECK (length(reference) BETWEEN 1 AND 100),
  CONSTRAINT sale_payments_card_last4_form CHECK (card_last4 GLOB '[0-9][0-9][0-9][0-9]')
) STRICT, WITHOUT ROWID;

CREATE TRIGGER sale_payments_sale_open BEFORE INSERT ON sale_payments
WHEN (SELECT status FROM sales WHERE id = NEW.sale_id) <> 'parked'
BEGIN SELECT RAISE(ABORT, 'sale_sealed'); END;

CREATE TRIGGER sale_payments_no_update BEFORE UPDATE ON sale_payments
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER sale_payments_no_delete BEFORE DELETE ON sale_payments
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- How many receipts a sale has had: the second and later are duplicates.
CREATE TABLE receipt_counts (
  sale_id TEXT NOT NULL PRIMARY KEY REFERENCES sales (id),
  copies INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER receipt_counts_run_forward BEFORE UPDATE ON receipt_counts
WHEN NEW.copies <= OLD.copies OR NEW.sale_id <> OLD.sale_id
BEGIN SELECT RAISE(ABORT, 'receipt_count'); END;

CREATE TRIGGER sales_frozen BEFORE UPDATE OF
  arrival, id, store_id, store_version, terminal_id, customer_id, salesperson_id, user_id, invoice_no, business_date, sold_at,
  currency, tax_mode, rounding_mode, subtotal, discount_total, tax_total, rounding_adjustment, total, paid_total,
  change_due, balance_due, note, created_at
ON sales
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER sales_no_delete BEFORE DELETE ON sales
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER sales_status_path BEFORE UPDATE OF status ON sales
WHEN NOT (
  (OLD.status = 'parked' AND NEW.status = 'completed')
  OR (OLD.status IN ('completed', 'partially_refunded') AND NEW.status IN ('partially_refunded', 'refunded')))
BEGIN SELECT RAISE(ABORT, 'sale_status_path'); END;

-- One pass over the lines: their parts sum to the sale, and where a line claims a version of its product, that is the
-- version in force and its price the one charged (or overridden).
CREATE TRIGGER sales_parts_sum BEFORE UPDATE OF status ON sales
WHEN NEW.status = 'completed'
BEGIN
  SELECT CASE
    WHEN l.stale > 0 THEN RAISE(ABORT, 'stale_catalogue')
    WHEN l.lines = 0 OR l.subtotal <> NEW.subtotal OR l.discount_total <> NEW.discount_total
      OR l.tax_total <> NEW.tax_total OR l.total <> NEW.total - NEW.rounding_adjustment
    THEN RAISE(ABORT, 'sale_parts_sum') END
  FROM (
    SELECT count(*) AS lines, sum(s.subtotal) AS subtotal, sum(s.discount_total) AS discount_total,
      sum(s.tax_total) AS tax_total, sum(s.total) AS total,
      sum(s.product_version IS NOT NULL AND (p.version, p.active, p.unit_price)
        IS NOT (s.product_version, 1, coalesce(s.list_price, s.unit_price))) AS stale
    FROM sale_lines s LEFT JOIN products p ON p.id = s.product_id WHERE s.sale_id = NEW.id) l;
  -- Change comes from cash alone.
  SELECT RAISE(ABORT, 'sale_payments_sum')
  FROM (
    SELECT coalesce(sum(amount), 0) AS paid, coalesce(sum(amount) FILTER (WHERE method = 'cash'), 0) AS cash
    FROM sale_payments WHERE sale_id = NEW.id) p
  WHERE p.paid <> NEW.paid_total OR p.cash < NEW.change_due;
END;
