import { env } from "cloudflare:workers";
import { expectStatus, type SignedIn, uuid } from "../../support/api.ts";

/** What the books hold of money that is no sale's, read past the API. */

export interface ReceivedRow {
  kind: string;
  method: string;
  amount: number;
  sale_id: string | null;
  shift_id: string | null;
  business_date: string;
}

/** The rows of received_payments of one request, in order. */
export async function receivedOf(document_id: string): Promise<ReceivedRow[]> {
  return rowsOf(
    `SELECT kind, method, amount, sale_id, shift_id, business_date FROM received_payments
     WHERE document_id = ?1 ORDER BY arrival`,
    document_id,
  );
}

export interface EntryRow {
  ledger: string;
  kind: string;
  amount: number;
  balance_after: number;
}

/** The ledger rows of a customer or gift card, in order. */
export async function entriesOf(holder_id: string): Promise<EntryRow[]> {
  return rowsOf(
    "SELECT ledger, kind, amount, balance_after FROM ledger_entries WHERE holder_id = ?1 ORDER BY arrival",
    holder_id,
  );
}

/** The audit entries about something, oldest first, as they stand. */
export async function auditOf(
  entity_id: string,
): Promise<{ action: string; before: string | null; after: string | null }[]> {
  return rowsOf("SELECT action, before, after FROM audit_entries WHERE entity_id = ?1 ORDER BY rowid", entity_id);
}

async function rowsOf<T>(sql: string, id: string): Promise<T[]> {
  const { results } = await env.DB.prepare(sql).bind(id).all<T>();
  return results;
}

/** Closes a till's shift with what its own report expects to lie in the drawer. */
export async function closeShift(admin: SignedIn, shift_id: string): Promise<void> {
  const report = await admin.get<{ cash: { expected: number } }>(`/v1/shifts/${shift_id}/report`);
  expectStatus(report, 200);
  const counted = [{ method: "cash", amount: report.body.cash.expected }];
  const answer = await admin.post(`/v1/shifts/${shift_id}/close`, { counted }, { "Idempotency-Key": uuid() });
  expectStatus(answer, 200);
}
