import { type Statement, statement } from "../../db/database.ts";

/** What selling needs to know of a store, as an isolate remembers it. */

// By unique index stores.id.
const SHELF_STORE = `
  SELECT id, code, currency, timezone, day_cutoff, tax_mode, rounding_mode, rounding_scope, cash_rounding,
    allow_oversell, version
  FROM stores`;
const SELECT_SHELF_STORE = `${SHELF_STORE} WHERE id = ?1`;
const SELECT_TILL_STORE = `${SHELF_STORE} WHERE id = (SELECT store_id FROM terminals WHERE id = ?1)`;

export function selectShelfStore(storeId: string): Statement {
  return statement(SELECT_SHELF_STORE, storeId);
}

/** The store of a till. */
export function selectTillStore(terminalId: string): Statement {
  return statement(SELECT_TILL_STORE, terminalId);
}
