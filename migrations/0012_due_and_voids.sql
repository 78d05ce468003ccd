-- Where nothing is sold or refunded any more nothing is voided either.
CREATE TRIGGER sale_voids_store_active BEFORE INSERT ON sale_voids
WHEN EXISTS (SELECT 1 FROM stores WHERE id = NEW.store_id AND active = 0)
BEGIN SELECT RAISE(ABORT, 'store_inactive'); END;
