import { type Statement, statement } from "../../db/database.ts";
import type { Challenge } from "./challenge.ts";

/** A passkey as its owner is shown it. */
export interface PasskeyRow {
  arrival: number;
  id: string;
  name: string;
  /** A JSON array. */
  transports: string;
  backed_up: 0 | 1;
  created_at: string;
  last_used_at: string | null;
}

// By index passkeys_by_user.
const SELECT_OWN = `
  SELECT arrival, id, name, transports, backed_up, created_at, last_used_at
  FROM passkeys WHERE user_id = ?1 AND arrival > ?2 ORDER BY arrival LIMIT ?3`;

/** The passkeys of a user that arrived after this one. */
export function ownPasskeysStatement(userId: string, afterArrival: number, limit: number): Statement {
  return statement(SELECT_OWN, userId, afterArrival, limit);
}

/** What an authenticator is told it holds already. */
export interface CredentialRow {
  credential_id: string;
  transports: string;
}

// By index passkeys_by_user.
const SELECT_CREDENTIALS = "SELECT credential_id, transports FROM passkeys WHERE user_id = ?1 ORDER BY arrival";

/** At most 20, by the trigger passkeys_bounded. */
export function ownCredentialsStatement(userId: string): Statement {
  return statement(SELECT_CREDENTIALS, userId);
}

/** Who adds a passkey, and since when the session is open. */
export interface RegistrantRow {
  username: string;
  full_name: string;
  must_change_password: 0 | 1;
  opened_at: string;
}

// By the primary key of sessions and the UNIQUE of users.id.
const SELECT_REGISTRANT = `
  SELECT u.username, u.full_name, u.must_change_password, s.created_at AS opened_at
  FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = ?1`;

export function registrantStatement(sessionId: string): Statement {
  return statement(SELECT_REGISTRANT, sessionId);
}

export interface NewPasskey {
  id: string;
  user_id: string;
  credential_id: string;
  /** COSE, in base64url. */
  public_key: string;
  sign_count: number;
  transports: readonly string[];
  name: string;
  backed_up: boolean;
}

const INSERT = `
  INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, transports, name, backed_up, created_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`;

/** Refused by `passkeys.credential_id` when someone has it already, and by `too_many_passkeys`. */
export function insertPasskeyStatement(passkey: NewPasskey, now: Date): Statement {
  const { id, user_id, credential_id, public_key, sign_count, transports, name, backed_up } = passkey;
  const key = [id, user_id, credential_id, public_key, sign_count, JSON.stringify(transports)];
  return statement(INSERT, ...key, name, backed_up ? 1 : 0, now.toISOString());
}

/** What an assertion is verified with. */
export interface PublicKeyRow {
  id: string;
  user_id: string;
  public_key: string;
}

// By the UNIQUE of credential_id.
const SELECT_PUBLIC_KEY = "SELECT id, user_id, public_key FROM passkeys WHERE credential_id = ?1";

export function publicKeyStatement(credentialId: string): Statement {
  return statement(SELECT_PUBLIC_KEY, credentialId);
}

// By the UNIQUE of id. A counter that did not advance is as good as one that went back, which passkeys_count_up
// refuses; one that stays 0 is of an authenticator that does not count.
const USE = `
  UPDATE passkeys SET backed_up = ?3, last_used_at = ?4,
    sign_count = CASE WHEN sign_count < ?2 OR (sign_count = 0 AND ?2 = 0) THEN ?2 ELSE sign_count - 1 END
  WHERE id = ?1`;

/** Refused by `passkeys_count_up` when the key has been used elsewhere, which a copy is betrayed by. */
export function usePasskeyStatement(id: string, signCount: number, backedUp: boolean, now: Date): Statement {
  return statement(USE, id, signCount, backedUp ? 1 : 0, now.toISOString());
}

// By the UNIQUE of id.
const SELECT_OWN_ONE = "SELECT id, name FROM passkeys WHERE id = ?1 AND user_id = ?2";

export function ownPasskeyStatement(id: string, userId: string): Statement {
  return statement(SELECT_OWN_ONE, id, userId);
}

// By the UNIQUE of id.
const DELETE = "DELETE FROM passkeys WHERE id = ?1 AND user_id = ?2";

// By the UNIQUE of id.
const CHANGE_CREDENTIALS = "UPDATE users SET credential_version = credential_version + 1 WHERE id = ?1";

/** Removes a passkey; a sign-in that has read it before opens no session after it (`credentials_changed`). */
export function removePasskeyStatements(id: string, userId: string): Statement[] {
  return [statement(DELETE, id, userId), statement(CHANGE_CREDENTIALS, userId)];
}

const SPEND = "INSERT INTO spent_challenges (challenge_hash, expires_at) VALUES (?1, ?2)";

/** Refused by `spent_challenges.challenge_hash` at the second use. */
export function spendChallengeStatement({ hash, expires_at }: Challenge): Statement {
  return statement(SPEND, hash, expires_at);
}
