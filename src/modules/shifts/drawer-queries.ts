import { type Statement, statement } from "../../db/database.ts";

/** What is read to know which drawer money belongs to. */

// By the UNIQUEs of terminals.id and shifts.id, and the unique index shifts_one_open.
const SELECT_TILL = `
  SELECT t.id, t.store_id, t.code, t.active, o.id AS open_shift_id, o.opened_at AS open_shift_opened_at
  FROM terminals t LEFT JOIN shifts o ON o.terminal_id = t.id AND o.status = 'open'
  WHERE t.id = coalesce(?1, (SELECT terminal_id FROM shifts WHERE id = ?2))`;

// By the UNIQUE of shifts.id.
const SELECT_SHIFT_PLACE = `SELECT id, terminal_id, store_id FROM shifts WHERE id = ?1`;

/** The till that a request names, by itself or by its shift, and the shift: two reads, for `readDrawerRows`. */
export function drawerStatements(terminalId: string | null, shiftId: string | null): Statement[] {
  return [statement(SELECT_TILL, terminalId, shiftId), statement(SELECT_SHIFT_PLACE, shiftId)];
}
