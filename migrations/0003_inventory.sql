-- A level is the sum of its movements: rows are only ever added, and the level follows by trigger.
-- `on_hand` is added up and `ledger_balance` is what the newest movement says it left: they are one figure reached
-- twice, so neither can be changed alone.

CREATE TABLE stock_levels (
  store_id TEXT NOT NULL REFERENCES stores (id),
  product_id TEXT NOT NULL REFERENCES products (id),
  on_hand INTEGER NOT NULL,
  ledger_balance INTEGER NOT NULL,
  reorder_point INTEGER NOT NULL DEFAULT 0,
  average_cost INTEGER,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (store_id, product_id),
  CONSTRAINT stock_balance CHECK (on_hand = ledger_balance)
) STRICT, WITHOUT ROWID;

-- `on_hand_after` is the running balance, worked out by the statement that adds the row; a row that would take
-- the level below zero fails its CHECK, unless the store allows it or the sale has already happened (`oversell`).
-- `source_id` is the sale, the refund or the stock document the row belongs to. (A list of three or more in IN is a
-- table to SQLite and counts as a row read, so the hot tables spell such lists out with OR.)
CREATE TABLE stock_movements (
  arrival INTEGER PRIMARY KEY,
  store_id TEXT NOT NULL,
  product_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  on_hand_after INTEGER NOT NULL,
  oversell INTEGER NOT NULL DEFAULT 0,
  unit_cost INTEGER,
  batch TEXT,
  expires_on TEXT,
  note TEXT,
  source_id TEXT NOT NULL,
  line_no INTEGER NOT NULL,
  occurred_at TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (source_id, line_no, reason),
  CONSTRAINT stock_movements_reason_known CHECK (
    reason = 'sale' OR reason = 'refund' OR reason = 'received' OR reason = 'adjusted' OR reason = 'damaged'),
  CONSTRAINT stock_movements_quantity_sign CHECK (
    quantity <> 0
    AND (reason NOT IN ('refund', 'received') OR quantity > 0)
    AND (reason NOT IN ('sale', 'damaged') OR quantity < 0)),
  CONSTRAINT stock_movements_quantity_bounds CHECK (abs(quantity) <= 1000000000),
  CONSTRAINT insufficient_stock CHECK (on_hand_after >= 0 OR oversell = 1 OR quantity > 0),
  CONSTRAINT stock_movements_oversell_boolean CHECK (oversell IN (0, 1)),
  CONSTRAINT stock_movements_unit_cost_bounds CHECK (unit_cost BETWEEN 0 AND 999999999999),
  CONSTRAINT stock_movements_batch_length CHECK (length(batch) BETWEEN 1 AND 64),
  CONSTRAINT stock_movements_expires_on_form CHECK (expires_on GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  CONSTRAINT stock_movements_note_length CHECK (length(note) <= 500)
) STRICT;

CREATE INDEX stock_movements_by_product ON stock_movements (store_id, product_id, arrival);

-- The level's foreign keys prove store and product once for both tables. Weighted-average cost takes in what is
-- received at a known cost; a level at or below zero starts afresh at that cost.
CREATE TRIGGER stock_movements_apply AFTER INSERT ON stock_movements
BEGIN
  INSERT INTO stock_levels (store_id, product_id, on_hand, ledger_balance, average_cost, updated_at)
  VALUES (NEW.store_id, NEW.product_id, NEW.on_hand_after, NEW.on_hand_after, NEW.unit_cost, NEW.created_at)
  ON CONFLICT (store_id, product_id) DO UPDATE SET
    on_hand = on_hand + NEW.quantity,
    ledger_balance = NEW.on_hand_after,
    average_cost = CASE
      WHEN NEW.unit_cost IS NULL OR NEW.quantity <= 0 THEN average_cost
      WHEN average_cost IS NULL OR on_hand <= 0 THEN NEW.unit_cost
      ELSE (average_cost * on_hand + NEW.unit_cost * NEW.quantity + (on_hand + NEW.quantity) / 2)
        / (on_hand + NEW.quantity)
    END,
    updated_at = NEW.created_at;
END;

-- A level begins at zero, or with the movement that makes it.
CREATE TRIGGER stock_levels_born_of_movement AFTER INSERT ON stock_levels
WHEN NEW.on_hand IS NOT coalesce((
  SELECT sum(quantity) FROM stock_movements WHERE store_id = NEW.store_id AND product_id = NEW.product_id), 0)
BEGIN SELECT RAISE(ABORT, 'stock_balance'); END;

CREATE TRIGGER stock_levels_no_delete BEFORE DELETE ON stock_levels
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER stock_levels_stay BEFORE UPDATE OF store_id, product_id ON stock_levels
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER stock_movements_no_update BEFORE UPDATE ON stock_movements
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER stock_movements_no_delete BEFORE DELETE ON stock_movements
BEGIN SELECT RAISE(ABORT, 'append_only'); END;
