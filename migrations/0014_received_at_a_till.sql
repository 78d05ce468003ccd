-- Money is received at a till that is in use, as goods are sold at one.
CREATE TRIGGER received_payments_terminal_active BEFORE INSERT ON received_payments
WHEN NEW.terminal_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM terminals WHERE id = NEW.terminal_id AND active = 1)
BEGIN SELECT RAISE(ABORT, 'terminal_inactive'); END;
