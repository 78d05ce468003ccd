import { type Statement, statement } from "../../db/database.ts";

// By the index pairing_codes_by_terminal. From the moment a code was made it has been no good: expired as of now, it
// would still serve a request that came before now and is written after.
const EXPIRE_CODES = "UPDATE pairing_codes SET expires_at = created_at WHERE terminal_id = ?1 AND expires_at > ?2";

/** Makes a terminal's open codes worthless. */
export function expireCodesStatement(terminalId: string, now: Date): Statement {
  return statement(EXPIRE_CODES, terminalId, now.toISOString());
}

const INSERT_CODE =
  "INSERT INTO pairing_codes (code_hash, terminal_id, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)";

export function insertCodeStatement(codeHash: string, terminalId: string, now: Date, expiresAt: string): Statement {
  return statement(INSERT_CODE, codeHash, terminalId, now.toISOString(), expiresAt);
}

export interface OpenCode {
  terminal_id: string;
  store_id: string;
}

// By the primary key of pairing_codes and the UNIQUE of terminals.id.
const SELECT_CODE = `
  SELECT c.terminal_id, t.store_id FROM pairing_codes c JOIN terminals t ON t.id = c.terminal_id
  WHERE c.code_hash = ?1 AND c.expires_at > ?2`;

/** The terminal of a code that has not expired; whether it was used is the commit's to say. */
export function openCodeStatement(codeHash: string, now: Date): Statement {
  return statement(SELECT_CODE, codeHash, now.toISOString());
}

// By the unique index devices_one_live.
const REVOKE_DEVICE = "UPDATE devices SET revoked_at = ?2 WHERE terminal_id = ?1 AND revoked_at IS NULL";

export function revokeDeviceStatement(terminalId: string, now: Date): Statement {
  return statement(REVOKE_DEVICE, terminalId, now.toISOString());
}

interface NewDevice {
  id: string;
  terminal_id: string;
  token_hash: string;
  code_hash: string;
}

const INSERT_DEVICE = `
  INSERT INTO devices (id, terminal_id, token_hash, code_hash, paired_at) VALUES (?1, ?2, ?3, ?4, ?5)`;

/** Refused by `devices.code_hash` when the code has been used, by `pairing_code_invalid` when it holds no more. */
export function insertDeviceStatement({ id, terminal_id, token_hash, code_hash }: NewDevice, now: Date): Statement {
  return statement(INSERT_DEVICE, id, terminal_id, token_hash, code_hash, now.toISOString());
}
