-- Who may do what, and where. Every table is STRICT, every bound is a named CHECK: the name is what the API's
-- problem table and the guard test know it by. `arrival` is the server's own order, in which lists are paged.

CREATE TABLE stores (
  arrival INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  currency TEXT NOT NULL,
  timezone TEXT NOT NULL,
  day_cutoff TEXT NOT NULL,
  tax_mode TEXT NOT NULL,
  rounding_mode TEXT NOT NULL,
  rounding_scope TEXT NOT NULL,
  cash_rounding INTEGER NOT NULL,
  drawer_tolerance INTEGER NOT NULL,
  allow_oversell INTEGER NOT NULL,
  receipt_header TEXT NOT NULL,
  receipt_footer TEXT NOT NULL,
  receipt_width INTEGER NOT NULL,
  active INTEGER NOT NULL DEFAULT 1,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT stores_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  CONSTRAINT stores_code_form CHECK (length(code) BETWEEN 2 AND 8 AND code NOT GLOB '*[^A-Z0-9]*'),
  CONSTRAINT stores_name_length CHECK (length(name) BETWEEN 1 AND 200),
  CONSTRAINT stores_currency_form CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),
  CONSTRAINT stores_day_cutoff_form CHECK (day_cutoff GLOB '[0-2][0-9]:[0-5][0-9]' AND day_cutoff < '24:00'),
  CONSTRAINT stores_tax_mode_known CHECK (tax_mode IN ('inclusive', 'exclusive')),
  CONSTRAINT stores_rounding_mode_known CHECK (rounding_mode IN ('half_up', 'half_even')),
  CONSTRAINT stores_rounding_scope_known CHECK (rounding_scope IN ('line', 'invoice')),
  CONSTRAINT stores_cash_rounding_bounds CHECK (cash_rounding BETWEEN 1 AND 1000000),
  CONSTRAINT stores_drawer_tolerance_bounds CHECK (drawer_tolerance BETWEEN 0 AND 999999999999),
  CONSTRAINT stores_allow_oversell_boolean CHECK (allow_oversell IN (0, 1)),
  CONSTRAINT stores_receipt_width_bounds CHECK (receipt_width BETWEEN 24 AND 80),
  CONSTRAINT stores_active_boolean CHECK (active IN (0, 1))
) STRICT;

-- The money of a sale is priced by these rules, so a change of them must be seen by a cache that holds them.
CREATE TRIGGER stores_version_advances BEFORE UPDATE ON stores
WHEN NEW.version <> OLD.version + 1
BEGIN SELECT RAISE(ABORT, 'stale_version'); END;

-- What was sold in one currency is never read as another.
CREATE TRIGGER stores_currency_frozen BEFORE UPDATE OF currency ON stores
WHEN NEW.currency <> OLD.currency
BEGIN SELECT RAISE(ABORT, 'stores_currency_frozen'); END;

CREATE TABLE terminals (
  arrival INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  store_id TEXT NOT NULL REFERENCES stores (id),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  UNIQUE (store_id, code),
  UNIQUE (id, store_id),
  CONSTRAINT terminals_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  -- '00' numbers what is sold without a till.
  CONSTRAINT terminals_code_form CHECK (length(code) = 2 AND code NOT GLOB '*[^A-Z0-9]*' AND code <> '00'),
  CONSTRAINT terminals_name_length CHECK (length(name) BETWEEN 1 AND 200),
  CONSTRAINT terminals_active_boolean CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE roles (
  name TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

INSERT INTO roles (name) VALUES ('admin'), ('employee'), ('cashier');

CREATE TABLE users (
  arrival INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  username TEXT NOT NULL COLLATE NOCASE UNIQUE,
  full_name TEXT NOT NULL,
  email TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL REFERENCES roles (name),
  active INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT users_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  CONSTRAINT users_username_length CHECK (length(username) BETWEEN 2 AND 64),
  CONSTRAINT users_full_name_length CHECK (length(full_name) BETWEEN 1 AND 200),
  CONSTRAINT users_email_length CHECK (length(email) BETWEEN 3 AND 254),
  -- A PHC string of scrypt: a password in clear can never be stored.
  CONSTRAINT users_password_hash_form CHECK (password_hash GLOB '$scrypt$ln=*,r=*,p=*$*$*'),
  CONSTRAINT users_active_boolean CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE user_stores (
  user_id TEXT NOT NULL REFERENCES users (id),
  store_id TEXT NOT NULL REFERENCES stores (id),
  PRIMARY KEY (user_id, store_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX user_stores_by_store ON user_stores (store_id, user_id);

-- `gate` names the Durable Object that every request of the session passes: a store's id, or 'hq'.
CREATE TABLE sessions (
  id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  gate TEXT NOT NULL,
  created_at TEXT NOT NULL,
  revoked_at TEXT,
  CONSTRAINT sessions_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????')
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_user ON sessions (user_id, created_at);

CREATE TRIGGER sessions_stay_revoked BEFORE UPDATE ON sessions
WHEN OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NOT OLD.revoked_at
BEGIN SELECT RAISE(ABORT, 'session_revoked'); END;

-- A token is replaced once: the second use of it meets this UNIQUE, and its family is revoked.
CREATE TABLE refresh_tokens (
  token_hash TEXT NOT NULL PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES sessions (id),
  replaces TEXT UNIQUE REFERENCES refresh_tokens (token_hash),
  expires_at TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT refresh_tokens_are_hashed CHECK (length(token_hash) = 64 AND token_hash NOT GLOB '*[^0-9a-f]*')
) STRICT, WITHOUT ROWID;

CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

CREATE TRIGGER refresh_tokens_session_live BEFORE INSERT ON refresh_tokens
WHEN NOT EXISTS (
  SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.id = NEW.session_id AND s.revoked_at IS NULL AND u.active = 1)
BEGIN SELECT RAISE(ABORT, 'session_revoked'); END;

-- Every change writes an entry in its own batch, so this is where a batch is authorized: an entry by a session
-- that is revoked, or of a user who is not active, aborts all of it.
CREATE TABLE audit_entries (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  action TEXT NOT NULL,
  entity_type TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  store_id TEXT REFERENCES stores (id),
  actor_id TEXT REFERENCES users (id),
  session_id TEXT REFERENCES sessions (id),
  request_id TEXT NOT NULL,
  ip TEXT,
  before TEXT,
  after TEXT,
  CONSTRAINT audit_entries_action_form CHECK (action GLOB '[a-z]*.[a-z]*' AND length(action) <= 100),
  CONSTRAINT audit_entries_before_json CHECK (before IS NULL OR json_valid(before)),
  CONSTRAINT audit_entries_after_json CHECK (after IS NULL OR json_valid(after)),
  CONSTRAINT audit_entries_actor_has_session CHECK ((actor_id IS NULL) = (session_id IS NULL))
) STRICT;

CREATE TRIGGER audit_entries_session_live BEFORE INSERT ON audit_entries
WHEN NEW.session_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.id = NEW.session_id AND s.user_id = NEW.actor_id AND s.revoked_at IS NULL AND u.active = 1)
BEGIN SELECT RAISE(ABORT, 'session_revoked'); END;

CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'append_only'); END;
