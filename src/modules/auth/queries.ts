import { type Statement, statement } from "../../db/database.ts";
import type { SessionMethod, SessionTransport } from "./session-kind.ts";

/** A user as sign-in and refresh need it. */
export interface AccountRow {
  id: string;
  username: string;
  full_name: string;
  email: string;
  password_hash: string;
  role: string;
  /** Of a role that an admin made: a JSON array; null for a built-in one. */
  role_permissions: string | null;
  role_max_discount_ppm: number;
  active: 0 | 1;
  credential_version: number;
  must_change_password: 0 | 1;
  /** A JSON array. */
  store_ids: string;
}

// Of user_stores, a range of its primary key. Of roles, its primary key.
const ACCOUNT = `u.id, u.username, u.full_name, u.email, u.password_hash, u.role, u.active, u.credential_version,
  u.must_change_password, CASE WHEN r.built_in = 0 THEN r.permissions END AS role_permissions,
  r.max_discount_ppm AS role_max_discount_ppm,
  (SELECT json_group_array(store_id) FROM user_stores WHERE user_id = u.id) AS store_ids`;

/** The device whose token a till sent; all null where there is none that is live. */
export interface DeviceColumns {
  device_id: string | null;
  terminal_id: string | null;
  /** The store of that till. */
  till_store_id: string | null;
}

// Of devices, the UNIQUE of token_hash; of terminals, the UNIQUE of id.
const DEVICE = `
  LEFT JOIN devices d ON d.token_hash = ?2 AND d.revoked_at IS NULL
  LEFT JOIN terminals t ON t.id = d.terminal_id AND t.active = 1`;

const DEVICE_COLUMNS =
  "CASE WHEN t.id IS NOT NULL THEN d.id END AS device_id, t.id AS terminal_id, t.store_id AS till_store_id";

/** An account as it stands beside what is there without it: null in every column. */
export type MaybeAccount = { [K in keyof AccountRow]: AccountRow[K] | null };

/** Who asks to sign in by a name, and where. */
export type SignInRow = DeviceColumns &
  MaybeAccount & {
    /** The active store of the code that was asked for, or null. */
    asked_store_id: string | null;
    /** The PIN of the user at the store of the device. */
    pin_hash: string | null;
    pin_failures: number | null;
  };

// Of stores, the UNIQUE of code; of the rest, their keys.
const selectSignIn = (who: string) => `
  SELECT ${ACCOUNT}, ${DEVICE_COLUMNS}, (SELECT id FROM stores WHERE code = ?3 AND active = 1) AS asked_store_id,
    p.pin_hash, p.failures AS pin_failures
  FROM (SELECT 1) LEFT JOIN users u ON ${who} LEFT JOIN roles r ON r.name = u.role ${DEVICE}
  LEFT JOIN user_pins p ON p.user_id = u.id AND p.store_id = t.store_id`;

// By the UNIQUE of users.username, which takes a-z and A-Z for the same.
const SELECT_SIGN_IN = selectSignIn("u.username = ?1");

export function signInStatement(username: string, deviceHash: string | null, storeCode: string | null): Statement {
  return statement(SELECT_SIGN_IN, username, deviceHash, storeCode);
}

// By the UNIQUEs of passkeys.credential_id and users.id.
const SELECT_PASSKEY_SIGN_IN = selectSignIn("u.id = (SELECT user_id FROM passkeys WHERE credential_id = ?1)");

/** The same for who is named by the id of a passkey. */
export function passkeySignInStatement(
  credentialId: string,
  deviceHash: string | null,
  storeCode: string | null,
): Statement {
  return statement(SELECT_PASSKEY_SIGN_IN, credentialId, deviceHash, storeCode);
}

// By the UNIQUE of users.id.
const SELECT_BY_ID = `SELECT ${ACCOUNT} FROM users u JOIN roles r ON r.name = u.role WHERE u.id = ?1`;

export function accountByIdStatement(id: string): Statement {
  return statement(SELECT_BY_ID, id);
}

/** Who approves by PIN at a store. */
export type ManagerRow = MaybeAccount & Pick<SignInRow, "pin_hash" | "pin_failures">;

// By the UNIQUEs of stores.id and users.username, and the primary keys of roles and user_pins.
const SELECT_MANAGER = `
  SELECT ${ACCOUNT}, p.pin_hash, p.failures AS pin_failures
  FROM stores s LEFT JOIN users u ON u.username = ?1 LEFT JOIN roles r ON r.name = u.role
  LEFT JOIN user_pins p ON p.user_id = u.id AND p.store_id = s.id
  WHERE s.id = ?2`;

/** No row where there is no such store. */
export function managerStatement(username: string, storeId: string): Statement {
  return statement(SELECT_MANAGER, username, storeId);
}

/** A refresh token with its session and its user. */
export interface RefreshTokenRow extends AccountRow {
  session_id: string;
  gate: string;
  method: SessionMethod;
  transport: SessionTransport;
  terminal_id: string | null;
  revoked_at: string | null;
  expires_at: string;
  /** 1 when another token has replaced it. */
  used: 0 | 1;
}

// By the primary keys of refresh_tokens, sessions and devices, and the UNIQUEs of users.id and refresh_tokens.replaces.
const SELECT_TOKEN = `
  SELECT ${ACCOUNT}, s.id AS session_id, s.gate, s.method, s.transport, d.terminal_id, s.revoked_at, t.expires_at,
    EXISTS (SELECT 1 FROM refresh_tokens n WHERE n.replaces = t.token_hash) AS used
  FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id
  JOIN roles r ON r.name = u.role LEFT JOIN devices d ON d.id = s.device_id
  WHERE t.token_hash = ?1`;

export function refreshTokenStatement(tokenHash: string): Statement {
  return statement(SELECT_TOKEN, tokenHash);
}

interface NewRefreshToken {
  token_hash: string;
  session_id: string;
  /** The hash of the token it takes the place of; null for a session's first. */
  replaces: string | null;
  expires_at: string;
}

const INSERT_TOKEN = `
  INSERT INTO refresh_tokens (token_hash, session_id, replaces, expires_at, created_at) VALUES (?1, ?2, ?3, ?4, ?5)`;

/** Refused by `refresh_tokens.replaces` when the old token has been used already. */
export function insertRefreshTokenStatement(token: NewRefreshToken, now: Date): Statement {
  const { token_hash, session_id, replaces, expires_at } = token;
  return statement(INSERT_TOKEN, token_hash, session_id, replaces, expires_at, now.toISOString());
}

// By the UNIQUE of id. Neither version advances: it is the same password.
const REHASH = "UPDATE users SET password_hash = ?2 WHERE id = ?1 AND password_hash = ?3";

export function rehashStatement(userId: string, newHash: string, oldHash: string): Statement {
  return statement(REHASH, userId, newHash, oldHash);
}
