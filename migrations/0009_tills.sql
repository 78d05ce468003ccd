-- The till's day: shifts and the money that passes through a drawer, ledgers of customers and gift cards, parked sales,
-- voids, custom orders and Z reports. Tables that can't take it as they stand are made anew with the rows they had; what
-- points at them waits for the end of the transaction.

PRAGMA defer_foreign_keys = on;

ALTER TABLE customers ADD COLUMN credit_limit INTEGER NOT NULL DEFAULT 0
  CONSTRAINT customers_credit_limit_bounds CHECK (credit_limit BETWEEN 0 AND 999999999999);
ALTER TABLE customers ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE customers ADD COLUMN updated_at TEXT NOT NULL DEFAULT '';

UPDATE customers SET updated_at = created_at;

CREATE TRIGGER customers_version_advances BEFORE UPDATE ON customers
WHEN NEW.version <> OLD.version + 1
BEGIN SELECT RAISE(ABORT, 'stale_version'); END;

-- A shift is a till's drawer from its float to its count. `records` is how many rows of the shift its closing has summed.
CREATE TABLE shifts (
  arrival INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  store_id TEXT NOT NULL,
  terminal_id TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'open',
  currency TEXT NOT NULL,
  opening_float INTEGER NOT NULL,
  business_date TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  opened_by TEXT NOT NULL REFERENCES users (id),
  closed_at TEXT,
  closed_by TEXT REFERENCES users (id),
  records INTEGER,
  note TEXT,
  created_at TEXT NOT NULL,
  FOREIGN KEY (terminal_id, store_id) REFERENCES terminals (id, store_id),
  CONSTRAINT shifts_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  CONSTRAINT shifts_opening_float_bounds CHECK (opening_float BETWEEN 0 AND 999999999999999),
  CONSTRAINT shifts_business_date_form CHECK (business_date GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  CONSTRAINT shifts_opened_at_form CHECK (opened_at GLOB '????-??-??T??:??:??.???Z'),
  CONSTRAINT shifts_closed_at_form CHECK (closed_at GLOB '????-??-??T??:??:??.???Z'),
  CONSTRAINT shifts_closed_whole CHECK (
    (status = 'closed') = (closed_at IS NOT NULL) AND (status = 'closed') = (closed_by IS NOT NULL)
    AND (status = 'closed') = (records IS NOT NULL)),
  CONSTRAINT shifts_note_length CHECK (length(note) <= 500)
) STRICT;

-- One drawer, one shift.
CREATE UNIQUE INDEX shifts_one_open ON shifts (terminal_id) WHERE status = 'open';
CREATE INDEX shifts_by_terminal ON shifts (terminal_id, arrival);
CREATE INDEX shifts_by_store ON shifts (store_id, arrival);

CREATE TRIGGER shifts_born_open BEFORE INSERT ON shifts
WHEN NEW.status <> 'open'
BEGIN SELECT RAISE(ABORT, 'shift_born_open'); END;

CREATE TRIGGER shifts_terminal_active BEFORE INSERT ON shifts
WHEN NOT EXISTS (
  SELECT 1 FROM terminals t JOIN stores s ON s.id = t.store_id
  WHERE t.id = NEW.terminal_id AND t.active = 1 AND s.active = 1 AND s.currency = NEW.currency)
BEGIN SELECT RAISE(ABORT, 'terminal_inactive'); END;

CREATE TRIGGER shifts_frozen BEFORE UPDATE OF
  arrival, id, store_id, terminal_id, currency, opening_float, business_date, opened_at, opened_by, created_at
ON shifts
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER shifts_close_once BEFORE UPDATE ON shifts
WHEN OLD.status <> 'open' OR NEW.status <> 'closed'
BEGIN SELECT RAISE(ABORT, 'shift_closed'); END;

CREATE TRIGGER shifts_no_delete BEFORE DELETE ON shifts
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- Custom orders: what someone has ordered, worked on until it is sold.
CREATE TABLE orders (
  arrival INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  store_id TEXT NOT NULL REFERENCES stores (id),
  customer_id TEXT NOT NULL REFERENCES customers (id),
  status TEXT NOT NULL DEFAULT 'pending',
  currency TEXT NOT NULL,
  items TEXT NOT NULL,
  fields TEXT NOT NULL,
  due_date TEXT,
  note TEXT,
  sale_id TEXT,
  user_id TEXT NOT NULL REFERENCES users (id),
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT orders_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  CONSTRAINT orders_items_list CHECK (json_valid(items) AND json_type(items) = 'array'),
  CONSTRAINT orders_fields_object CHECK (json_valid(fields) AND json_type(fields) = 'object'),
  CONSTRAINT orders_due_date_form CHECK (due_date GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  CONSTRAINT orders_note_length CHECK (length(note) <= 1000),
  -- A completed order is the sale it became.
  CONSTRAINT orders_completed_by_sale CHECK ((status = 'completed') = (sale_id IS NOT NULL))
) STRICT;

CREATE INDEX orders_by_store ON orders (store_id, arrival);
CREATE INDEX orders_by_customer ON orders (customer_id, arrival);
CREATE UNIQUE INDEX orders_by_sale ON orders (sale_id) WHERE sale_id IS NOT NULL;

CREATE TRIGGER orders_place BEFORE INSERT ON orders
WHEN EXISTS (SELECT 1 FROM stores WHERE id = NEW.store_id AND (active = 0 OR currency <> NEW.currency))
BEGIN SELECT RAISE(ABORT, 'store_inactive'); END;

CREATE TRIGGER orders_born_pending BEFORE INSERT ON orders
WHEN NEW.status <> 'pending'
BEGIN SELECT RAISE(ABORT, 'order_status_path'); END;

CREATE TRIGGER orders_version_advances BEFORE UPDATE ON orders
WHEN NEW.version <> OLD.version + 1
BEGIN SELECT RAISE(ABORT, 'stale_version'); END;

-- Forward through the work; a finished order changes no more.
CREATE TRIGGER orders_status_path BEFORE UPDATE ON orders
WHEN OLD.status = 'completed' OR OLD.status = 'cancelled'
  OR NEW.status NOT IN ('pending', 'in_progress', 'ready', 'completed', 'cancelled')
  OR NEW.status = 'pending' AND OLD.status <> 'pending' OR NEW.status = 'in_progress' AND OLD.status = 'ready'
BEGIN SELECT RAISE(ABORT, 'order_status_path'); END;

CREATE TRIGGER orders_stay BEFORE UPDATE OF arrival, id, store_id, customer_id, currency, user_id, created_at ON orders
WHEN NEW.arrival <> OLD.arrival OR NEW.id <> OLD.id OR NEW.store_id <> OLD.store_id OR NEW.customer_id <> OLD.customer_id
  OR NEW.currency <> OLD.currency OR NEW.user_id <> OLD.user_id OR NEW.created_at <> OLD.created_at
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER orders_no_delete BEFORE DELETE ON orders
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- A cancelled order keeps nobody's money.
CREATE TRIGGER orders_cancelled_empty BEFORE UPDATE OF status ON orders
WHEN NEW.status = 'cancelled' AND (SELECT coalesce(sum(amount), 0) FROM received_payments WHERE order_id = NEW.id) <> 0
BEGIN SELECT RAISE(ABORT, 'order_holds_deposit'); END;

-- The sale is this order's customer's, in this store, and whole.
CREATE TRIGGER orders_own_sale BEFORE UPDATE OF status ON orders
WHEN NEW.status = 'completed' AND NOT EXISTS (
  SELECT 1 FROM sales
  WHERE id = NEW.sale_id AND customer_id = NEW.customer_id AND store_id = NEW.store_id AND status = 'completed')
BEGIN SELECT RAISE(ABORT, 'order_other_sale'); END;

-- What the order holds is in the sale, all of it, and no other order's.
CREATE TRIGGER orders_deposits_used BEFORE UPDATE OF status ON orders
WHEN NEW.status = 'completed' AND EXISTS (
  SELECT 1 FROM (
    SELECT coalesce(sum(p.amount), 0) AS used, count(*) FILTER (WHERE d.order_id <> NEW.id) AS others
    FROM sale_payments p JOIN received_payments d ON d.id = p.deposit_id WHERE p.sale_id = NEW.sale_id)
  WHERE others > 0 OR used <> (SELECT coalesce(sum(amount), 0) FROM received_payments WHERE order_id = NEW.id))
BEGIN SELECT RAISE(ABORT, 'stale_deposits'); END;

-- Sales once more: in a shift, with a balance that is on account, and with a way to be voided. `happened` marks what an
-- offline till brings: it is taken into a closed shift too.
CREATE TABLE sales_before AS SELECT * FROM sales;
DROP TABLE sales;

CREATE TABLE sales (
  arrival INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  store_id TEXT NOT NULL REFERENCES stores (id),
  store_version INTEGER,
  terminal_id TEXT,
  shift_id TEXT,
  happened INTEGER NOT NULL DEFAULT 0,
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
  CONSTRAINT sales_happened_boolean CHECK (happened = 0 OR happened = 1),
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
  -- More than is owed is never paid off.
  CONSTRAINT nothing_due CHECK (balance_due >= 0),
  CONSTRAINT sales_balance_has_customer CHECK (balance_due = 0 OR customer_id IS NOT NULL),
  CONSTRAINT sales_note_length CHECK (length(note) <= 500)
) STRICT;

INSERT INTO sales (arrival, id, store_id, store_version, terminal_id, customer_id, salesperson_id, user_id, invoice_no,
  status, business_date, sold_at, currency, tax_mode, rounding_mode, subtotal, discount_total, tax_total,
  rounding_adjustment, total, paid_total, change_due, balance_due, note, created_at)
SELECT arrival, id, store_id, store_version, terminal_id, customer_id, salesperson_id, user_id, invoice_no,
  status, business_date, sold_at, currency, tax_mode, rounding_mode, subtotal, discount_total, tax_total,
  rounding_adjustment, total, paid_total, change_due, balance_due, note, created_at
FROM sales_before;
DROP TABLE sales_before;

CREATE INDEX sales_by_store ON sales (store_id);
CREATE INDEX sales_by_business_date ON sales (store_id, business_date);
CREATE INDEX sales_by_customer ON sales (customer_id, arrival) WHERE customer_id IS NOT NULL;
CREATE INDEX sales_by_shift ON sales (shift_id) WHERE shift_id IS NOT NULL;
CREATE INDEX sales_owed ON sales (customer_id, arrival) WHERE balance_due > 0;

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

-- At a till nothing is sold but into its open shift; what has happened there already may come without one, or late.
CREATE TRIGGER sales_shift_open BEFORE INSERT ON sales
WHEN (NEW.terminal_id IS NOT NULL OR NEW.shift_id IS NOT NULL) AND (NEW.shift_id IS NOT NULL OR NEW.happened = 0)
  AND NOT EXISTS (
    SELECT 1 FROM shifts
    WHERE id = NEW.shift_id AND terminal_id = NEW.terminal_id AND store_id = NEW.store_id
      AND (status = 'open' OR NEW.happened = 1))
BEGIN SELECT RAISE(ABORT, 'shift_closed'); END;

-- A basket that was put aside under this id is no basket any more.
CREATE TRIGGER sales_parked_ended BEFORE INSERT ON sales
WHEN EXISTS (SELECT 1 FROM parked_sales WHERE id = NEW.id AND state <> 'completed')
BEGIN SELECT RAISE(ABORT, 'sale_is_parked'); END;

CREATE TRIGGER sales_frozen BEFORE UPDATE OF
  arrival, id, store_id, store_version, terminal_id, shift_id, happened, customer_id, salesperson_id, user_id, invoice_no,
  business_date, sold_at, currency, tax_mode, rounding_mode, subtotal, discount_total, tax_total, rounding_adjustment,
  total, change_due, note, created_at
ON sales
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- A balance goes down by what is received for it, and in no other way.
CREATE TRIGGER sales_balance_received BEFORE UPDATE OF paid_total, balance_due ON sales
WHEN NEW.balance_due <> (SELECT coalesce(sum(amount), 0) FROM sale_payments WHERE sale_id = NEW.id AND method = 'on_account')
  - (SELECT coalesce(sum(amount), 0) FROM received_payments WHERE sale_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'sale_balance'); END;

CREATE TRIGGER sales_no_delete BEFORE DELETE ON sales
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER sales_status_path BEFORE UPDATE OF status ON sales
WHEN NOT (
  (OLD.status = 'parked' AND NEW.status = 'completed')
  OR (OLD.status IN ('completed', 'partially_refunded') AND NEW.status IN ('partially_refunded', 'refunded'))
  OR (OLD.status = 'completed' AND NEW.status = 'voided' AND EXISTS (SELECT 1 FROM sale_voids WHERE sale_id = OLD.id)))
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
  -- Change comes from cash alone; what is not paid is on account. What a ledger keeps has been taken from it: a row of it
  -- is of one such payment (ledger_entries_tendered), so as many rows as payments are all of them.
  SELECT CASE
    WHEN p.on_account <> NEW.balance_due THEN RAISE(ABORT, 'payment_short')
    WHEN p.paid <> NEW.paid_total OR p.cash < NEW.change_due THEN RAISE(ABORT, 'sale_payments_sum')
    WHEN p.kept > 0 AND p.kept <> (SELECT count(*) FROM ledger_entries WHERE source_id = NEW.id AND kind = 'sale')
    THEN RAISE(ABORT, 'sale_ledgers_sum') END
  FROM (
    SELECT coalesce(sum(amount) FILTER (WHERE method <> 'on_account'), 0) AS paid,
      count(*) FILTER (WHERE method = 'on_account' OR method = 'store_credit' OR method = 'gift_card') AS kept,
      coalesce(sum(amount) FILTER (WHERE method = 'on_account'), 0) AS on_account,
      coalesce(sum(amount) FILTER (WHERE method = 'cash' AND deposit_id IS NULL), 0) AS cash
    FROM sale_payments WHERE sale_id = NEW.id) p;
END;

CREATE TABLE gift_cards (
  arrival INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  code TEXT NOT NULL UNIQUE,
  currency TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id),
  created_at TEXT NOT NULL,
  CONSTRAINT gift_cards_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  CONSTRAINT gift_cards_code_form CHECK (length(code) BETWEEN 8 AND 32 AND code NOT GLOB '*[^A-Z0-9]*')
) STRICT;

CREATE TRIGGER gift_cards_frozen BEFORE UPDATE ON gift_cards
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER gift_cards_no_delete BEFORE DELETE ON gift_cards
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- Money received that is no sale's at that moment: a deposit on an order, a gift card sold, an account or a sale's balance
-- paid off. One row a tender; those of one request share `document_id`. A deposit given back is negative.
CREATE TABLE received_payments (
  arrival INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  document_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  order_id TEXT,
  gift_card_id TEXT REFERENCES gift_cards (id),
  customer_id TEXT REFERENCES customers (id),
  sale_id TEXT,
  store_id TEXT NOT NULL REFERENCES stores (id),
  terminal_id TEXT,
  shift_id TEXT,
  happened INTEGER NOT NULL DEFAULT 0,
  user_id TEXT NOT NULL REFERENCES users (id),
  business_date TEXT NOT NULL,
  currency TEXT NOT NULL,
  method TEXT NOT NULL,
  amount INTEGER NOT NULL,
  reference TEXT,
  card_last4 TEXT,
  note TEXT,
  received_at TEXT NOT NULL,
  created_at TEXT NOT NULL,
  FOREIGN KEY (terminal_id, store_id) REFERENCES terminals (id, store_id),
  CONSTRAINT received_payments_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  CONSTRAINT received_payments_kind_whole CHECK (
    (kind = 'deposit' AND order_id IS NOT NULL AND gift_card_id IS NULL AND sale_id IS NULL)
    OR (kind = 'gift_card' AND gift_card_id IS NOT NULL AND order_id IS NULL AND sale_id IS NULL)
    OR (kind = 'account' AND customer_id IS NOT NULL AND order_id IS NULL AND gift_card_id IS NULL)),
  CONSTRAINT received_payments_happened_boolean CHECK (happened = 0 OR happened = 1),
  CONSTRAINT received_payments_business_date_form CHECK (business_date GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  CONSTRAINT received_payments_method_known CHECK (
    method = 'cash' OR method = 'card' OR method = 'mobile_wallet' OR method = 'bank_transfer'),
  CONSTRAINT received_payments_amount_bounds CHECK (
    amount BETWEEN 1 AND 999999999999999 OR (kind = 'deposit' AND amount BETWEEN -999999999999999 AND -1)),
  CONSTRAINT received_payments_reference_length CHECK (length(reference) BETWEEN 1 AND 100),
  CONSTRAINT received_payments_card_last4_form CHECK (card_last4 GLOB '[0-9][0-9][0-9][0-9]'),
  CONSTRAINT received_payments_received_at_form CHECK (received_at GLOB '????-??-??T??:??:??.???Z'),
  CONSTRAINT received_payments_note_length CHECK (length(note) BETWEEN 1 AND 500)
) STRICT;

CREATE INDEX received_payments_by_shift ON received_payments (shift_id) WHERE shift_id IS NOT NULL;
CREATE INDEX received_payments_by_order ON received_payments (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX received_payments_by_sale ON received_payments (sale_id) WHERE sale_id IS NOT NULL;
CREATE INDEX received_payments_by_business_date ON received_payments (store_id, business_date);

CREATE TRIGGER received_payments_place BEFORE INSERT ON received_payments
WHEN NOT EXISTS (SELECT 1 FROM stores WHERE id = NEW.store_id AND active = 1 AND currency = NEW.currency)
BEGIN SELECT RAISE(ABORT, 'store_inactive'); END;

CREATE TRIGGER received_payments_shift_open BEFORE INSERT ON received_payments
WHEN (NEW.terminal_id IS NOT NULL OR NEW.shift_id IS NOT NULL) AND (NEW.shift_id IS NOT NULL OR NEW.happened = 0)
  AND NOT EXISTS (
    SELECT 1 FROM shifts
    WHERE id = NEW.shift_id AND terminal_id = NEW.terminal_id AND store_id = NEW.store_id
      AND (status = 'open' OR NEW.happened = 1))
BEGIN SELECT RAISE(ABORT, 'shift_closed'); END;

CREATE TRIGGER received_payments_order_open BEFORE INSERT ON received_payments
WHEN NEW.order_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM orders
  WHERE id = NEW.order_id AND store_id = NEW.store_id AND currency = NEW.currency
    AND status NOT IN ('completed', 'cancelled'))
BEGIN SELECT RAISE(ABORT, 'order_finished'); END;

-- No more is given back than the order holds and no sale has used.
CREATE TRIGGER received_payments_deposit_held AFTER INSERT ON received_payments
WHEN NEW.kind = 'deposit' AND (
  SELECT sum(d.amount) - coalesce(sum(p.amount), 0)
  FROM received_payments d LEFT JOIN sale_payments p ON p.deposit_id = d.id WHERE d.order_id = NEW.order_id) < 0
BEGIN SELECT RAISE(ABORT, 'deposit_not_held'); END;

-- A balance is that of this customer's own sale, and what has come back of it on account is not owed any more.
CREATE TRIGGER received_payments_due BEFORE INSERT ON received_payments
WHEN NEW.sale_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM sales s
  WHERE s.id = NEW.sale_id AND s.customer_id = NEW.customer_id AND s.store_id = NEW.store_id AND s.status <> 'voided'
    AND s.status <> 'parked' AND NEW.amount <= s.balance_due - (
      SELECT coalesce(sum(p.amount), 0) FROM refunds r JOIN refund_payments p ON p.refund_id = r.id
      WHERE r.sale_id = s.id AND p.method = 'on_account'))
BEGIN SELECT RAISE(ABORT, 'nothing_due'); END;

CREATE TRIGGER received_payments_settle AFTER INSERT ON received_payments
WHEN NEW.sale_id IS NOT NULL
BEGIN
  UPDATE sales SET paid_total = paid_total + NEW.amount, balance_due = balance_due - NEW.amount WHERE id = NEW.sale_id;
END;

CREATE TRIGGER received_payments_no_update BEFORE UPDATE ON received_payments
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER received_payments_no_delete BEFORE DELETE ON received_payments
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TABLE sale_payments_before AS SELECT * FROM sale_payments;
DROP TABLE sale_payments;

-- `deposit_id`: received earlier, for the order that became this sale; it passed the drawer then, and not again.
CREATE TABLE sale_payments (
  sale_id TEXT NOT NULL REFERENCES sales (id),
  payment_no INTEGER NOT NULL,
  method TEXT NOT NULL,
  amount INTEGER NOT NULL,
  reference TEXT,
  card_last4 TEXT,
  deposit_id TEXT,
  created_at TEXT NOT NULL,
  PRIMARY KEY (sale_id, payment_no),
  CONSTRAINT sale_payments_method_known CHECK (
    method = 'cash' OR method = 'card' OR method = 'mobile_wallet' OR method = 'bank_transfer' OR method = 'gift_card'
    OR method = 'store_credit' OR method = 'on_account'),
  CONSTRAINT sale_payments_amount_bounds CHECK (amount BETWEEN 1 AND 999999999999999),
  CONSTRAINT sale_payments_reference_length CHECK (length(reference) BETWEEN 1 AND 100),
  CONSTRAINT sale_payments_card_last4_form CHECK (card_last4 GLOB '[0-9][0-9][0-9][0-9]')
) STRICT, WITHOUT ROWID;

INSERT INTO sale_payments (sale_id, payment_no, method, amount, reference, card_last4, created_at)
SELECT sale_id, payment_no, method, amount, reference, card_last4, created_at FROM sale_payments_before;
DROP TABLE sale_payments_before;

CREATE UNIQUE INDEX sale_payments_deposit_once ON sale_payments (deposit_id) WHERE deposit_id IS NOT NULL;

CREATE TRIGGER sale_payments_sale_open BEFORE INSERT ON sale_payments
WHEN (SELECT status FROM sales WHERE id = NEW.sale_id) <> 'parked'
BEGIN SELECT RAISE(ABORT, 'sale_sealed'); END;

-- A deposit is used whole and where it was received: the amount, by the method it was received by.
CREATE TRIGGER sale_payments_deposit_whole BEFORE INSERT ON sale_payments
WHEN NEW.deposit_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM received_payments d JOIN sales s ON s.id = NEW.sale_id
  WHERE d.id = NEW.deposit_id AND d.kind = 'deposit' AND d.method = NEW.method AND d.amount = NEW.amount
    AND d.store_id = s.store_id AND d.currency = s.currency)
