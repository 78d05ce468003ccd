-- The refunds of a store in order of arrival, without reading those of others.
CREATE INDEX refunds_by_store ON refunds (store_id);
