import { and, asc, eq, gt } from "drizzle-orm";
import { type Statement, statement } from "../../db/database.ts";
import { given, ofStores, queryBuilder, type StoreConditions, toStatement } from "../../db/query-builder.ts";
import { syncExceptions } from "../../db/schema/sync.ts";

/** The statements of offline tills. */

// By primary key (store_id, key): CROSS JOIN keeps the planner from reading every key of the store instead.
const SELECT_ANSWERS = `
  SELECT k.store_id, k.key, k.operation, k.fingerprint, k.named_time, k.resource_id, k.response
  FROM terminals t CROSS JOIN json_each(?2) w CROSS JOIN idempotency_keys k ON k.store_id = t.store_id AND k.key = w.value
  WHERE t.id = ?1`;

// By primary key (terminal_id, seq), in this order too.
const SELECT_HOLDERS = `
  SELECT c.seq, c.key FROM json_each(?2) w CROSS JOIN sync_commands c ON c.terminal_id = ?1 AND c.seq = w.value`;

const SELECT_HIGHEST = `SELECT coalesce(max(seq), 0) AS highest FROM sync_commands WHERE terminal_id = ?1`;

// By the unique (store_id, invoice_no) and (store_id, refund_no).
const SELECT_TAKEN_NUMBERS = `
  SELECT w.value AS number FROM terminals t, json_each(?2) w
  WHERE t.id = ?1 AND (
    EXISTS (SELECT 1 FROM sales WHERE store_id = t.store_id AND invoice_no = w.value)
    OR EXISTS (SELECT 1 FROM refunds WHERE store_id = t.store_id AND refund_no = w.value))`;

// By primary key (store_id, terminal_code, kind).
const SELECT_LAST_NUMBERS = `
  SELECT n.kind, n.last FROM terminals t
  CROSS JOIN number_sequences n ON n.store_id = t.store_id AND n.terminal_code = t.code WHERE t.id = ?1`;

/** What the books already hold of these commands. */
export function selectTill(terminalId: string, keys: string[], seqs: number[], numbers: string[]): Statement[] {
  return [
    statement(SELECT_ANSWERS, terminalId, JSON.stringify(keys)),
    statement(SELECT_HOLDERS, terminalId, JSON.stringify(seqs)),
    statement(SELECT_HIGHEST, terminalId),
    statement(SELECT_TAKEN_NUMBERS, terminalId, JSON.stringify(numbers)),
    statement(SELECT_LAST_NUMBERS, terminalId),
  ];
}

// By primary key. A number heard without effect may be taken; one that is held stays held (sync_commands_number_kept).
const HEAR_COMMANDS = `
  INSERT INTO sync_commands (terminal_id, seq, key, received_at)
  SELECT ?1, w.value ->> 'seq', w.value ->> 'key', ?3 FROM json_each(?2) w WHERE true
  ON CONFLICT DO UPDATE SET key = excluded.key WHERE excluded.key IS NOT NULL`;

export function hearCommands(
  terminalId: string,
  heard: readonly { seq: number; key: string | null }[],
  at: string,
): Statement {
  return statement(HEAR_COMMANDS, terminalId, JSON.stringify(heard), at);
}

// A parked sale, by the UNIQUE of sales.id, is none yet.
const EXCEPTION_VALUES = `e.value ->> 'id', e.value ->> 'type', e.value ->> 'store_id', e.value ->> 'terminal_id',
  e.value ->> 'seq', (SELECT id FROM sales WHERE id = e.value ->> 'sale_id'), e.value ->> 'detail',
  ?2`;

const OPEN_EXCEPTIONS = `
  INSERT INTO sync_exceptions (id, type, store_id, terminal_id, seq, sale_id, detail, opened_at)
  SELECT ${EXCEPTION_VALUES} FROM json_each(?1) e`;

/** A row to be written to sync_exceptions. */
export interface NewException {
  id: string;
  type: string;
  store_id: string;
  terminal_id: string;
  seq: number;
  sale_id: string | null;
  detail: string;
}

export function openExceptions(exceptions: readonly NewException[], at: string): Statement {
  return statement(OPEN_EXCEPTIONS, JSON.stringify(exceptions), at);
}

