-- A refund points back at its sale and never changes it: what is left to refund follows by trigger. It is written
-- unsealed, takes its lines and payments, and the UPDATE that seals it proves their sums.

CREATE TABLE refunds (
  arrival INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  sale_id TEXT REFERENCES sales (id),
  store_id TEXT NOT NULL REFERENCES stores (id),
  terminal_id TEXT,
  customer_id TEXT REFERENCES customers (id),
  user_id TEXT NOT NULL REFERENCES users (id),
  refund_no TEXT NOT NULL,
  business_date TEXT NOT NULL,
  refunded_at TEXT NOT NULL,
  currency TEXT NOT NULL,
  tax_mode TEXT NOT NULL,
  subtotal INTEGER NOT NULL,
  discount_total INTEGER NOT NULL,
  tax_total INTEGER NOT NULL,
  total INTEGER NOT NULL,
  reason TEXT NOT NULL,
  sealed INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  UNIQUE (store_id, refund_no),
  FOREIGN KEY (terminal_id, store_id) REFERENCES terminals (id, store_id),
  CONSTRAINT refunds_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  CONSTRAINT refunds_refund_no_length CHECK (length(refund_no) BETWEEN 1 AND 24),
  CONSTRAINT refunds_business_date_form CHECK (business_date GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  CONSTRAINT refunds_refunded_at_form CHECK (refunded_at GLOB '????-??-??T??:??:??.???Z'),
  CONSTRAINT refunds_tax_mode_known CHECK (tax_mode IN ('inclusive', 'exclusive')),
  CONSTRAINT refunds_discount_bounds CHECK (discount_total >= 0),
  CONSTRAINT refunds_tax_bounds CHECK (tax_total >= 0),
  CONSTRAINT refunds_total_bounds CHECK (total BETWEEN 0 AND 999999999999999),
  CONSTRAINT refunds_total_sum CHECK (
    total = subtotal - discount_total + CASE tax_mode WHEN 'exclusive' THEN tax_total ELSE 0 END),
  CONSTRAINT refunds_reason_length CHECK (length(reason) BETWEEN 1 AND 500)
) STRICT;

CREATE INDEX refunds_by_sale ON refunds (sale_id) WHERE sale_id IS NOT NULL;
CREATE INDEX refunds_by_business_date ON refunds (store_id, business_date);

CREATE TRIGGER refunds_born_open BEFORE INSERT ON refunds
WHEN NEW.sealed <> 0
BEGIN SELECT RAISE(ABORT, 'refund_born_open'); END;

CREATE TRIGGER refunds_store_active BEFORE INSERT ON refunds
WHEN NOT EXISTS (SELECT 1 FROM stores WHERE id = NEW.store_id AND active = 1)
BEGIN SELECT RAISE(ABORT, 'store_inactive'); END;

CREATE TRIGGER refunds_terminal_active BEFORE INSERT ON refunds
WHEN NEW.terminal_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM terminals WHERE id = NEW.terminal_id AND active = 1)
BEGIN SELECT RAISE(ABORT, 'terminal_inactive'); END;

CREATE TRIGGER refunds_sale_refundable BEFORE INSERT ON refunds
WHEN EXISTS (
  SELECT 1 FROM sales
  WHERE id = NEW.sale_id AND (
    store_id <> NEW.store_id OR currency <> NEW.currency OR tax_mode <> NEW.tax_mode
    OR status NOT IN ('completed', 'partially_refunded')))
BEGIN SELECT RAISE(ABORT, 'over_refund'); END;