BEGIN SELECT RAISE(ABORT, 'stale_deposits'); END;

-- What was given back is not there to be used.
CREATE TRIGGER sale_payments_deposit_held AFTER INSERT ON sale_payments
WHEN NEW.deposit_id IS NOT NULL AND (
  SELECT sum(d.amount) - coalesce(sum(p.amount), 0)
  FROM received_payments d LEFT JOIN sale_payments p ON p.deposit_id = d.id
  WHERE d.order_id = (SELECT order_id FROM received_payments WHERE id = NEW.deposit_id)) < 0
BEGIN SELECT RAISE(ABORT, 'stale_deposits'); END;

CREATE TRIGGER sale_payments_no_update BEFORE UPDATE ON sale_payments
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER sale_payments_no_delete BEFORE DELETE ON sale_payments
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- A basket put aside: nothing moved, no number taken. It ends as a sale of the same id, or is thrown away.
CREATE TABLE parked_sales (
  arrival INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  store_id TEXT NOT NULL REFERENCES stores (id),
  business_date TEXT NOT NULL,
  customer_id TEXT REFERENCES customers (id),
  salesperson_id TEXT REFERENCES salespeople (id),
  user_id TEXT NOT NULL REFERENCES users (id),
  state TEXT NOT NULL DEFAULT 'parked',
  basket TEXT NOT NULL,
  shown TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT parked_sales_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  CONSTRAINT parked_sales_business_date_form CHECK (business_date GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  CONSTRAINT parked_sales_basket_object CHECK (json_valid(basket) AND json_type(basket) = 'object'),
  CONSTRAINT parked_sales_shown_object CHECK (json_valid(shown) AND json_type(shown) = 'object')
) STRICT;

CREATE INDEX parked_sales_by_store ON parked_sales (store_id, state, arrival);

CREATE TRIGGER parked_sales_born_parked BEFORE INSERT ON parked_sales
WHEN NEW.state <> 'parked' OR EXISTS (SELECT 1 FROM sales WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'parked_sales_born_parked'); END;

-- Of those that race to end it one wins.
CREATE TRIGGER parked_sales_end_once BEFORE UPDATE ON parked_sales
WHEN OLD.state <> 'parked' OR NEW.state NOT IN ('completed', 'voided')
BEGIN SELECT RAISE(ABORT, 'already_resumed'); END;

CREATE TRIGGER parked_sales_frozen BEFORE UPDATE OF
  arrival, id, store_id, business_date, customer_id, salesperson_id, user_id, basket, shown, created_at
ON parked_sales
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER parked_sales_no_delete BEFORE DELETE ON parked_sales
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- A void takes back a whole sale on its own business day, in its own shift: its triggers prove sale, store and shift.
CREATE TABLE sale_voids (
  arrival INTEGER PRIMARY KEY,
  sale_id TEXT NOT NULL,
  store_id TEXT NOT NULL,
  shift_id TEXT,
  business_date TEXT NOT NULL,
  total INTEGER NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id),
  reason TEXT,
  voided_at TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT sale_voids_reason_length CHECK (length(reason) BETWEEN 1 AND 500),
  CONSTRAINT sale_voids_voided_at_form CHECK (voided_at GLOB '????-??-??T??:??:??.???Z')
) STRICT;

