-- A hole in a till's own invoice or refund numbers is told of beside the holes in the numbers of its commands: `seq` is the
-- command that showed it, and these are the numbers that are missing.
ALTER TABLE sync_exceptions ADD COLUMN number_kind TEXT
  CONSTRAINT sync_exceptions_number_kind_known CHECK (number_kind IS NULL OR (number_kind IN ('sale', 'refund') AND type = 'number_gap'));
ALTER TABLE sync_exceptions ADD COLUMN number_from INTEGER
  CONSTRAINT sync_exceptions_number_from_bounds CHECK ((number_from IS NULL) = (number_kind IS NULL) AND number_from >= 1);
ALTER TABLE sync_exceptions ADD COLUMN number_to INTEGER
  CONSTRAINT sync_exceptions_number_to_bounds CHECK ((number_to IS NULL) = (number_kind IS NULL) AND number_to >= number_from);

-- Either hole is opened once and found again when what was missing comes.
DROP INDEX sync_exceptions_gap_unique;
CREATE UNIQUE INDEX sync_exceptions_gap_unique ON sync_exceptions (terminal_id, seq)
WHERE type = 'number_gap' AND number_kind IS NULL;
CREATE UNIQUE INDEX sync_exceptions_number_gap_unique ON sync_exceptions (terminal_id, number_kind, number_from)
WHERE number_kind IS NOT NULL;