// What is told of as missing was worked out before the commit. Where another came first and told of a hole that begins at
// the same number, the number behind that hole is there: this one begins behind it. By sync_exceptions_gap_unique and
// sync_exceptions_number_gap_unique.
const OPEN_GAPS = `
  WITH RECURSIVE wanted AS (
    SELECT key AS place, value ->> 'id' AS id, value ->> 'store_id' AS store_id, value ->> 'terminal_id' AS terminal_id,
      value ->> 'seq' AS seq, value ->> 'sale_id' AS sale_id, value ->> 'number_kind' AS number_kind,
      value ->> 'first' AS first, value ->> 'last' AS last
    FROM json_each(?1)),
  begins (place, terminal_id, number_kind, first) AS (
    SELECT place, terminal_id, number_kind, first FROM wanted
    UNION ALL
    SELECT b.place, b.terminal_id, NULL, g.seq_to + 2
    FROM begins b CROSS JOIN sync_exceptions g ON g.terminal_id = b.terminal_id AND g.seq = b.first
    WHERE b.number_kind IS NULL AND g.type = 'number_gap' AND g.number_kind IS NULL
    UNION ALL
    SELECT b.place, b.terminal_id, b.number_kind, g.number_to + 2
    FROM begins b CROSS JOIN sync_exceptions g
      ON g.terminal_id = b.terminal_id AND g.number_kind = b.number_kind AND g.number_from = b.first
    WHERE g.number_kind IS NOT NULL),
  holes AS MATERIALIZED (
    SELECT w.*, max(b.first) AS start FROM begins b JOIN wanted w ON w.place = b.place GROUP BY w.place)
  INSERT INTO sync_exceptions (id, type, store_id, terminal_id, seq, seq_to, sale_id, detail, opened_at, number_kind,
    number_from, number_to)
  SELECT id, 'number_gap', store_id, terminal_id, iif(number_kind IS NULL, start, seq), iif(number_kind IS NULL, last, seq),
    (SELECT s.id FROM sales s WHERE s.id = holes.sale_id),
    CASE
      WHEN number_kind IS NULL THEN
        iif(start = last, printf('Command %d has not come.', last), printf('Commands %d to %d have not come.', start, last))
      ELSE iif(number_kind = 'refund', 'Refund', 'Invoice') ||
        iif(start = last, printf(' number %06d is missing.', last), printf(' numbers %06d to %06d are missing.', start, last))
    END,
    ?2, number_kind, iif(number_kind IS NULL, NULL, start), iif(number_kind IS NULL, NULL, last)
  FROM holes WHERE start <= last ORDER BY place`;

/** Numbers that are missing, the first to the last, and the command that showed it. */
export interface NewGap {
  id: string;
  store_id: string;
  terminal_id: string;
  seq: number;
  sale_id: string | null;
  /** Of the till's own invoice or refund numbers; null of those of its commands. */
  number_kind: "sale" | "refund" | null;
  first: number;
  last: number;
}

export function openGaps(gaps: readonly NewGap[], at: string): Statement {
  return statement(OPEN_GAPS, JSON.stringify(gaps), at);
}

/** An exception that only the commit can tell of: by the record that it is about. */
export interface Candidate extends NewException {
  record_kind: "sale" | "refund" | "cash_movement";
  record_id: string;
}

// Of stock_movements and ledger_entries the UNIQUE that begins with source_id; of late_records the primary key.
const OPEN_CANDIDATES = `
  INSERT INTO sync_exceptions (id, type, store_id, terminal_id, seq, sale_id, detail, opened_at)
  SELECT ${EXCEPTION_VALUES} FROM json_each(?1) e
  WHERE CASE e.value ->> 'type'
    WHEN 'oversold' THEN EXISTS (
      SELECT 1 FROM stock_movements m
      WHERE m.source_id = e.value ->> 'record_id' AND m.reason = 'sale' AND m.on_hand_after < 0)
    WHEN 'closed_shift' THEN EXISTS (
      SELECT 1 FROM late_records l
      WHERE l.kind = e.value ->> 'record_kind' AND l.record_id = e.value ->> 'record_id')
    WHEN 'credit_exceeded' THEN EXISTS (
      SELECT 1 FROM ledger_entries g LEFT JOIN customers c ON c.id = g.holder_id AND g.ledger = 'account'
      WHERE g.source_id = e.value ->> 'record_id' AND g.kind = 'sale'
        AND g.balance_after NOT BETWEEN iif(g.ledger = 'account', g.balance_after, 0)
          AND iif(g.ledger = 'account', c.credit_limit, g.balance_after)) END
  RETURNING id`;

/** Opens those that came true; `id` of each. */
export function openCandidates(candidates: readonly Candidate[], at: string): Statement {
  return statement(OPEN_CANDIDATES, JSON.stringify(candidates), at);
}

// By the UNIQUE of id.
const SELECT_SHIFTS = `
  SELECT s.id, s.terminal_id, s.store_id, s.status FROM json_each(?1) w JOIN shifts s ON s.id = w.value`;