-- `refunded_before` claims how much of the line had come back; the shares were worked out from it.
CREATE TABLE refund_lines (
  refund_id TEXT NOT NULL REFERENCES refunds (id),
  line_no INTEGER NOT NULL,
  id TEXT NOT NULL,
  sale_id TEXT,
  sale_line_no INTEGER,
  refunded_before INTEGER,
  product_id TEXT REFERENCES products (id),
  sku TEXT,
  name TEXT NOT NULL,
  category_id TEXT,
  unit TEXT NOT NULL,
  price_quantity INTEGER NOT NULL,
  unit_price INTEGER NOT NULL,
  quantity INTEGER NOT NULL,
  tax_rate_ppm INTEGER NOT NULL,
  subtotal INTEGER NOT NULL,
  discount_total INTEGER NOT NULL,
  tax_total INTEGER NOT NULL,
  total INTEGER NOT NULL,
  restock TEXT NOT NULL,
  PRIMARY KEY (refund_id, line_no),
  FOREIGN KEY (sale_id, sale_line_no) REFERENCES sale_lines (sale_id, line_no),
  CONSTRAINT refund_lines_line_no_bounds CHECK (line_no BETWEEN 1 AND 1000),
  CONSTRAINT refund_lines_claim CHECK ((sale_line_no IS NULL) = (refunded_before IS NULL) AND (sale_line_no IS NULL) = (sale_id IS NULL)),
  CONSTRAINT refund_lines_quantity_bounds CHECK (quantity BETWEEN 1 AND 1000000000),
  -- One piece of a deeply discounted line can carry a unit more discount than price; the whole line never does.
  CONSTRAINT refund_lines_discount_bounds CHECK (discount_total BETWEEN 0 AND subtotal + 1),
  CONSTRAINT refund_lines_tax_bounds CHECK (tax_total >= 0),
  CONSTRAINT refund_lines_total_sum CHECK (total IN (subtotal - discount_total, subtotal - discount_total + tax_total)),
  CONSTRAINT refund_lines_restock_known CHECK (restock IN ('sellable', 'damaged', 'none'))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER refund_lines_refund_open BEFORE INSERT ON refund_lines
WHEN (SELECT sealed FROM refunds WHERE id = NEW.refund_id) <> 0
BEGIN SELECT RAISE(ABORT, 'refund_sealed'); END;

-- The line must belong to the sale the refund names.
CREATE TRIGGER refund_lines_same_sale BEFORE INSERT ON refund_lines
WHEN (SELECT sale_id FROM refunds WHERE id = NEW.refund_id) IS NOT NEW.sale_id
BEGIN SELECT RAISE(ABORT, 'refund_other_sale'); END;

CREATE TRIGGER refund_lines_position BEFORE INSERT ON refund_lines
WHEN NEW.sale_line_no IS NOT NULL AND NEW.refunded_before <> (
  SELECT refunded_quantity FROM sale_lines WHERE sale_id = NEW.sale_id AND line_no = NEW.sale_line_no)
BEGIN SELECT RAISE(ABORT, 'stale_refund'); END;

-- A line's money is its share of what was sold, to the unit that rounding moves.
CREATE TRIGGER refund_lines_share BEFORE INSERT ON refund_lines
WHEN EXISTS (
  SELECT 1 FROM sale_lines l
  WHERE l.sale_id = NEW.sale_id AND l.line_no = NEW.sale_line_no AND (
    l.product_id IS NOT NEW.product_id
    OR abs(NEW.subtotal - l.subtotal * NEW.quantity / l.quantity) > 2
    OR abs(NEW.discount_total - l.discount_total * NEW.quantity / l.quantity) > 2
    OR abs(NEW.tax_total - l.tax_total * NEW.quantity / l.quantity) > 2))
BEGIN SELECT RAISE(ABORT, 'refund_share'); END;

CREATE TRIGGER refund_lines_apply AFTER INSERT ON refund_lines
WHEN NEW.sale_line_no IS NOT NULL
BEGIN
  UPDATE sale_lines
  SET refunded_quantity = refunded_quantity + NEW.quantity, refunded_total = refunded_total + NEW.total
  WHERE sale_id = NEW.sale_id AND line_no = NEW.sale_line_no;
END;

CREATE TRIGGER refund_lines_no_update BEFORE UPDATE ON refund_lines
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER refund_lines_no_delete BEFORE DELETE ON refund_lines
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TABLE refund_payments (
  refund_id TEXT NOT NULL REFERENCES refunds (id),
  payment_no INTEGER NOT NULL,
  method TEXT NOT NULL,
  amount INTEGER NOT NULL,
  reference TEXT,
  card_last4 TEXT,
  created_at TEXT NOT NULL,
  PRIMARY KEY (refund_id, payment_no),
  CONSTRAINT refund_payments_method_known CHECK (
    method = 'cash' OR method = 'card' OR method = 'mobile_wallet' OR method = 'bank_transfer'),
  CONSTRAINT refund_payments_amount_bounds CHECK (amount BETWEEN 1 AND 999999999999999),
  CONSTRAINT refund_payments_reference_length CHECK (length(reference) BETWEEN 1 AND 100),
  CONSTRAINT refund_payments_card_last4_form CHECK (card_last4 GLOB '[0-9][0-9][0-9][0-9]')
) STRICT, WITHOUT ROWID;

CREATE TRIGGER refund_payments_refund_open BEFORE INSERT ON refund_payments
WHEN (SELECT sealed FROM refunds WHERE id = NEW.refund_id) <> 0
BEGIN SELECT RAISE(ABORT, 'refund_sealed'); END;

CREATE TRIGGER refund_payments_no_update BEFORE UPDATE ON refund_payments
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER refund_payments_no_delete BEFORE DELETE ON refund_payments
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER refunds_frozen BEFORE UPDATE OF
  arrival, id, sale_id, store_id, terminal_id, customer_id, user_id, refund_no, business_date, refunded_at, currency,
  tax_mode, subtotal, discount_total, tax_total, total, reason, created_at
ON refunds
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER refunds_sealed_once BEFORE UPDATE OF sealed ON refunds
WHEN OLD.sealed = 1 OR NEW.sealed <> 1
BEGIN SELECT RAISE(ABORT, 'refund_sealed'); END;

CREATE TRIGGER refunds_no_delete BEFORE DELETE ON refunds
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER refunds_parts_sum BEFORE UPDATE OF sealed ON refunds
BEGIN
  SELECT RAISE(ABORT, 'refund_parts_sum')
  FROM (
    SELECT count(*) AS lines, sum(subtotal) AS subtotal, sum(discount_total) AS discount_total,
      sum(tax_total) AS tax_total, sum(total) AS total
    FROM refund_lines WHERE refund_id = NEW.id) l
  WHERE l.lines = 0 OR l.subtotal <> NEW.subtotal OR l.discount_total <> NEW.discount_total
    OR l.tax_total <> NEW.tax_total OR l.total <> NEW.total;
  SELECT RAISE(ABORT, 'total_mismatch')
  WHERE NEW.total <> (SELECT coalesce(sum(amount), 0) FROM refund_payments WHERE refund_id = NEW.id);
END;

-- The sale's status says how far it has come back.
CREATE TRIGGER refunds_mark_sale AFTER UPDATE OF sealed ON refunds
WHEN NEW.sale_id IS NOT NULL
BEGIN
  UPDATE sales SET status = CASE
    WHEN EXISTS (SELECT 1 FROM sale_lines WHERE sale_id = NEW.sale_id AND refunded_quantity < quantity)
    THEN 'partially_refunded' ELSE 'refunded' END
  WHERE id = NEW.sale_id;
END;
