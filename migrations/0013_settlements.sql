-- A balance may be paid with more cash than is due. `amount` is what stayed of a tender, `change_given` what went back of it.
ALTER TABLE received_payments ADD COLUMN change_given INTEGER NOT NULL DEFAULT 0
  CONSTRAINT received_payments_change_bounds CHECK (
    change_given = 0 OR (change_given BETWEEN 1 AND 999999999999 AND method = 'cash' AND amount > 0));

-- What of such tenders went back, apart from `change_due`, which went out of the drawer with the sale itself. What was handed
-- over in all is `paid_total` and this.
ALTER TABLE sales ADD COLUMN later_change INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER sales_later_change_born BEFORE INSERT ON sales
WHEN NEW.later_change <> 0
BEGIN SELECT RAISE(ABORT, 'sale_later_change'); END;

-- It is what went back of what was received for the sale, and nothing else.
CREATE TRIGGER sales_later_change_received BEFORE UPDATE OF later_change ON sales
WHEN NEW.later_change <> OLD.later_change
  AND NEW.later_change <> (SELECT coalesce(sum(change_given), 0) FROM received_payments WHERE sale_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'sale_later_change'); END;

DROP TRIGGER received_payments_settle;
CREATE TRIGGER received_payments_settle AFTER INSERT ON received_payments
WHEN NEW.sale_id IS NOT NULL
BEGIN
  UPDATE sales
  SET paid_total = paid_total + NEW.amount, balance_due = balance_due - NEW.amount,
    later_change = later_change + NEW.change_given
  WHERE id = NEW.sale_id;
END;

-- The time that a command named by this API: the same with another is another command. '' where it named none; NULL where times are
-- not compared, as a till's, which names by one door what it leaves out by the other.
ALTER TABLE idempotency_keys ADD COLUMN named_time TEXT
  CONSTRAINT idempotency_keys_named_time_form CHECK (named_time = '' OR named_time GLOB '????-??-??T??:??:??.???Z');