CREATE INDEX sale_voids_by_sale ON sale_voids (sale_id);
CREATE INDEX sale_voids_by_shift ON sale_voids (shift_id) WHERE shift_id IS NOT NULL;
CREATE INDEX sale_voids_by_business_date ON sale_voids (store_id, business_date);

CREATE TRIGGER sale_voids_voidable BEFORE INSERT ON sale_voids
WHEN NOT EXISTS (
  SELECT 1 FROM sales s
  WHERE s.id = NEW.sale_id AND s.status = 'completed' AND s.store_id = NEW.store_id AND s.total = NEW.total
    AND s.business_date = NEW.business_date AND s.shift_id IS NEW.shift_id)
BEGIN SELECT RAISE(ABORT, 'void_refused'); END;

-- What came for it later, or earlier as a deposit, or is on its way back, is not to be lost in a void: such a sale is
-- refunded.
CREATE TRIGGER sale_voids_nothing_moved BEFORE INSERT ON sale_voids
WHEN EXISTS (SELECT 1 FROM received_payments WHERE sale_id = NEW.sale_id)
  OR EXISTS (SELECT 1 FROM sale_payments WHERE sale_id = NEW.sale_id AND deposit_id IS NOT NULL)
  OR EXISTS (SELECT 1 FROM refunds WHERE sale_id = NEW.sale_id)
