import { and, asc, eq, gt } from "drizzle-orm";
import { type Statement, statement } from "../../db/database.ts";
import { given, ofStores, queryBuilder, type StoreConditions, toStatement } from "../../db/query-builder.ts";
import { shifts, zReports } from "../../db/schema/shifts.ts";
import type { CashMovement, Shift, ShiftReport } from "./schemas.ts";

/** The statements of shifts, but for those that sum them (report-queries.ts). */

const INSERT_SHIFT = `
  INSERT INTO shifts (id, store_id, terminal_id, currency, opening_float, business_date, opened_at, opened_by, created_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`;

/** Refused by `shifts.terminal_id` where the till has one open. */
export function insertShift(shift: Shift): Statement {
  const { id, store_id, terminal_id, currency, opening_float, business_date, opened_at, opened_by, created_at } = shift;
  return statement(
    INSERT_SHIFT,
    id,
    store_id,
    terminal_id,
    currency,
    opening_float,
    business_date,
    opened_at,
    opened_by,
    created_at,
  );
}

// By the UNIQUE of id; `stale_shift` where a record has come that was not summed, `shift_closed` where it is closed.
const CLOSE_SHIFT = `
  UPDATE shifts SET status = 'closed', closed_at = ?2, closed_by = ?3, records = ?4, note = ?5 WHERE id = ?1`;

export function closeShiftStatement(shift: Shift, records: number): Statement {
  return statement(CLOSE_SHIFT, shift.id, shift.closed_at, shift.closed_by, records, shift.note);
}

// By the UNIQUE of id.
const SELECT_SHIFT = `SELECT * FROM shifts WHERE id = ?1`;

export function selectShift(shiftId: string): Statement {
  return statement(SELECT_SHIFT, shiftId);
}

interface ShiftConditions extends StoreConditions {
  terminal_id?: string | undefined;
  status?: string | undefined;
}

// By shifts_by_terminal or shifts_by_store, or by row number for one who sees all stores.
export function selectShifts(wanted: ShiftConditions, afterArrival: number, limit: number): Statement {
  const { terminal_id, status } = wanted;
  const conditions = given(
    gt(shifts.arrival, afterArrival),
    ofStores(shifts.store_id, wanted),
    terminal_id !== undefined && eq(shifts.terminal_id, terminal_id),
    status !== undefined && eq(shifts.status, status),
  );
  return toStatement(
    queryBuilder
      .select()
      .from(shifts)
      .where(and(...conditions))
      .orderBy(asc(shifts.arrival))
      .limit(limit),
  );
}

const INSERT_MOVEMENT = `
  INSERT INTO cash_movements (id, store_id, terminal_id, shift_id, happened, type, amount, reason, user_id, moved_at,
    created_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)`;

export function insertCashMovement(movement: CashMovement, happened: boolean): Statement {
  const { id, store_id, terminal_id, shift_id, type, amount, reason, user_id, moved_at, created_at } = movement;
  return statement(
    INSERT_MOVEMENT,
    id,
    store_id,
    terminal_id,
    shift_id,
    happened ? 1 : 0,
    type,
    amount,
    reason,
    user_id,
    moved_at,
    created_at,
  );
}

// The end of a range of z_reports_by_number.
const SELECT_LAST_Z = `
  SELECT number, hash, grand_total FROM z_reports WHERE terminal_id = (SELECT terminal_id FROM shifts WHERE id = ?1)
  ORDER BY number DESC LIMIT 1`;

/** The newest Z report of a shift's till. */
export function selectLastZ(shiftId: string): Statement {
  return statement(SELECT_LAST_Z, shiftId);
}

const INSERT_Z = `
  INSERT INTO z_reports (terminal_id, number, store_id, shift_id, supplement, records, business_date, net, grand_total,
    previous_hash, hash, report, created_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)`;

/**
 * Refused by `z_chain` unless it is the next of its till and linked to the last, and by `stale_shift` where a supplement has
 * not summed all that waits for it; what does wait is marked as standing in it by a trigger.
 */
export function insertZReport(report: ShiftReport, records: number, createdAt: string): Statement {
  return statement(
    INSERT_Z,
    report.terminal_id,
    report.number,
    report.store_id,
    report.shift_id,
    report.supplement ? 1 : 0,
    records,
    report.business_date,
    report.net,
    report.grand_total,
    report.previous_hash,
    report.hash,
    JSON.stringify(report),
    createdAt,
  );
}

// By z_reports_by_shift.
const SELECT_Z_OF_SHIFT = `SELECT report FROM z_reports WHERE shift_id = ?1 AND supplement = 0`;

export function selectZOfShift(shiftId: string): Statement {
  return statement(SELECT_Z_OF_SHIFT, shiftId);
}

interface ZConditions extends Omit<ShiftConditions, "status"> {
  shift_id?: string | undefined;
  business_date?: string | undefined;
}

// By z_reports_by_shift, z_reports_by_terminal, z_reports_by_business_date or z_reports_by_store, or by row number.
export function selectZReports(wanted: ZConditions, afterArrival: number, limit: number): Statement {
  const { terminal_id, shift_id, business_date } = wanted;
  const conditions = given(
    gt(zReports.arrival, afterArrival),
    ofStores(zReports.store_id, wanted),
    terminal_id !== undefined && eq(zReports.terminal_id, terminal_id),
    shift_id !== undefined && eq(zReports.shift_id, shift_id),
    business_date !== undefined && eq(zReports.business_date, business_date),
  );
  return toStatement(
    queryBuilder
      .select({ arrival: zReports.arrival, report: zReports.report })
      .from(zReports)
      .where(and(...conditions))
      .orderBy(asc(zReports.arrival))
      .limit(limit),
  );
}
