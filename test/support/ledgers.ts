import { env } from "cloudflare:workers";
import { asAdmin, expectStatus, uuid } from "./api.ts";

/** Customers with credit, and cards with money on them. Amounts are minor units. */

export interface GiftCard {
  id: string;
  code: string;
}

/** A new customer who may owe this much, and has this much store credit. */
export async function createCustomer(
  store_id: string,
  { credit_limit = 0, store_credit = 0, currency = "GBP" } = {},
): Promise<string> {
  const answer = await (await asAdmin()).post<{ id: string }>("/v1/customers", { name: "Ann Archer", credit_limit });
  expectStatus(answer, 201);
  const { id } = answer.body;
  if (store_credit > 0) await giveStoreCredit(id, store_id, store_credit, currency);
  return id;
}

/** A new gift card of a store, with this much on it, sold in no till's shift. */
export async function createGiftCard(store_id: string, amount: number): Promise<GiftCard> {
  const body = { store_id, amount, payments: [{ method: "card", amount }] };
  const answer = await (await asAdmin()).post<GiftCard>("/v1/gift-cards", body, { "Idempotency-Key": uuid() });
  expectStatus(answer, 201);
  return answer.body;
}

/** As if it had been there: nothing but a refund gives store credit, and a refund moves more than that. */
async function giveStoreCredit(customer_id: string, store_id: string, amount: number, currency: string): Promise<void> {
  const at = "2026-01-01T00:00:00.000Z";
  await env.DB.prepare(
    `INSERT INTO ledger_entries (ledger, holder_id, currency, kind, amount, balance_after, source_id, source_no,
       store_id, user_id, occurred_at, created_at)
     VALUES ('store_credit', ?1, ?2, 'issue', ?3, ?3, ?4, 1, ?5, ?6, ?7, ?7)`,
  )
    .bind(customer_id, currency, amount, uuid(), store_id, (await asAdmin()).user.id, at)
    .run();
}

/** A ledger's balance, and the sum of its entries: of an account what is owed, else what may be spent. */
export async function balanceOf(
  ledger: "account" | "store_credit" | "gift_card",
  holder_id: string,
): Promise<{ balance: number; entries: number }> {
  const row = await env.DB.prepare(
    `SELECT
       (SELECT coalesce(sum(balance), 0) FROM balances WHERE ledger = ?1 AND holder_id = ?2) AS balance,
       (SELECT coalesce(sum(amount), 0) FROM ledger_entries WHERE ledger = ?1 AND holder_id = ?2) AS entries`,
  )
    .bind(ledger, holder_id)
    .first<{ balance: number; entries: number }>();
  return row ?? { balance: Number.NaN, entries: Number.NaN };
}

/** The balance of a ledger whose entries sum to `amount`. */
export function even(amount: number): { balance: number; entries: number } {
  return { balance: amount, entries: amount };
}