BEGIN SELECT RAISE(ABORT, 'void_refused'); END;

CREATE TRIGGER sale_voids_shift_open BEFORE INSERT ON sale_voids
WHEN NEW.shift_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM shifts WHERE id = NEW.shift_id AND status = 'open')
BEGIN SELECT RAISE(ABORT, 'void_refused'); END;

CREATE TRIGGER sale_voids_mark_sale AFTER INSERT ON sale_voids
BEGIN
  UPDATE sales SET status = 'voided' WHERE id = NEW.sale_id;
END;

CREATE TRIGGER sale_voids_no_update BEFORE UPDATE ON sale_voids
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER sale_voids_no_delete BEFORE DELETE ON sale_voids
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- Refunds in a shift.
ALTER TABLE refunds ADD COLUMN shift_id TEXT;
ALTER TABLE refunds ADD COLUMN happened INTEGER NOT NULL DEFAULT 0
  CONSTRAINT refunds_happened_boolean CHECK (happened = 0 OR happened = 1);

CREATE INDEX refunds_by_shift ON refunds (shift_id) WHERE shift_id IS NOT NULL;

CREATE TRIGGER refunds_shift_open BEFORE INSERT ON refunds
WHEN (NEW.terminal_id IS NOT NULL OR NEW.shift_id IS NOT NULL) AND (NEW.shift_id IS NOT NULL OR NEW.happened = 0)
  AND NOT EXISTS (
    SELECT 1 FROM shifts
    WHERE id = NEW.shift_id AND terminal_id = NEW.terminal_id AND store_id = NEW.store_id
      AND (status = 'open' OR NEW.happened = 1))
