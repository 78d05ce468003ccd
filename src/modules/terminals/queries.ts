import { type Statement, statement } from "../../db/database.ts";
import type { Terminal } from "./schemas.ts";

export interface TerminalRow extends Omit<Terminal, "active"> {
  arrival: number;
  active: 0 | 1;
}

// Of sync_commands, the end of a range of its primary key; of devices, the unique index devices_one_live.
const COLUMNS = `t.arrival, t.id, t.store_id, t.code, t.name, t.active, t.version, t.created_at,
  (SELECT d.paired_at FROM devices d WHERE d.terminal_id = t.id AND d.revoked_at IS NULL) AS paired_at,
  coalesce((SELECT max(c.seq) FROM sync_commands c WHERE c.terminal_id = t.id), 0) AS last_seq`;

// By the UNIQUE of id.
const SELECT_BY_ID = `SELECT ${COLUMNS} FROM terminals t WHERE t.id = ?1`;

export function terminalByIdStatement(id: string): Statement {
  return statement(SELECT_BY_ID, id);
}

// By the row number itself.
const SELECT_PAGE = `SELECT ${COLUMNS} FROM terminals t WHERE t.arrival > ?1 ORDER BY t.arrival LIMIT ?2`;

// By the UNIQUE of store_id and code, once for each store of the list.
const SELECT_PAGE_AMONG = `
  SELECT ${COLUMNS} FROM json_each(?3) mine CROSS JOIN terminals t ON t.store_id = mine.value
  WHERE t.arrival > ?1 ORDER BY t.arrival LIMIT ?2`;

/** `among` is a JSON array of the stores whose terminals are listed, or null for all. */
export function terminalPageStatement(after: number, limit: number, among: string | null): Statement {
  return among === null ? statement(SELECT_PAGE, after, limit) : statement(SELECT_PAGE_AMONG, after, limit, among);
}

const INSERT = "INSERT INTO terminals (id, store_id, code, name, created_at) VALUES (?1, ?2, ?3, ?4, ?5)";

export function insertTerminalStatement({ id, store_id, code, name, created_at }: Terminal): Statement {
  return statement(INSERT, id, store_id, code, name, created_at);
}

// By the UNIQUE of id; refused by terminals_version_advances unless `version` is the next one.
const UPDATE = "UPDATE terminals SET name = ?2, active = ?3, version = ?4 WHERE id = ?1";

export function updateTerminalStatement({ id, name, active, version }: Terminal): Statement {
  return statement(UPDATE, id, name, Number(active), version);
}
