import { type Statement, statement } from "../../db/database.ts";
import type { User } from "./schemas.ts";

/** The statements that change a user. `version` goes up with each, `credential_version` with what ends sessions. */

// By the UNIQUE of id.
const UPDATE = `
  UPDATE users SET full_name = ?2, email = ?3, role = ?4, version = ?5 + 1,
    credential_version = credential_version + ?6, updated_at = ?7
  WHERE id = ?1`;

/** Refused by `stale_version` unless `version` is in force. `ends`: whether the change ends the user's sessions. */
export function updateUserStatement(user: User, version: number, ends: boolean, now: Date): Statement {
  const { id, full_name, email, role } = user;
  return statement(UPDATE, id, full_name, email, role, version, Number(ends), now.toISOString());
}

// A range of the primary key.
const DELETE_STORES = `
  DELETE FROM user_stores WHERE user_id = ?1 AND store_id NOT IN (SELECT value FROM json_each(?2))`;

/** Takes away every store but these. */
export function keepStoresStatement(userId: string, storeIds: readonly string[]): Statement {
  return statement(DELETE_STORES, userId, JSON.stringify(storeIds));
}

// A range of the primary key.
const DELETE_PINS = "DELETE FROM user_pins WHERE user_id = ?1 AND store_id NOT IN (SELECT value FROM json_each(?2))";

/** Takes away every PIN but those of these stores: who comes back to a store gets a new one. */
export function keepPinsStatement(userId: string, storeIds: readonly string[]): Statement {
  return statement(DELETE_PINS, userId, JSON.stringify(storeIds));
}

// By the UNIQUE of id. Twice is once.
const DEACTIVATE = `
  UPDATE users SET active = 0, version = version + 1, credential_version = credential_version + 1, updated_at = ?2
  WHERE id = ?1 AND active = 1`;

/** Refused by `last_admin`. */
export function deactivateUserStatement(id: string, now: Date): Statement {
  return statement(DEACTIVATE, id, now.toISOString());
}

// By the UNIQUE of id. Twice is once.
const REACTIVATE = `
  UPDATE users SET active = 1, version = version + 1, updated_at = ?2 WHERE id = ?1 AND active = 0`;

/** Refused by `role_inactive`. */
export function reactivateUserStatement(id: string, now: Date): Statement {
  return statement(REACTIVATE, id, now.toISOString());
}

// By the UNIQUE of id.
const RESET = `
  UPDATE users SET password_hash = ?2, must_change_password = ?3, version = version + 1,
    credential_version = credential_version + 1, updated_at = ?4
  WHERE id = ?1`;

export function resetPasswordStatement(id: string, hash: string, temporary: boolean, now: Date): Statement {
  return statement(RESET, id, hash, Number(temporary), now.toISOString());
}