BEGIN SELECT RAISE(ABORT, 'shift_closed'); END;

CREATE TRIGGER refunds_shift_frozen BEFORE UPDATE OF shift_id, happened ON refunds
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TABLE refund_payments_before AS SELECT * FROM refund_payments;
DROP TABLE refund_payments;

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
    method = 'cash' OR method = 'card' OR method = 'mobile_wallet' OR method = 'bank_transfer' OR method = 'gift_card'
    OR method = 'store_credit' OR method = 'on_account'),
  CONSTRAINT refund_payments_amount_bounds CHECK (amount BETWEEN 1 AND 999999999999999),
  CONSTRAINT refund_payments_reference_length CHECK (length(reference) BETWEEN 1 AND 100),
  CONSTRAINT refund_payments_card_last4_form CHECK (card_last4 GLOB '[0-9][0-9][0-9][0-9]')
) STRICT, WITHOUT ROWID;

INSERT INTO refund_payments (refund_id, payment_no, method, amount, reference, card_last4, created_at)
SELECT refund_id, payment_no, method, amount, reference, card_last4, created_at FROM refund_payments_before;
DROP TABLE refund_payments_before;

CREATE TRIGGER refund_payments_refund_open BEFORE INSERT ON refund_payments
WHEN (SELECT sealed FROM refunds WHERE id = NEW.refund_id) <> 0
BEGIN SELECT RAISE(ABORT, 'refund_sealed'); END;

CREATE TRIGGER refund_payments_no_update BEFORE UPDATE ON refund_payments
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER refund_payments_no_delete BEFORE DELETE ON refund_payments
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- What comes back into a ledger stands in it, as what a sale takes from one does.
CREATE TRIGGER refunds_ledgers_sum BEFORE UPDATE OF sealed ON refunds
WHEN (
  SELECT count(*) FROM refund_payments
  WHERE refund_id = NEW.id AND (method = 'on_account' OR method = 'store_credit' OR method = 'gift_card')
) <> (SELECT count(*) FROM ledger_entries WHERE source_id = NEW.id AND kind = 'refund')
BEGIN SELECT RAISE(ABORT, 'refund_ledgers_sum'); END;

CREATE TABLE cash_movements (
  arrival INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  store_id TEXT NOT NULL,
  terminal_id TEXT NOT NULL,
  shift_id TEXT NOT NULL,
  happened INTEGER NOT NULL DEFAULT 0,
  type TEXT NOT NULL,
  amount INTEGER NOT NULL,
  reason TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id),
  moved_at TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT cash_movements_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  CONSTRAINT cash_movements_happened_boolean CHECK (happened = 0 OR happened = 1),
  CONSTRAINT cash_movements_type_known CHECK (type IN ('paid_in', 'paid_out', 'drop', 'no_sale')),
  CONSTRAINT cash_movements_amount_bounds CHECK (
    (type = 'no_sale' AND amount = 0) OR (type <> 'no_sale' AND amount BETWEEN 1 AND 999999999999999)),
  CONSTRAINT cash_movements_reason_length CHECK (length(reason) BETWEEN 1 AND 500),
  CONSTRAINT cash_movements_moved_at_form CHECK (moved_at GLOB '????-??-??T??:??:??.???Z')
) STRICT;

CREATE INDEX cash_movements_by_shift ON cash_movements (shift_id);

CREATE TRIGGER cash_movements_shift_open BEFORE INSERT ON cash_movements
WHEN NOT EXISTS (
  SELECT 1 FROM shifts
  WHERE id = NEW.shift_id AND terminal_id = NEW.terminal_id AND store_id = NEW.store_id
    AND (status = 'open' OR NEW.happened = 1))
