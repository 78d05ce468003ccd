import { type Statement, statement } from "../../db/database.ts";
import type { Store } from "./store.ts";

const COLUMNS = `s.arrival, s.id, s.code, s.name, s.currency, s.timezone, s.day_cutoff, s.tax_mode, s.rounding_mode,
  s.rounding_scope, s.cash_rounding, s.drawer_tolerance, s.allow_oversell, s.receipt_header, s.receipt_footer,
  s.receipt_width, s.active, s.version, s.created_at, s.updated_at`;

// By the UNIQUE of id.
const SELECT_BY_ID = `SELECT ${COLUMNS} FROM stores s WHERE s.id = ?1`;

export function storeByIdStatement(id: string): Statement {
  return statement(SELECT_BY_ID, id);
}

// By the UNIQUEs of terminals.id and stores.id.
const SELECT_BY_TERMINAL = `SELECT ${COLUMNS} FROM stores s WHERE s.id = (SELECT store_id FROM terminals WHERE id = ?1)`;

export function storeByTerminalStatement(terminalId: string): Statement {
  return statement(SELECT_BY_TERMINAL, terminalId);
}

// By the UNIQUE of code.
const SELECT_BY_CODE = `SELECT ${COLUMNS} FROM stores s WHERE s.code = ?1`;

export function storeByCodeStatement(code: string): Statement {
  return statement(SELECT_BY_CODE, code);
}

// By the row number itself.
const SELECT_PAGE = `SELECT ${COLUMNS} FROM stores s WHERE s.arrival > ?1 ORDER BY s.arrival LIMIT ?2`;

// By the UNIQUE of id, once for each store of the list.
const SELECT_PAGE_AMONG = `
  SELECT ${COLUMNS} FROM json_each(?3) mine CROSS JOIN stores s ON s.id = mine.value
  WHERE s.arrival > ?1 ORDER BY s.arrival LIMIT ?2`;

/** `among` is a JSON array of the ids that may be shown, or null for all. */
export function storePageStatement(after: number, limit: number, among: string | null): Statement {
  return among === null ? statement(SELECT_PAGE, after, limit) : statement(SELECT_PAGE_AMONG, after, limit, among);
}

const INSERT = `
  INSERT INTO stores (id, code, name, currency, timezone, day_cutoff, tax_mode, rounding_mode, rounding_scope,
    cash_rounding, drawer_tolerance, allow_oversell, receipt_header, receipt_footer, receipt_width, active, version,
    created_at, updated_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)`;

export function insertStoreStatement(store: Store): Statement {
  return statement(
    INSERT,
    store.id,
    store.code,
    store.name,
    store.currency,
    store.timezone,
    store.day_cutoff,
    store.tax_mode,
    store.rounding_mode,
    store.rounding_scope,
    store.cash_rounding,
    store.drawer_tolerance,
    Number(store.allow_oversell),
    store.receipt_header,
    store.receipt_footer,
    store.receipt_width,
    Number(store.active),
    store.version,
    store.created_at,
    store.updated_at,
  );
}

// By the UNIQUE of id; refused by stores_version_advances unless `version` is the next one.
const UPDATE = `
  UPDATE stores SET name = ?2, timezone = ?3, day_cutoff = ?4, tax_mode = ?5, rounding_mode = ?6, rounding_scope = ?7,
    cash_rounding = ?8, drawer_tolerance = ?9, allow_oversell = ?10, receipt_header = ?11, receipt_footer = ?12,
    receipt_width = ?13, active = ?14, version = ?15, updated_at = ?16
  WHERE id = ?1`;

export function updateStoreStatement(store: Store): Statement {
  return statement(
    UPDATE,
    store.id,
    store.name,
    store.timezone,
    store.day_cutoff,
    store.tax_mode,
    store.rounding_mode,
    store.rounding_scope,
    store.cash_rounding,
    store.drawer_tolerance,
    Number(store.allow_oversell),
    store.receipt_header,
    store.receipt_footer,
    store.receipt_width,
    Number(store.active),
    store.version,
    store.updated_at,
  );
}