// By shifts_by_terminal, backwards: the shift that was open at each of the times.
const SELECT_SHIFTS_AT = `
  SELECT w.value AS at, s.id, s.terminal_id, s.store_id, s.status
  FROM json_each(?2) w JOIN shifts s ON s.id = (
    SELECT o.id FROM shifts o
    WHERE o.terminal_id = ?1 AND o.opened_at <= w.value AND (o.closed_at IS NULL OR o.closed_at >= w.value)
    ORDER BY o.arrival DESC LIMIT 1)`;

/** The shifts that commands name, and those of the till that were open when commands happened. */
export function selectTillShifts(terminalId: string, shiftIds: string[], times: string[]): Statement[] {
  return [
    statement(SELECT_SHIFTS, JSON.stringify(shiftIds)),
    statement(SELECT_SHIFTS_AT, terminalId, JSON.stringify(times)),
  ];
}

// By sync_exceptions_gap_unique; the numbers of the hole by primary key.
const CLOSE_GAPS = `
  UPDATE sync_exceptions SET state = 'resolved', resolved_at = ?2, note = 'The commands have come.'
  WHERE terminal_id = ?1 AND type = 'number_gap' AND number_kind IS NULL AND state = 'open'
    AND seq_to - seq + 1 = (
      SELECT count(*) FROM sync_commands c
      WHERE c.terminal_id = ?1 AND c.seq BETWEEN sync_exceptions.seq AND sync_exceptions.seq_to)`;

export function closeGaps(terminalId: string, at: string): Statement {
  return statement(CLOSE_GAPS, terminalId, at);
}

// By sync_exceptions_number_gap_unique; the numbers of the hole, which are all of one length, by the unique
// (store_id, invoice_no) and (store_id, refund_no).
const CLOSE_NUMBER_GAPS = `
  UPDATE sync_exceptions SET state = 'resolved', resolved_at = ?2, note = 'The numbers have come.'
  WHERE terminal_id = ?1 AND number_kind IS NOT NULL AND state = 'open'
    AND number_to - number_from + 1 = CASE number_kind
      WHEN 'sale' THEN (
        SELECT count(*) FROM sales s
        WHERE s.store_id = sync_exceptions.store_id
          AND s.invoice_no BETWEEN printf('%s%06d', ?3, number_from) AND printf('%s%06d', ?3, number_to)
          AND length(s.invoice_no) = length(printf('%s%06d', ?3, number_to)))
      ELSE (
        SELECT count(*) FROM refunds f
        WHERE f.store_id = sync_exceptions.store_id
          AND f.refund_no BETWEEN printf('%sR%06d', ?3, number_from) AND printf('%sR%06d', ?3, number_to)
          AND length(f.refund_no) = length(printf('%sR%06d', ?3, number_to))) END`;

/** `prefix` begins the till's numbers: `MAIN-01-`. */
export function closeNumberGaps(terminalId: string, at: string, prefix: string): Statement {
  return statement(CLOSE_NUMBER_GAPS, terminalId, at, prefix);
}

// By unique index sync_exceptions.id.
const SELECT_EXCEPTION = `SELECT * FROM sync_exceptions WHERE id = ?1`;
const RESOLVE_EXCEPTION = `
  UPDATE sync_exceptions SET state = 'resolved', resolved_at = ?2, resolved_by = ?3, note = ?4 WHERE id = ?1
  RETURNING *`;

export function selectException(exceptionId: string): Statement {
  return statement(SELECT_EXCEPTION, exceptionId);
}

export function resolveException(exceptionId: string, at: string, userId: string, note: string): Statement {
  return statement(RESOLVE_EXCEPTION, exceptionId, at, userId, note);
}

interface ExceptionConditions extends StoreConditions {
  terminal_id?: string | undefined;
  type?: string | undefined;
  state?: string | undefined;
}

// By sync_exceptions_by_store, or by row number for one who sees all stores.
export function selectExceptions(wanted: ExceptionConditions, afterArrival: number, limit: number): Statement {
  const conditions = given(
    gt(syncExceptions.arrival, afterArrival),
    ofStores(syncExceptions.store_id, wanted),
    wanted.terminal_id !== undefined && eq(syncExceptions.terminal_id, wanted.terminal_id),
    wanted.type !== undefined && eq(syncExceptions.type, wanted.type),
    wanted.state !== undefined && eq(syncExceptions.state, wanted.state),
  );
  return toStatement(
    queryBuilder
      .select()
      .from(syncExceptions)
      .where(and(...conditions))
      .orderBy(asc(syncExceptions.arrival))
      .limit(limit),
  );
}
