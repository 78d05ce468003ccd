import { type Statement, statement } from "../../db/database.ts";

/** A user and a store, for what is done to the PIN the user has there. */
export interface PinOwnerRow {
  role: string;
  version: number;
  must_change_password: 0 | 1;
  /** Whether there is such a store. */
  store_known: 0 | 1;
  /** Whether the user works in it; an admin works in all. */
  works_there: 0 | 1;
  /** Whether the user has a PIN there. */
  has_pin: 0 | 1;
}

// By the UNIQUEs of users.id and stores.id, and the primary keys of user_stores and user_pins.
const SELECT_OWNER = `
  SELECT u.role, u.version, u.must_change_password, EXISTS (SELECT 1 FROM stores WHERE id = ?2) AS store_known,
    u.role = 'admin' OR EXISTS (SELECT 1 FROM user_stores WHERE user_id = ?1 AND store_id = ?2) AS works_there,
    EXISTS (SELECT 1 FROM user_pins WHERE user_id = ?1 AND store_id = ?2) AS has_pin
  FROM users u WHERE u.id = ?1`;

export function pinOwnerStatement(userId: string, storeId: string): Statement {
  return statement(SELECT_OWNER, userId, storeId);
}

// By primary key.
const UPSERT = `
  INSERT INTO user_pins (user_id, store_id, pin_hash, failures, set_at) VALUES (?1, ?2, ?3, 0, ?4)
  ON CONFLICT (user_id, store_id) DO UPDATE SET pin_hash = ?3, failures = 0, set_at = ?4`;

// By the UNIQUE of id.
const TOUCH_OWNER = `
  UPDATE users SET version = ?2 + 1, credential_version = credential_version + 1, updated_at = ?3 WHERE id = ?1`;

/** Refused by `stale_version` when the user was changed since `version` was read, as by losing the store. */
export function setPinStatements(
  pin: { user_id: string; store_id: string; hash: string },
  version: number,
  now: Date,
): Statement[] {
  const at = now.toISOString();
  const { user_id, store_id, hash } = pin;
  return [statement(TOUCH_OWNER, user_id, version, at), statement(UPSERT, user_id, store_id, hash, at)];
}

// By primary key.
const DELETE = "DELETE FROM user_pins WHERE user_id = ?1 AND store_id = ?2";

/** The same for taking a PIN away. */
export function removePinStatements(userId: string, storeId: string, version: number, now: Date): Statement[] {
  return [statement(TOUCH_OWNER, userId, version, now.toISOString()), statement(DELETE, userId, storeId)];
}

// By primary key.
const UNLOCK = "UPDATE user_pins SET failures = 0 WHERE user_id = ?1 AND store_id = ?2";

export function unlockPinStatement(userId: string, storeId: string): Statement {
  return statement(UNLOCK, userId, storeId);
}
