-- People change: roles that an admin makes, users and terminals that are edited, credentials other than a password.

-- The permissions of the built-in roles stand in the code; these columns are those of the roles an admin makes.
ALTER TABLE roles ADD COLUMN arrival INTEGER;
ALTER TABLE roles ADD COLUMN id TEXT
  CONSTRAINT roles_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????');
ALTER TABLE roles ADD COLUMN built_in INTEGER NOT NULL DEFAULT 0
  CONSTRAINT roles_built_in_boolean CHECK (built_in IN (0, 1));
ALTER TABLE roles ADD COLUMN description TEXT NOT NULL DEFAULT ''
  CONSTRAINT roles_description_length CHECK (length(description) <= 200);
ALTER TABLE roles ADD COLUMN permissions TEXT NOT NULL DEFAULT '[]'
  CONSTRAINT roles_permissions_list CHECK (json_valid(permissions) AND json_type(permissions) = 'array');
ALTER TABLE roles ADD COLUMN max_discount_ppm INTEGER NOT NULL DEFAULT 0
  CONSTRAINT roles_max_discount_bounds CHECK (max_discount_ppm BETWEEN 0 AND 1000000);
ALTER TABLE roles ADD COLUMN active INTEGER NOT NULL DEFAULT 1
  CONSTRAINT roles_active_boolean CHECK (active IN (0, 1));
ALTER TABLE roles ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE roles ADD COLUMN created_at TEXT NOT NULL DEFAULT '2026-11-01T00:00:00.000Z';
ALTER TABLE roles ADD COLUMN updated_at TEXT NOT NULL DEFAULT '2026-11-01T00:00:00.000Z';

UPDATE roles SET built_in = 1, arrival = 1, id = '019a3d50-0000-7000-8000-000000000001' WHERE name = 'admin';
UPDATE roles SET built_in = 1, arrival = 2, id = '019a3d50-0000-7000-8000-000000000002' WHERE name = 'employee';
UPDATE roles SET built_in = 1, arrival = 3, id = '019a3d50-0000-7000-8000-000000000003' WHERE name = 'cashier';

CREATE UNIQUE INDEX roles_id ON roles (id);
CREATE UNIQUE INDEX roles_arrival ON roles (arrival);

CREATE TRIGGER roles_name_form BEFORE INSERT ON roles
WHEN NOT (length(NEW.name) BETWEEN 2 AND 40 AND NEW.name GLOB '[a-z]*' AND NEW.name NOT GLOB '*[^a-z0-9_-]*'
  AND NEW.id IS NOT NULL AND NEW.arrival IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'roles_name_form'); END;

CREATE TRIGGER roles_built_in_fixed BEFORE UPDATE ON roles
WHEN OLD.built_in = 1 OR NEW.built_in = 1
BEGIN SELECT RAISE(ABORT, 'role_built_in'); END;

CREATE TRIGGER roles_version_advances BEFORE UPDATE ON roles
WHEN NEW.version <> OLD.version + 1
BEGIN SELECT RAISE(ABORT, 'stale_version'); END;

CREATE TRIGGER roles_in_use BEFORE UPDATE OF active ON roles
WHEN NEW.active = 0 AND EXISTS (SELECT 1 FROM users WHERE role = NEW.name AND active = 1)
BEGIN SELECT RAISE(ABORT, 'role_in_use'); END;

-- `credential_version` advances with whatever a sign-in rests on: password, PIN, role, stores taken away, activity,
-- what the role permits. A sign-in that read the user before such a change opens no session after it.
ALTER TABLE users ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE users ADD COLUMN credential_version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE users ADD COLUMN must_change_password INTEGER NOT NULL DEFAULT 0
  CONSTRAINT users_must_change_password_boolean CHECK (must_change_password IN (0, 1));

CREATE INDEX users_by_role ON users (role, active);

