import { type Statement, statement } from "../../db/database.ts";

/** A user who is about to have another password. */
export interface OwnerRow {
  username: string;
  full_name: string;
  email: string;
  password_hash: string;
  version: number;
}

// By the UNIQUE of users.id.
const SELECT_OWNER = "SELECT username, full_name, email, password_hash, version FROM users WHERE id = ?1";

export function passwordOwnerStatement(userId: string): Statement {
  return statement(SELECT_OWNER, userId);
}

/** A store whose names a password must not contain. */
export interface StoreNameRow {
  code: string;
  name: string;
}

// Of user_stores, a range of its primary key; of stores, the UNIQUE of id, or for an admin the first row numbers.
const SELECT_STORES = `
  SELECT s.code, s.name FROM user_stores w CROSS JOIN stores s ON s.id = w.store_id WHERE w.user_id = ?1
  UNION ALL
  SELECT code, name FROM (
    SELECT s.code, s.name FROM stores s
    WHERE s.arrival > 0 AND EXISTS (SELECT 1 FROM users WHERE id = ?1 AND role = 'admin') ORDER BY s.arrival LIMIT 100)`;

/** The stores a user works in; of an admin's, who works in all, the first hundred. */
export function storeNamesStatement(userId: string): Statement {
  return statement(SELECT_STORES, userId);
}

// By the UNIQUE of id. Of two changes side by side the second meets a version that is no longer there.
const CHANGE = `
  UPDATE users SET password_hash = ?2, must_change_password = 0, credential_version = credential_version + 1,
    version = ?3 + 1, updated_at = ?4
  WHERE id = ?1`;

/** Refused by `stale_version` when the user was changed since `version` was read. */
export function changePasswordStatement(userId: string, hash: string, version: number, now: Date): Statement {
  return statement(CHANGE, userId, hash, version, now.toISOString());
}
