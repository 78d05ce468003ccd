import { type Statement, statement } from "../../db/database.ts";

/** The ledgers of customers and gift cards. */

/** A row of a ledger before it is written. */
export interface LedgerEntry {
  ledger: "account" | "store_credit" | "gift_card";
  /** The customer, or the gift card; null where the card is named by its code. */
  holder_id: string | null;
  gift_card_code: string | null;
  currency: string;
  kind: "sale" | "refund" | "void" | "payment" | "issue";
  /** Minor units, signed: of an account what is owed more, of the others what may be spent more. */
  amount: number;
  /** What it leaves, where the caller has read what was there before and wants it proven (`balance_sum`). */
  balance_after?: number;
  /** 1 for what an offline till brings: no limit and no balance refuses it. */
  happened: 0 | 1;
  /** The sale, refund or document the row belongs to, and which of its payments. */
  source_id: string;
  source_no: number;
  store_id: string;
  user_id: string;
  occurred_at: string;
}

// The balance by primary key, the card by the UNIQUE of code. `running` is what the list itself has moved of the balance so
// far; nothing rests on trust in it: the schema refuses a row whose balance_after is not the balance it leaves.
const INSERT_ENTRIES = `
  INSERT INTO ledger_entries (ledger, holder_id, currency, kind, amount, balance_after, happened, source_id, source_no,
    store_id, user_id, occurred_at, created_at)
  SELECT e.entry ->> 'ledger', e.holder_id, e.entry ->> 'currency', e.entry ->> 'kind', e.entry ->> 'amount',
    coalesce(e.entry ->> 'balance_after', e.entry ->> 'running' + coalesce((
      SELECT b.balance FROM balances b WHERE b.ledger = e.entry ->> 'ledger' AND b.holder_id = e.holder_id), 0)),
    e.entry ->> 'happened', e.entry ->> 'source_id', e.entry ->> 'source_no', e.entry ->> 'store_id',
    e.entry ->> 'user_id', e.entry ->> 'occurred_at', ?2
  FROM (
    SELECT value AS entry, coalesce(value ->> 'holder_id', (
      SELECT id FROM gift_cards WHERE code = value ->> 'gift_card_code'), '') AS holder_id
    FROM json_each(?1)) e`;

/**
 * The one statement that writes ledger rows, of any number of ledgers. It aborts the batch with `insufficient_balance`,
 * `credit_exceeded`, `gift_card_unknown`, `ledger_customer`, `ledger_currency`, or `balance_sum` for a `balance_after` that
 * is not what it leaves.
 */
export function ledgerStatement(entries: readonly LedgerEntry[], createdAt: string): Statement {
  const moved = new Map<string, number>();
  const rows = entries.map((entry) => {
    const key = `${entry.ledger} ${entry.holder_id ?? entry.gift_card_code ?? ""}`;
    const running = (moved.get(key) ?? 0) + entry.amount;
    moved.set(key, running);
    return { ...entry, running };
  });
  return statement(INSERT_ENTRIES, JSON.stringify(rows), createdAt);
}

/** A row of a ledger as it was written. */
export interface LedgerRow {
  arrival: number;
  ledger: LedgerEntry["ledger"];
  currency: string;
  kind: LedgerEntry["kind"];
  amount: number;
  balance_after: number;
  source_id: string;
  occurred_at: string;
  created_at: string;
}

const COLUMNS = "arrival, ledger, currency, kind, amount, balance_after, source_id, occurred_at, created_at";

// By ledger_entries_by_holder.
const SELECT_PAGE = `
  SELECT ${COLUMNS} FROM ledger_entries
  WHERE ledger = ?1 AND holder_id = ?2 AND arrival > ?3 ORDER BY arrival LIMIT ?4`;

/** Rows of a holder's ledger in the order of their arrival: LedgerRow. */
export function ledgerPageStatement(
  ledger: LedgerEntry["ledger"],
  holderId: string,
  after: number,
  limit: number,
): Statement {
  return statement(SELECT_PAGE, ledger, holderId, after, limit);
}

// By ledger_entries_by_holder: a holder's rows, and no others.
const SELECT_OPENING = `
  SELECT coalesce(sum(amount), 0) AS opening FROM ledger_entries
  WHERE ledger = ?1 AND holder_id = ?2 AND occurred_at < ?3`;
const SELECT_SPAN = `
  SELECT ${COLUMNS} FROM ledger_entries
  WHERE ledger = ?1 AND holder_id = ?2 AND occurred_at >= ?3 AND occurred_at < ?4
  ORDER BY occurred_at, arrival LIMIT ?5`;

/** What a ledger came to before a time, `{opening}`, and its rows from there to another, as they happened: LedgerRow. */
export function ledgerSpanStatements(
  ledger: LedgerEntry["ledger"],
  holderId: string,
  span: { from: string; before: string; limit: number },
): [Statement, Statement] {
  return [
    statement(SELECT_OPENING, ledger, holderId, span.from),
    statement(SELECT_SPAN, ledger, holderId, span.from, span.before, span.limit),
  ];
}