CREATE TRIGGER users_version_advances BEFORE UPDATE OF full_name, email, role, active, version ON users
WHEN NEW.version <> OLD.version + 1
BEGIN SELECT RAISE(ABORT, 'stale_version'); END;

CREATE TRIGGER users_keep_an_admin BEFORE UPDATE OF role, active ON users
WHEN OLD.role = 'admin' AND OLD.active = 1 AND (NEW.role <> 'admin' OR NEW.active = 0)
  AND NOT EXISTS (SELECT 1 FROM users WHERE role = 'admin' AND active = 1 AND id <> OLD.id)
BEGIN SELECT RAISE(ABORT, 'last_admin'); END;

CREATE TRIGGER users_never_erased BEFORE DELETE ON users
BEGIN SELECT RAISE(ABORT, 'users_never_erased'); END;

CREATE TRIGGER roles_end_sign_ins AFTER UPDATE OF permissions, max_discount_ppm ON roles
BEGIN UPDATE users SET credential_version = credential_version + 1 WHERE role = NEW.name; END;

CREATE TRIGGER users_role_active_insert BEFORE INSERT ON users
WHEN EXISTS (SELECT 1 FROM roles WHERE name = NEW.role AND active = 0)
BEGIN SELECT RAISE(ABORT, 'role_inactive'); END;

CREATE TRIGGER users_role_active_update BEFORE UPDATE OF role, active ON users
WHEN NEW.active = 1 AND EXISTS (SELECT 1 FROM roles WHERE name = NEW.role AND active = 0)
BEGIN SELECT RAISE(ABORT, 'role_inactive'); END;

ALTER TABLE terminals ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

CREATE TRIGGER terminals_version_advances BEFORE UPDATE ON terminals
WHEN NEW.version <> OLD.version + 1
BEGIN SELECT RAISE(ABORT, 'stale_version'); END;

CREATE TRIGGER terminals_stay_in_store BEFORE UPDATE OF store_id, code ON terminals
WHEN NEW.store_id <> OLD.store_id OR NEW.code <> OLD.code
BEGIN SELECT RAISE(ABORT, 'terminals_stay_in_store'); END;

-- A code a person types into a till; kept as a keyed hash, because it is short.
CREATE TABLE pairing_codes (
  code_hash TEXT NOT NULL PRIMARY KEY,
  terminal_id TEXT NOT NULL REFERENCES terminals (id),
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  CONSTRAINT pairing_codes_are_hashed CHECK (length(code_hash) = 64 AND code_hash NOT GLOB '*[^0-9a-f]*')
) STRICT, WITHOUT ROWID;

CREATE INDEX pairing_codes_by_terminal ON pairing_codes (terminal_id, expires_at);

CREATE TRIGGER pairing_codes_only_expire BEFORE UPDATE ON pairing_codes
WHEN NEW.code_hash <> OLD.code_hash OR NEW.terminal_id <> OLD.terminal_id OR NEW.created_at <> OLD.created_at
  OR NEW.expires_at > OLD.expires_at
BEGIN SELECT RAISE(ABORT, 'pairing_codes_only_expire'); END;

-- What a till signs in with. A code makes one device, ever; a terminal has one that is live.
CREATE TABLE devices (
  id TEXT NOT NULL PRIMARY KEY,
  terminal_id TEXT NOT NULL REFERENCES terminals (id),
  token_hash TEXT NOT NULL UNIQUE,
  code_hash TEXT NOT NULL UNIQUE REFERENCES pairing_codes (code_hash),
  paired_at TEXT NOT NULL,
  revoked_at TEXT,
  CONSTRAINT devices_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  CONSTRAINT devices_token_is_hashed CHECK (length(token_hash) = 64 AND token_hash NOT GLOB '*[^0-9a-f]*')
) STRICT, WITHOUT ROWID;

CREATE INDEX devices_by_terminal ON devices (terminal_id);
CREATE UNIQUE INDEX devices_one_live ON devices (terminal_id) WHERE revoked_at IS NULL;

