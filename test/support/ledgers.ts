import { env } from "cloudflare:workers";
import { asAdmin, expectStatus, uuid } from "./api.ts";

/** Customers with credit and cards with money on them, put into the books as if they had been there. */

export interface GiftCard {
  id: string;
  code: string;
}

/** A new customer who may owe this much, and has this much store credit. Minor units. */
export async function createCustomer(
  store_id: string,
  { credit_limit = 0, store_credit = 0, currency = "GBP" } = {},
): Promise<string> {
  const answer = await (await asAdmin()).post<{ id: string }>("/v1/customers", { name: `Customer ${uuid()}` });
  expectStatus(answer, 201);
  const { id } = answer.body;
  await env.DB.prepare("UPDATE customers SET credit_limit = ?2, version = version + 1 WHERE id = ?1")
    .bind(id, credit_limit)
    .run();
  if (store_credit > 0) await put("store_credit", id, { store_id, amount: store_credit, currency });
  return id;
}

/** A new gift card with this much on it. */
export async function createGiftCard(store_id: string, amount: number, currency = "GBP"): Promise<GiftCard> {
  const id = uuid();
  const code = id.replaceAll("-", "").slice(-16).toUpperCase();
  await env.DB.prepare(
    `INSERT INTO gift_cards (id, code, currency, user_id, created_at)
     VALUES (?1, ?2, ?3, ?4, '2026-01-01T00:00:00.000Z')`,
  )
    .bind(id, code, currency, (await asAdmin()).user.id)
    .run();
  await put("gift_card", id, { store_id, amount, currency });
  return { id, code };
}

async function put(
  ledger: "store_credit" | "gift_card",
  holder_id: string,
  { store_id, amount, currency }: { store_id: string; amount: number; currency: string },
): Promise<void> {
  const at = "2026-01-01T00:00:00.000Z";
  await env.DB.prepare(
    `INSERT INTO ledger_entries (ledger, holder_id, currency, kind, amount, balance_after, source_id, source_no,
       store_id, user_id, occurred_at, created_at)
     VALUES (?1, ?2, ?3, 'issue', ?4, ?4, ?5, 1, ?6, ?7, ?8, ?8)`,
  )
    .bind(ledger, holder_id, currency, amount, uuid(), store_id, (await asAdmin()).user.id, at)
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