BEGIN SELECT RAISE(ABORT, 'shift_closed'); END;

CREATE TRIGGER cash_movements_no_update BEFORE UPDATE ON cash_movements
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER cash_movements_no_delete BEFORE DELETE ON cash_movements
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- Balances are sums of ledger rows, as stock levels are: `balance` is added up and `ledger_balance` is what the newest row
-- says it left. Of an account it is what the customer owes; of store credit and gift cards what may be spent.
CREATE TABLE balances (
  ledger TEXT NOT NULL,
  holder_id TEXT NOT NULL,
  currency TEXT NOT NULL,
  balance INTEGER NOT NULL,
  ledger_balance INTEGER NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (ledger, holder_id),
  CONSTRAINT balance_sum CHECK (balance = ledger_balance)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_entries (
  arrival INTEGER PRIMARY KEY,
  ledger TEXT NOT NULL,
  holder_id TEXT NOT NULL,
  currency TEXT NOT NULL,
  kind TEXT NOT NULL,
  amount INTEGER NOT NULL,
  balance_after INTEGER NOT NULL,
  happened INTEGER NOT NULL DEFAULT 0,
  source_id TEXT NOT NULL,
  source_no INTEGER NOT NULL,
  store_id TEXT NOT NULL REFERENCES stores (id),
  user_id TEXT NOT NULL REFERENCES users (id),
  occurred_at TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (source_id, source_no, kind),
  CONSTRAINT ledger_entries_ledger_known CHECK (ledger IN ('account', 'store_credit', 'gift_card')),
  CONSTRAINT ledger_entries_kind_known CHECK (kind IN ('sale', 'refund', 'void', 'payment', 'issue')),
  CONSTRAINT ledger_entries_amount_bounds CHECK (amount <> 0 AND abs(amount) <= 999999999999999),
  CONSTRAINT ledger_entries_amount_sign CHECK (
    CASE ledger WHEN 'account' THEN kind <> 'issue' AND (kind = 'sale') = (amount > 0)
    ELSE kind <> 'payment' AND (kind = 'sale') = (amount < 0) END),
  CONSTRAINT ledger_entries_happened_boolean CHECK (happened = 0 OR happened = 1),
  CONSTRAINT insufficient_balance CHECK (ledger = 'account' OR balance_after >= 0 OR happened = 1 OR amount > 0)
) STRICT;

CREATE INDEX ledger_entries_by_holder ON ledger_entries (ledger, holder_id, arrival);

CREATE TRIGGER ledger_entries_gift_card BEFORE INSERT ON ledger_entries
WHEN NEW.ledger = 'gift_card' AND NOT EXISTS (SELECT 1 FROM gift_cards WHERE id = NEW.holder_id AND currency = NEW.currency)
BEGIN SELECT RAISE(ABORT, 'gift_card_unknown'); END;

CREATE TRIGGER ledger_entries_customer BEFORE INSERT ON ledger_entries
WHEN NEW.ledger <> 'gift_card' AND NOT EXISTS (SELECT 1 FROM customers WHERE id = NEW.holder_id)
BEGIN SELECT RAISE(ABORT, 'ledger_customer'); END;

-- What is kept in one currency is not added to in another.
CREATE TRIGGER ledger_entries_currency BEFORE INSERT ON ledger_entries
WHEN EXISTS (
  SELECT 1 FROM balances WHERE ledger = NEW.ledger AND holder_id = NEW.holder_id AND currency <> NEW.currency)
BEGIN SELECT RAISE(ABORT, 'ledger_currency'); END;

-- Nobody owes more than the limit, but by what has happened already.
CREATE TRIGGER ledger_entries_credit BEFORE INSERT ON ledger_entries
WHEN NEW.ledger = 'account' AND NEW.amount > 0 AND NEW.happened = 0
  AND NEW.balance_after > (SELECT credit_limit FROM customers WHERE id = NEW.holder_id)
BEGIN SELECT RAISE(ABORT, 'credit_exceeded'); END;

-- A sale, its void and a refund move a ledger by what was tendered in it, the customer's own; there is no void without one.
CREATE TRIGGER ledger_entries_tendered BEFORE INSERT ON ledger_entries
WHEN NOT CASE
  WHEN NEW.kind = 'refund' THEN EXISTS (
    SELECT 1 FROM refund_payments p JOIN refunds r ON r.id = p.refund_id
    WHERE p.refund_id = NEW.source_id AND p.payment_no = NEW.source_no AND p.amount = abs(NEW.amount)
      AND p.method = CASE NEW.ledger WHEN 'account' THEN 'on_account' ELSE NEW.ledger END
      AND r.currency = NEW.currency AND (NEW.ledger = 'gift_card' OR r.customer_id = NEW.holder_id))
  WHEN NEW.kind = 'sale' OR NEW.kind = 'void' THEN EXISTS (
    SELECT 1 FROM sale_payments p JOIN sales s ON s.id = p.sale_id
    WHERE p.sale_id = NEW.source_id AND p.payment_no = NEW.source_no AND p.amount = abs(NEW.amount)
      AND p.method = CASE NEW.ledger WHEN 'account' THEN 'on_account' ELSE NEW.ledger END
      AND s.currency = NEW.currency AND (NEW.ledger = 'gift_card' OR s.customer_id = NEW.holder_id)
      AND (NEW.kind = 'void') = (s.status = 'voided'))
  ELSE 1 END
BEGIN SELECT RAISE(ABORT, 'ledger_not_tendered'); END;

CREATE TRIGGER ledger_entries_apply AFTER INSERT ON ledger_entries
BEGIN
  INSERT INTO balances (ledger, holder_id, currency, balance, ledger_balance, updated_at)
  VALUES (NEW.ledger, NEW.holder_id, NEW.currency, NEW.balance_after, NEW.balance_after, NEW.created_at)
  ON CONFLICT (ledger, holder_id) DO UPDATE SET
    balance = balance + NEW.amount, ledger_balance = NEW.balance_after, updated_at = NEW.created_at;
END;

CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER ledger_entries_no_delete BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- A balance begins at nothing, or with the entry that makes it.
CREATE TRIGGER balances_born_of_entry AFTER INSERT ON balances
WHEN NEW.balance <> (
  SELECT coalesce(sum(amount), 0) FROM ledger_entries WHERE ledger = NEW.ledger AND holder_id = NEW.holder_id)
BEGIN SELECT RAISE(ABORT, 'balance_sum'); END;

-- After that it moves with its newest entry alone.
CREATE TRIGGER balances_follow_entries BEFORE UPDATE ON balances
WHEN NEW.ledger_balance IS NOT (
  SELECT balance_after FROM ledger_entries
  WHERE ledger = NEW.ledger AND holder_id = NEW.holder_id ORDER BY arrival DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'balance_sum'); END;

CREATE TRIGGER balances_stay BEFORE UPDATE OF ledger, holder_id, currency ON balances
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER balances_no_delete BEFORE DELETE ON balances
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- What came for a shift after it was closed, until a supplement Z report takes it in: `z_number` is that of its till.
CREATE TABLE late_records (
  kind TEXT NOT NULL,
  record_id TEXT NOT NULL,
  shift_id TEXT NOT NULL REFERENCES shifts (id),
  terminal_id TEXT NOT NULL,
  z_number INTEGER,
  PRIMARY KEY (kind, record_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX late_records_waiting ON late_records (terminal_id, shift_id) WHERE z_number IS NULL;

CREATE TRIGGER sales_late AFTER INSERT ON sales
WHEN NEW.happened = 1 AND EXISTS (SELECT 1 FROM shifts WHERE id = NEW.shift_id AND status = 'closed')
BEGIN
  INSERT INTO late_records (kind, record_id, shift_id, terminal_id) VALUES ('sale', NEW.id, NEW.shift_id, NEW.terminal_id);
END;

CREATE TRIGGER refunds_late AFTER INSERT ON refunds
WHEN NEW.happened = 1 AND EXISTS (SELECT 1 FROM shifts WHERE id = NEW.shift_id AND status = 'closed')
BEGIN
  INSERT INTO late_records (kind, record_id, shift_id, terminal_id) VALUES ('refund', NEW.id, NEW.shift_id, NEW.terminal_id);
END;

CREATE TRIGGER received_payments_late AFTER INSERT ON received_payments
WHEN NEW.happened = 1 AND EXISTS (SELECT 1 FROM shifts WHERE id = NEW.shift_id AND status = 'closed')
BEGIN
  INSERT INTO late_records (kind, record_id, shift_id, terminal_id)
  VALUES ('received_payment', NEW.id, NEW.shift_id, NEW.terminal_id);
END;

CREATE TRIGGER cash_movements_late AFTER INSERT ON cash_movements
WHEN NEW.happened = 1 AND EXISTS (SELECT 1 FROM shifts WHERE id = NEW.shift_id AND status = 'closed')
BEGIN
  INSERT INTO late_records (kind, record_id, shift_id, terminal_id)
  VALUES ('cash_movement', NEW.id, NEW.shift_id, NEW.terminal_id);
END;

CREATE TRIGGER late_records_born_waiting BEFORE INSERT ON late_records
WHEN NEW.z_number IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'z_chain'); END;

CREATE TRIGGER late_records_stay BEFORE UPDATE OF kind, record_id, shift_id, terminal_id ON late_records
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER late_records_taken_once BEFORE UPDATE OF z_number ON late_records
WHEN OLD.z_number IS NOT NULL OR NOT EXISTS (
  SELECT 1 FROM z_reports
  WHERE terminal_id = NEW.terminal_id AND number = NEW.z_number AND shift_id = NEW.shift_id AND supplement = 1)
BEGIN SELECT RAISE(ABORT, 'z_chain'); END;

-- What is still being written has not been summed.
CREATE TRIGGER late_records_whole BEFORE UPDATE OF z_number ON late_records
WHEN CASE NEW.kind
  WHEN 'sale' THEN (SELECT status = 'parked' FROM sales WHERE id = NEW.record_id)
  WHEN 'refund' THEN (SELECT sealed = 0 FROM refunds WHERE id = NEW.record_id) END
BEGIN SELECT RAISE(ABORT, 'stale_shift'); END;

CREATE TRIGGER late_records_no_delete BEFORE DELETE ON late_records
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- The closing has summed every record of the shift, or it sums again.
CREATE TRIGGER shifts_records_summed BEFORE UPDATE OF status ON shifts
WHEN NEW.records <> (SELECT count(*) FROM sales WHERE shift_id = NEW.id)
  + (SELECT count(*) FROM sale_voids WHERE shift_id = NEW.id)
  + (SELECT count(*) FROM refunds WHERE shift_id = NEW.id)
  + (SELECT count(*) FROM received_payments WHERE shift_id = NEW.id)
  + (SELECT count(*) FROM cash_movements WHERE shift_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'stale_shift'); END;

-- Nothing that is still being written is left behind in it.
CREATE TRIGGER shifts_nothing_unfinished BEFORE UPDATE OF status ON shifts
WHEN EXISTS (SELECT 1 FROM sales WHERE shift_id = NEW.id AND status = 'parked')
  OR EXISTS (SELECT 1 FROM refunds WHERE shift_id = NEW.id AND sealed = 0)
BEGIN SELECT RAISE(ABORT, 'stale_shift'); END;

-- Z reports: numbered from 1 for each till, each linked to the one before by its hash. `records` is how many rows it sums.
CREATE TABLE z_reports (
  arrival INTEGER PRIMARY KEY,
  terminal_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  store_id TEXT NOT NULL,
  shift_id TEXT NOT NULL,
  supplement INTEGER NOT NULL,
  records INTEGER NOT NULL,
  business_date TEXT NOT NULL,
  net INTEGER NOT NULL,
  grand_total INTEGER NOT NULL,
  previous_hash TEXT,
  hash TEXT NOT NULL,
  report TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT z_reports_supplement_boolean CHECK (supplement = 0 OR supplement = 1),
  CONSTRAINT z_reports_hash_form CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),
  CONSTRAINT z_reports_says CHECK (
    (report ->> 'number', report ->> 'store_id', report ->> 'terminal_id', report ->> 'shift_id', report ->> 'business_date')
      IS (number, store_id, terminal_id, shift_id, business_date)
    AND (report ->> 'net', report ->> 'grand_total', report ->> 'previous_hash', report ->> 'hash')
      IS (net, grand_total, previous_hash, hash))
) STRICT;

CREATE INDEX z_reports_by_number ON z_reports (terminal_id, number);
CREATE INDEX z_reports_by_terminal ON z_reports (terminal_id);
CREATE INDEX z_reports_by_store ON z_reports (store_id);
CREATE INDEX z_reports_by_shift ON z_reports (shift_id);
CREATE INDEX z_reports_by_business_date ON z_reports (store_id, business_date, arrival);
CREATE UNIQUE INDEX z_reports_one_a_shift ON z_reports (shift_id) WHERE supplement = 0;

CREATE TRIGGER z_reports_chain BEFORE INSERT ON z_reports
WHEN (
  SELECT NEW.number = coalesce(max(z.number), 0) + 1 AND NEW.previous_hash IS z.hash
    AND NEW.grand_total = coalesce(z.grand_total, 0) + NEW.net
  FROM (SELECT number, hash, grand_total FROM z_reports WHERE terminal_id = NEW.terminal_id ORDER BY number DESC LIMIT 1) z
) IS NOT 1
BEGIN SELECT RAISE(ABORT, 'z_chain'); END;

-- It is of a closed shift, and sums what its closing summed.
CREATE TRIGGER z_reports_of_closed_shift BEFORE INSERT ON z_reports
WHEN NOT EXISTS (
  SELECT 1 FROM shifts
  WHERE id = NEW.shift_id AND terminal_id = NEW.terminal_id AND store_id = NEW.store_id AND status = 'closed'
    AND business_date = NEW.business_date AND (records = NEW.records OR NEW.supplement = 1))
BEGIN SELECT RAISE(ABORT, 'z_of_open_shift'); END;

-- A supplement adds to a Z report, and sums all that waits for it, or it sums again.
CREATE TRIGGER z_reports_supplement_sums BEFORE INSERT ON z_reports
WHEN NEW.supplement = 1
BEGIN
  SELECT RAISE(ABORT, 'z_missing') WHERE NOT EXISTS (
    SELECT 1 FROM z_reports WHERE shift_id = NEW.shift_id AND supplement = 0);
  SELECT RAISE(ABORT, 'stale_shift') FROM (
    SELECT count(*) AS waiting FROM late_records
    WHERE terminal_id = NEW.terminal_id AND shift_id = NEW.shift_id AND z_number IS NULL)
  WHERE waiting = 0 OR waiting <> NEW.records;
END;

CREATE TRIGGER z_reports_take_late AFTER INSERT ON z_reports
WHEN NEW.supplement = 1
BEGIN
  UPDATE late_records SET z_number = NEW.number
  WHERE terminal_id = NEW.terminal_id AND shift_id = NEW.shift_id AND z_number IS NULL;
END;

CREATE TRIGGER z_reports_no_update BEFORE UPDATE ON z_reports
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER z_reports_no_delete BEFORE DELETE ON z_reports
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- The stock ledger once more, with voids in it.
CREATE TABLE stock_movements_before AS SELECT * FROM stock_movements;
DROP TABLE stock_movements;

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
    reason = 'sale' OR reason = 'refund' OR reason = 'void' OR reason = 'received' OR reason = 'adjusted'
    OR reason = 'damaged'),
  CONSTRAINT stock_movements_quantity_sign CHECK (
    quantity <> 0
    AND (reason NOT IN ('refund', 'void', 'received') OR quantity > 0)
    AND (reason NOT IN ('sale', 'damaged') OR quantity < 0)),
  CONSTRAINT stock_movements_quantity_bounds CHECK (abs(quantity) <= 1000000000),
  CONSTRAINT insufficient_stock CHECK (on_hand_after >= 0 OR oversell = 1 OR quantity > 0),
  CONSTRAINT stock_movements_oversell_boolean CHECK (oversell IN (0, 1)),
  CONSTRAINT stock_movements_unit_cost_bounds CHECK (unit_cost BETWEEN 0 AND 999999999999),
  CONSTRAINT stock_movements_batch_length CHECK (length(batch) BETWEEN 1 AND 64),
  CONSTRAINT stock_movements_expires_on_form CHECK (expires_on GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  CONSTRAINT stock_movements_note_length CHECK (length(note) <= 500)
) STRICT;

