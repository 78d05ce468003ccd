import type { Context } from "../../context.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { Problem } from "../../http/problem.ts";
import { ledgerPageStatement, type LedgerRow, ledgerSpanStatements } from "../ledgers/index.ts";
import { toCustomer } from "./customer.ts";
import { customerByIdStatement, type CustomerRow } from "./queries.ts";
import {
  type LedgerEntryAnswer,
  type LedgerQuery,
  MOST_STATED,
  type Statement,
  type StatementQuery,
} from "./schemas.ts";
import { noSuchCustomer } from "./service.ts";

/** Reading what a customer owes and may spend, entry by entry. */

/** A page of one of a customer's ledgers, in the order of arrival. */
export async function listEntries(
  ctx: Context,
  customerId: string,
  { ledger, cursor, limit }: LedgerQuery,
): Promise<{ data: LedgerEntryAnswer[]; next_cursor: string | null }> {
  const [customers = [], rows = []] = await ctx.db.readAll([
    customerByIdStatement(customerId),
    ledgerPageStatement(ledger, customerId, readCursor(cursor), limit + 1),
  ]);
  if (customers.length === 0) throw noSuchCustomer();
  return toPage(rows as unknown as LedgerRow[], limit, toEntry);
}

/** What was there before `from`, what happened until `to`, and what it comes to. Days are those of UTC. */
export async function stateAccount(
  ctx: Context,
  customerId: string,
  { ledger, from, to }: StatementQuery,
): Promise<Statement> {
  // Times are text that sorts as they do: of a day those from T00 on, and before T24.
  const span = { from: `${from}T00`, before: `${to}T24`, limit: MOST_STATED + 1 };
  const [customers = [], [sums] = [], rows = []] = await ctx.db.readAll([
    customerByIdStatement(customerId),
    ...ledgerSpanStatements(ledger, customerId, span),
  ]);
  const [customer] = customers as unknown as CustomerRow[];
  if (!customer) throw noSuchCustomer();
  if (rows.length > MOST_STATED) {
    const detail = `spans more than ${String(MOST_STATED)} entries; ask for fewer days`;
    throw new Problem("validation_failed", `The statement ${detail}.`, {
      errors: [{ pointer: "#query/to", detail }],
    });
  }
  const opening = Number(sums?.["opening"] ?? 0);
  let closing = opening;
  // What comes late has an earlier time than what it stands behind: the balance runs on in the order of the statement.
  const entries = (rows as unknown as LedgerRow[]).map((row) => {
    closing += row.amount;
    return { ...toEntry(row), balance_after: closing };
  });
  const currency = toCustomer(customer).accounts.find((one) => one.ledger === ledger)?.currency ?? null;
  return { customer_id: customerId, ledger, currency, from, to, opening, entries, closing };
}

function toEntry(row: LedgerRow): LedgerEntryAnswer {
  const { arrival, kind, amount, balance_after, currency, source_id, occurred_at, created_at } = row;
  const ledger = row.ledger === "store_credit" ? "store_credit" : "account";
  return { seq: arrival, ledger, kind, amount, balance_after, currency, source_id, occurred_at, created_at };
}