-- `paired_at` is when the request came, which may be long before it is written: a code that is called in expires at
-- the moment it was made, so that no request, however early, finds it good.
CREATE TRIGGER devices_code_valid BEFORE INSERT ON devices
WHEN NOT EXISTS (
  SELECT 1 FROM pairing_codes c JOIN terminals t ON t.id = c.terminal_id
  WHERE c.code_hash = NEW.code_hash AND c.terminal_id = NEW.terminal_id
    AND c.created_at <= NEW.paired_at AND c.expires_at > NEW.paired_at AND t.active = 1)
BEGIN SELECT RAISE(ABORT, 'pairing_code_invalid'); END;

CREATE TRIGGER devices_stay_revoked BEFORE UPDATE ON devices
WHEN OLD.revoked_at IS NOT NULL OR NEW.terminal_id <> OLD.terminal_id OR NEW.token_hash <> OLD.token_hash
  OR NEW.code_hash <> OLD.code_hash
BEGIN SELECT RAISE(ABORT, 'device_revoked'); END;

-- With the row would go the proof that its code was used.
CREATE TRIGGER devices_never_erased BEFORE DELETE ON devices
BEGIN SELECT RAISE(ABORT, 'devices_never_erased'); END;

-- A PIN is good on a paired till of one store. Twenty wrong ones in a row lock it until a manager lifts that.
CREATE TABLE user_pins (
  user_id TEXT NOT NULL REFERENCES users (id),
  store_id TEXT NOT NULL REFERENCES stores (id),
  pin_hash TEXT NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  set_at TEXT NOT NULL,
  PRIMARY KEY (user_id, store_id),
  CONSTRAINT user_pins_hash_form CHECK (pin_hash GLOB '$scrypt$ln=*,r=*,p=*$*$*'),
  CONSTRAINT user_pins_failures_bounds CHECK (failures BETWEEN 0 AND 20)
) STRICT, WITHOUT ROWID;

CREATE TABLE passkeys (
  arrival INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL REFERENCES users (id),
  credential_id TEXT NOT NULL UNIQUE,
  public_key TEXT NOT NULL,
  sign_count INTEGER NOT NULL,
  transports TEXT NOT NULL,
  name TEXT NOT NULL,
  backed_up INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  last_used_at TEXT,
  CONSTRAINT passkeys_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  CONSTRAINT passkeys_credential_id_length CHECK (length(credential_id) BETWEEN 1 AND 1400),
  CONSTRAINT passkeys_public_key_length CHECK (length(public_key) BETWEEN 1 AND 4000),
  CONSTRAINT passkeys_sign_count_bounds CHECK (sign_count BETWEEN 0 AND 4294967295),
  CONSTRAINT passkeys_transports_list CHECK (json_valid(transports) AND json_type(transports) = 'array'),
  CONSTRAINT passkeys_name_length CHECK (length(name) BETWEEN 1 AND 100),
  CONSTRAINT passkeys_backed_up_boolean CHECK (backed_up IN (0, 1))
) STRICT;

CREATE INDEX passkeys_by_user ON passkeys (user_id, arrival);

CREATE TRIGGER passkeys_bounded BEFORE INSERT ON passkeys
WHEN (SELECT count(*) FROM passkeys WHERE user_id = NEW.user_id) >= 20
BEGIN SELECT RAISE(ABORT, 'too_many_passkeys'); END;

-- A counter that goes back is a copied key (WebAuthn level 3, 6.1.1).
CREATE TRIGGER passkeys_count_up BEFORE UPDATE OF sign_count ON passkeys
WHEN NEW.sign_count < OLD.sign_count
BEGIN SELECT RAISE(ABORT, 'passkeys_count_up'); END;

-- Challenges are signed and not kept; a spent one is, until it would have expired anyway.
CREATE TABLE spent_challenges (
  challenge_hash TEXT NOT NULL PRIMARY KEY,
  expires_at TEXT NOT NULL,
  CONSTRAINT spent_challenges_are_hashed CHECK (length(challenge_hash) = 64 AND challenge_hash NOT GLOB '*[^0-9a-f]*')
) STRICT, WITHOUT ROWID;