INSERT INTO stock_movements (arrival, store_id, product_id, reason, quantity, on_hand_after, oversell, unit_cost, batch,
  expires_on, note, source_id, line_no, occurred_at, created_at)
SELECT arrival, store_id, product_id, reason, quantity, on_hand_after, oversell, unit_cost, batch,
  expires_on, note, source_id, line_no, occurred_at, created_at
FROM stock_movements_before;
DROP TABLE stock_movements_before;

CREATE INDEX stock_movements_by_product ON stock_movements (store_id, product_id, arrival);

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

CREATE TRIGGER stock_movements_no_update BEFORE UPDATE ON stock_movements
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER stock_movements_no_delete BEFORE DELETE ON stock_movements
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TABLE sync_exceptions_before AS SELECT * FROM sync_exceptions;
DROP TABLE sync_exceptions;

CREATE TABLE sync_exceptions (
  arrival INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'open',
  store_id TEXT NOT NULL,
  terminal_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  -- The last number of the hole that a number_gap tells of; `seq` is the first.
  seq_to INTEGER,
  sale_id TEXT REFERENCES sales (id),
  detail TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  resolved_at TEXT,
  resolved_by TEXT REFERENCES users (id),
  note TEXT,
  FOREIGN KEY (terminal_id, store_id) REFERENCES terminals (id, store_id),
  CONSTRAINT sync_exceptions_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  CONSTRAINT sync_exceptions_type_known CHECK (
    type IN ('oversold', 'stale_price', 'closed_shift', 'credit_exceeded', 'clock_skew', 'number_gap', 'number_repeat')),
  CONSTRAINT sync_exceptions_state_known CHECK (state IN ('open', 'resolved')),
  CONSTRAINT sync_exceptions_gap_range CHECK ((type = 'number_gap') = (seq_to IS NOT NULL) AND coalesce(seq_to, seq) >= seq),
  CONSTRAINT sync_exceptions_resolved_when CHECK ((state = 'resolved') = (resolved_at IS NOT NULL))
) STRICT;

INSERT INTO sync_exceptions (arrival, id, type, state, store_id, terminal_id, seq, seq_to, sale_id, detail, opened_at, resolved_at,
  resolved_by, note)
SELECT arrival, id, type, state, store_id, terminal_id, seq, seq_to, sale_id, detail, opened_at, resolved_at,
  resolved_by, note
FROM sync_exceptions_before;
DROP TABLE sync_exceptions_before;

CREATE INDEX sync_exceptions_by_store ON sync_exceptions (store_id, state, arrival);
-- A hole in a till's numbers is opened once and found again when the command comes.
CREATE UNIQUE INDEX sync_exceptions_gap_unique ON sync_exceptions (terminal_id, seq) WHERE type = 'number_gap';

CREATE TRIGGER sync_exceptions_stay_resolved BEFORE UPDATE ON sync_exceptions
WHEN OLD.state = 'resolved'
BEGIN SELECT RAISE(ABORT, 'exception_resolved'); END;
