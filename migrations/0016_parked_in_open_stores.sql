-- Where nothing is sold any more nothing is put aside to be sold either.
CREATE TRIGGER parked_sales_store_active BEFORE INSERT ON parked_sales
WHEN EXISTS (SELECT 1 FROM stores WHERE id = NEW.store_id AND active = 0)
BEGIN SELECT RAISE(ABORT, 'store_inactive'); END;
