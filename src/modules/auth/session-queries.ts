import { type Statement, statement } from "../../db/database.ts";
import { ACCESS_TOKEN_LIFE_S } from "./access-token.ts";
import { REFRESH_TOKEN_LIFE_MS } from "./refresh-token.ts";
import type { SessionMethod, SessionTransport } from "./session-kind.ts";

export interface NewSession {
  id: string;
  user_id: string;
  gate: string;
  method: SessionMethod;
  transport: SessionTransport;
  /** What the user's credentials were when they were looked at; refused (`credentials_changed`) when they are others. */
  credential_version: number;
  device_id: string | null;
  ip: string | null;
  user_agent: string | null;
}

const INSERT = `
  INSERT INTO sessions (id, user_id, gate, method, transport, credential_version, device_id, ip, user_agent, created_at,
    refreshed_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)`;

export function insertSessionStatement(session: NewSession, now: Date): Statement {
  const { id, user_id, gate, method, transport, credential_version, device_id, ip, user_agent } = session;
  const kind = [gate, method, transport, credential_version, device_id, ip, user_agent];
  return statement(INSERT, id, user_id, ...kind, now.toISOString());
}

// By primary key.
const TOUCH = "UPDATE sessions SET refreshed_at = ?2 WHERE id = ?1";

export function touchSessionStatement(sessionId: string, now: Date): Statement {
  return statement(TOUCH, sessionId, now.toISOString());
}

// By primary key.
const SELECT_LIVE = `
  SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.id = ?1 AND s.revoked_at IS NULL AND u.active = 1`;

export function liveSessionStatement(sessionId: string): Statement {
  return statement(SELECT_LIVE, sessionId);
}

/** A session as its owner is shown it. */
export interface SessionRow {
  id: string;
  gate: string;
  method: SessionMethod;
  terminal_id: string | null;
  ip: string | null;
  user_agent: string | null;
  created_at: string;
  refreshed_at: string;
}

// By the index sessions_by_user_end: ids are UUIDv7, so their order is that of opening.
const SELECT_OWN = `
  SELECT s.id, s.gate, s.method, d.terminal_id, s.ip, s.user_agent, s.created_at, s.refreshed_at
  FROM sessions s LEFT JOIN devices d ON d.id = s.device_id
  WHERE s.user_id = ?1 AND s.revoked_at IS NULL AND s.refreshed_at > ?2 AND s.id > ?3 ORDER BY s.id LIMIT ?4`;

/** The sessions of a user that have not ended, after this id. */
export function ownSessionsStatement(userId: string, afterId: string, limit: number, now: Date): Statement {
  return statement(SELECT_OWN, userId, agoOf(now, REFRESH_TOKEN_LIFE_MS), afterId, limit);
}

// By primary key.
const SELECT_ONE = "SELECT id FROM sessions WHERE id = ?1 AND user_id = ?2";

export function ownSessionStatement(id: string, userId: string): Statement {
  return statement(SELECT_ONE, id, userId);
}

/** Which sessions end. Each finds its rows by one of the indexes sessions_by_*_end, or by primary key. */
const WHO = {
  /** One, of this user. */
  session: "id = ?2 AND user_id = ?3",
  /** All of a user but one (or '' for none). */
  user: "user_id = ?2 AND id <> ?3",
  /** All of a user that were opened in this way, but one. */
  user_method: "user_id = ?2 AND id <> ?3 AND method = ?4",
  /** All of a user by PIN at a store. */
  user_pin: "user_id = ?2 AND gate = ?3 AND method = 'pin'",
  /** All of those who have a role. */
  role: "user_id IN (SELECT id FROM users WHERE role = ?2)",
  /** All that were opened on a terminal's devices. */
  terminal: "device_id IN (SELECT id FROM devices WHERE terminal_id = ?2)",
  /** All that a device's till opened by PIN, but one: whoever is next at the till takes over. */
  device_pin: "device_id = ?2 AND id <> ?3 AND method = 'pin'",
  /** All that are bound to a store. */
  store: "gate = ?2",
} as const;

export type EndedBy = keyof typeof WHO;

/** A session that has ended, and the gate that must hear of it. */
export interface EndedSession {
  id: string;
  gate: string;
}

/** For clocks that do not agree. */
const LEEWAY_S = 60;

/**
 * Two statements: the first ends the sessions, the second finds (as EndedSession) those among them, just ended or
 * before, of which an access token may still be valid. The last ones the gates must hear of.
 */
export function endSessionsStatements(by: EndedBy, params: readonly string[], now: Date): [Statement, Statement] {
  const where = WHO[by];
  const heard = agoOf(now, (ACCESS_TOKEN_LIFE_S + LEEWAY_S) * 1000);
  return [
    statement(
      `UPDATE sessions SET revoked_at = ?1 WHERE ${where} AND revoked_at IS NULL`,
      now.toISOString(),
      ...params,
    ),
    statement(`SELECT id, gate FROM sessions WHERE ${where} AND revoked_at > ?1`, heard, ...params),
  ];
}

function agoOf(now: Date, ms: number): string {
  return new Date(now.getTime() - ms).toISOString();
}
