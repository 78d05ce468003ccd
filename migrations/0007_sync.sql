-- What makes a request safe to send again, and what an offline till's commands leave behind.

CREATE TABLE idempotency_keys (
  store_id TEXT NOT NULL REFERENCES stores (id),
  key TEXT NOT NULL,
  operation TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  response TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (store_id, key),
  CONSTRAINT idempotency_keys_key_length CHECK (length(key) BETWEEN 1 AND 200),
  CONSTRAINT idempotency_keys_fingerprint_form CHECK (length(fingerprint) = 64 AND fingerprint NOT GLOB '*[^0-9a-f]*'),
  CONSTRAINT idempotency_keys_response_json CHECK (json_valid(response))
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TRIGGER idempotency_keys_no_update BEFORE UPDATE ON idempotency_keys
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- The command that holds each of a till's sequence numbers; a command that was rejected has been heard of, but
-- leaves no key, so that its number can be taken by the same command mended.
CREATE TABLE sync_commands (
  terminal_id TEXT NOT NULL REFERENCES terminals (id),
  seq INTEGER NOT NULL,
  key TEXT,
  received_at TEXT NOT NULL,
  PRIMARY KEY (terminal_id, seq),
  CONSTRAINT sync_commands_seq_bounds CHECK (seq BETWEEN 1 AND 9007199254740991)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER sync_commands_number_kept BEFORE UPDATE ON sync_commands
WHEN OLD.key IS NOT NULL AND NEW.key IS NOT OLD.key
BEGIN SELECT RAISE(ABORT, 'number_repeat'); END;

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
  CONSTRAINT sync_exceptions_type_known CHECK (type IN ('oversold', 'stale_price', 'clock_skew', 'number_gap', 'number_repeat')),
  CONSTRAINT sync_exceptions_state_known CHECK (state IN ('open', 'resolved')),
  CONSTRAINT sync_exceptions_gap_range CHECK ((type = 'number_gap') = (seq_to IS NOT NULL) AND coalesce(seq_to, seq) >= seq),
  CONSTRAINT sync_exceptions_resolved_when CHECK ((state = 'resolved') = (resolved_at IS NOT NULL))
) STRICT;

CREATE INDEX sync_exceptions_by_store ON sync_exceptions (store_id, state, arrival);
-- A hole in a till's numbers is opened once and found again when the command comes.
CREATE UNIQUE INDEX sync_exceptions_gap_unique ON sync_exceptions (terminal_id, seq) WHERE type = 'number_gap';

CREATE TRIGGER sync_exceptions_stay_resolved BEFORE UPDATE ON sync_exceptions
WHEN OLD.state = 'resolved'
BEGIN SELECT RAISE(ABORT, 'exception_resolved'); END;