CREATE INDEX spent_challenges_by_age ON spent_challenges (expires_at);

ALTER TABLE sessions ADD COLUMN method TEXT NOT NULL DEFAULT 'password'
  CONSTRAINT sessions_method_known CHECK (method = 'password' OR method = 'pin' OR method = 'passkey');
ALTER TABLE sessions ADD COLUMN transport TEXT NOT NULL DEFAULT 'bearer'
  CONSTRAINT sessions_transport_known CHECK (transport IN ('bearer', 'cookie'));
ALTER TABLE sessions ADD COLUMN credential_version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE sessions ADD COLUMN device_id TEXT REFERENCES devices (id)
  CONSTRAINT sessions_pin_on_till CHECK (method <> 'pin' OR device_id IS NOT NULL);
ALTER TABLE sessions ADD COLUMN refreshed_at TEXT NOT NULL DEFAULT '2026-11-01T00:00:00.000Z';
ALTER TABLE sessions ADD COLUMN ip TEXT;
ALTER TABLE sessions ADD COLUMN user_agent TEXT
  CONSTRAINT sessions_user_agent_length CHECK (length(user_agent) <= 200);

UPDATE sessions SET refreshed_at = coalesce(
  (SELECT max(created_at) FROM refresh_tokens WHERE session_id = sessions.id), created_at);

-- What ends together is found together: first what still lives, then what ended so lately that a token may outlive it.
CREATE INDEX sessions_by_user_end ON sessions (user_id, revoked_at);
CREATE INDEX sessions_by_device_end ON sessions (device_id, revoked_at) WHERE device_id IS NOT NULL;
CREATE INDEX sessions_by_gate_end ON sessions (gate, revoked_at);
DROP INDEX sessions_by_user;

CREATE TRIGGER sessions_credentials_current BEFORE INSERT ON sessions
WHEN NOT EXISTS (
  SELECT 1 FROM users u
  WHERE u.id = NEW.user_id AND u.active = 1 AND u.credential_version = NEW.credential_version)
BEGIN SELECT RAISE(ABORT, 'credentials_changed'); END;

CREATE TRIGGER sessions_device_live BEFORE INSERT ON sessions
WHEN NEW.device_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM devices d JOIN terminals t ON t.id = d.terminal_id
  WHERE d.id = NEW.device_id AND d.revoked_at IS NULL AND t.active = 1 AND t.store_id = NEW.gate)
BEGIN SELECT RAISE(ABORT, 'device_revoked'); END;

CREATE TRIGGER sessions_pin_unlocked BEFORE INSERT ON sessions
WHEN NEW.method = 'pin' AND NOT EXISTS (
  SELECT 1 FROM user_pins p WHERE p.user_id = NEW.user_id AND p.store_id = NEW.gate AND p.failures < 20)
BEGIN SELECT RAISE(ABORT, 'pin_locked'); END;

CREATE TRIGGER sessions_store_active BEFORE INSERT ON sessions
WHEN NEW.gate <> 'hq' AND NOT EXISTS (SELECT 1 FROM stores WHERE id = NEW.gate AND active = 1)
BEGIN SELECT RAISE(ABORT, 'store_inactive'); END;

-- The wall between stores, for every write: an entry about a store is by someone who works there now, whatever an
-- older token says.
CREATE TRIGGER audit_entries_store_wall BEFORE INSERT ON audit_entries
WHEN NEW.store_id IS NOT NULL AND NEW.actor_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM users WHERE id = NEW.actor_id AND role = 'admin')
  AND NOT EXISTS (SELECT 1 FROM user_stores WHERE user_id = NEW.actor_id AND store_id = NEW.store_id)
BEGIN SELECT RAISE(ABORT, 'store_wall'); END;
