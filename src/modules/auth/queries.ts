import { type Statement, statement } from "../../db/database.ts";

/** A user as sign-in and refresh need it. `store_ids` is a JSON array. */
export interface AccountRow {
  id: string;
  username: string;
  full_name: string;
  email: string;
  password_hash: string;
  role: string;
  active: 0 | 1;
  store_ids: string;
  /** The active store of the code that was asked for, or null. */
  asked_store_id: string | null;
}

// Of user_stores, a range of its primary key.
const ACCOUNT = `u.id, u.username, u.full_name, u.email, u.password_hash, u.role, u.active,
  (SELECT json_group_array(store_id) FROM user_stores WHERE user_id = u.id) AS store_ids`;

// By the UNIQUE of users.username, which takes a-z and A-Z for the same, and of stores.code.
const SELECT_BY_NAME = `
  SELECT ${ACCOUNT}, (SELECT id FROM stores WHERE code = ?2 AND active = 1) AS asked_store_id
  FROM users u WHERE u.username = ?1`;

export function accountByNameStatement(username: string, storeCode: string | null): Statement {
  return statement(SELECT_BY_NAME, username, storeCode);
}

// By the UNIQUE of users.id.
const SELECT_BY_ID = `SELECT ${ACCOUNT}, NULL AS asked_store_id FROM users u WHERE u.id = ?1`;

export function accountByIdStatement(id: string): Statement {
  return statement(SELECT_BY_ID, id);
}

/** A refresh token with its session and its user. */
export interface RefreshTokenRow extends AccountRow {
  session_id: string;
  gate: string;
  revoked_at: string | null;
  expires_at: string;
  /** 1 when another token has replaced it. */
  used: 0 | 1;
}

// By the primary keys of refresh_tokens and sessions, and the UNIQUEs of users.id and refresh_tokens.replaces.
const SELECT_TOKEN = `
  SELECT ${ACCOUNT}, NULL AS asked_store_id, s.id AS session_id, s.gate, s.revoked_at, t.expires_at,
    EXISTS (SELECT 1 FROM refresh_tokens n WHERE n.replaces = t.token_hash) AS used
  FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id
  WHERE t.token_hash = ?1`;

export function refreshTokenStatement(tokenHash: string): Statement {
  return statement(SELECT_TOKEN, tokenHash);
}

const INSERT_SESSION = "INSERT INTO sessions (id, user_id, gate, created_at) VALUES (?1, ?2, ?3, ?4)";

export function insertSessionStatement(session: { id: string; gate: string }, userId: string, now: Date): Statement {
  return statement(INSERT_SESSION, session.id, userId, session.gate, now.toISOString());
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

// By primary key. A session that has been revoked keeps its time.
const REVOKE_SESSION = "UPDATE sessions SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";

export function revokeSessionStatement(sessionId: string, now: Date): Statement {
  return statement(REVOKE_SESSION, sessionId, now.toISOString());
}
