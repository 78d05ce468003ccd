import { type Statement, statement } from "../../db/database.ts";

/**
 * The sums of a shift, of its own rows alone: all of an open shift's, or what came late for a closed one and stands in no
 * Z report yet. Sales, refunds and the rest each are found by the index of their shift_id, or by the waiting late rows.
 */

/** `?1` is the shift; of late rows `?2` is the till, whose index of waiting rows they are found by. */
interface Source {
  /** FROM ... WHERE, of a table by its alias. */
  of: (table: string, alias: string, kind: string) => string;
  params: readonly string[];
}

function wholeShift(shiftId: string): Source {
  return { of: (table, alias) => `FROM ${table} ${alias} WHERE ${alias}.shift_id = ?1`, params: [shiftId] };
}

function lateRows(shiftId: string, terminalId: string): Source {
  return {
    of: (table, alias, kind) => `FROM late_records q CROSS JOIN ${table} ${alias} ON ${alias}.id = q.record_id
      WHERE q.terminal_id = ?2 AND q.shift_id = ?1 AND q.z_number IS NULL AND q.kind = '${kind}'`,
    params: [shiftId, terminalId],
  };
}

/** The same with a second table joined before the condition. */
function joined(from: string, join: string): string {
  return from.replace("WHERE", `${join} WHERE`);
}

const VOIDED = "s.status = 'voided'";

/** The first or last of the till's own numbers, which grow longer; what a repeat took from the store's is not among them. */
function edgeNumber(edge: "min" | "max"): string {
  const byLength = "printf('%02d', length(s.invoice_no)) || s.invoice_no";
  return `substr(${edge}(${byLength}) FILTER (WHERE s.invoice_no NOT LIKE '%-00-%'), 3)`;
}

function sumStatements({ of, params }: Source): Statement[] {
  const sales = of("sales", "s", "sale");
  const refunds = of("refunds", "r", "refund");
  return [
    `SELECT count(*) AS records, count(*) FILTER (WHERE NOT ${VOIDED}) AS sales_count,
      coalesce(sum(s.total) FILTER (WHERE NOT ${VOIDED}), 0) AS gross,
      coalesce(sum(s.discount_total) FILTER (WHERE NOT ${VOIDED}), 0) AS discount_total,
      coalesce(sum(s.tax_total) FILTER (WHERE NOT ${VOIDED}), 0) AS tax_total,
      coalesce(sum(s.change_due) FILTER (WHERE NOT ${VOIDED}), 0) AS change,
      ${edgeNumber("min")} AS first_invoice_no, ${edgeNumber("max")} AS last_invoice_no,
      json_group_array(DISTINCT s.business_date) AS business_dates ${sales}`,
    `SELECT l.tax_rate_ppm, l.category_id, c.name AS category, sum(l.quantity) AS quantity, sum(l.total) AS total,
      sum(l.tax_total) AS tax, sum(l.total - l.tax_total) AS taxable
      ${joined(sales, "CROSS JOIN sale_lines l ON l.sale_id = s.id LEFT JOIN categories c ON c.id = l.category_id")}
      AND NOT ${VOIDED} GROUP BY l.tax_rate_ppm, l.category_id`,
    `SELECT p.method, sum(p.amount) AS amount, coalesce(sum(p.amount) FILTER (WHERE p.deposit_id IS NOT NULL), 0) AS deposits
      ${joined(sales, "CROSS JOIN sale_payments p ON p.sale_id = s.id")} AND NOT ${VOIDED} GROUP BY p.method`,
    `SELECT count(*) AS records, coalesce(sum(r.total), 0) AS refund_total, coalesce(sum(r.tax_total), 0) AS refund_tax_total,
      json_group_array(DISTINCT r.business_date) AS business_dates ${refunds}`,
    `SELECT l.tax_rate_ppm, l.category_id, c.name AS category, sum(l.quantity) AS quantity, sum(l.total) AS total,
      sum(l.tax_total) AS tax, sum(l.total - l.tax_total) AS taxable
      ${joined(refunds, "CROSS JOIN refund_lines l ON l.refund_id = r.id LEFT JOIN categories c ON c.id = l.category_id")}
      GROUP BY l.tax_rate_ppm, l.category_id`,
    `SELECT p.method, sum(p.amount) AS amount
      ${joined(refunds, "CROSS JOIN refund_payments p ON p.refund_id = r.id")} GROUP BY p.method`,
    `SELECT a.kind, a.method, count(*) AS records, sum(a.amount) AS amount,
      json_group_array(DISTINCT a.business_date) AS business_dates
      ${of("received_payments", "a", "received_payment")} GROUP BY a.kind, a.method`,
    `SELECT m.id, m.type, m.amount, m.reason, m.user_id, m.moved_at
      ${of("cash_movements", "m", "cash_movement")} ORDER BY m.arrival`,
  ].map((sql) => statement(sql, ...params));
}

// By sale_voids_by_shift.
const SUM_VOIDS = `SELECT count(*) AS records, coalesce(sum(total), 0) AS total FROM sale_voids WHERE shift_id = ?1`;

/** The sums of a whole shift; the results are those that `readSums` takes, in its order. */
export function shiftSumStatements(shiftId: string): Statement[] {
  return [...sumStatements(wholeShift(shiftId)), statement(SUM_VOIDS, shiftId)];
}

/** The sums of what came late for a closed shift and stands in no Z report yet; a void never comes late. */
export function lateSumStatements(shiftId: string, terminalId: string): Statement[] {
  return sumStatements(lateRows(shiftId, terminalId));
}

// By late_records_waiting.
const SELECT_WAITING = `
  SELECT DISTINCT shift_id FROM late_records
  WHERE terminal_id = (SELECT terminal_id FROM shifts WHERE id = ?1) AND z_number IS NULL ORDER BY shift_id LIMIT ?2`;

/** Each is eight sums of one round trip. What is more than these waits for the next closing, or the night after. */
const MOST_SUPPLEMENTS = 50;

/** The shifts for which something waits for a supplement, of the till of a shift. */
export function selectWaiting(shiftId: string): Statement {
  return statement(SELECT_WAITING, shiftId, MOST_SUPPLEMENTS);
}

// By late_records_waiting: the tills, each with one of its shifts.
const SELECT_WAITING_TILLS = `
  SELECT terminal_id, min(shift_id) AS shift_id FROM late_records WHERE z_number IS NULL GROUP BY terminal_id LIMIT ?1`;

export function selectWaitingTills(most: number): Statement {
  return statement(SELECT_WAITING_TILLS, most);
}
