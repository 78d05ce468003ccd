import { type Statement, statement } from "../../db/database.ts";
import type { GiftCard } from "./schemas.ts";

// The card by the UNIQUE of code, its balance by primary key.
const SELECT_BY_CODE = `
  SELECT g.id, g.code, g.currency, coalesce(b.balance, 0) AS balance, g.created_at
  FROM gift_cards g LEFT JOIN balances b ON b.ledger = 'gift_card' AND b.holder_id = g.id
  WHERE g.code = ?1`;

export function giftCardByCodeStatement(code: string): Statement {
  return statement(SELECT_BY_CODE, code);
}

const INSERT = "INSERT INTO gift_cards (id, code, currency, user_id, created_at) VALUES (?1, ?2, ?3, ?4, ?5)";

/** A card without a balance yet. Aborts the batch with `gift_cards.code` or `gift_cards.id` where there is one already. */
export function insertGiftCardStatement(card: Omit<GiftCard, "balance"> & { user_id: string }): Statement {
  return statement(INSERT, card.id, card.code, card.currency, card.user_id, card.created_at);
}
