import { actorOf, type Context, requireStore } from "../../context.ts";
import { businessDate } from "../../core/business-day.ts";
import { fingerprintOf, keyOf } from "../../http/idempotency.ts";
import type { Work } from "../../http/once.ts";
import { Problem } from "../../http/problem.ts";
import type { RawBody } from "../../http/route.ts";
import { type AuditEntry, auditStatement } from "../audit/index.ts";
import { ledgerStatement } from "../ledgers/index.ts";
import { receivedPaymentsStatement, receivedRows, showTenders, takeExactly } from "../payments/index.ts";
import { doOnceAtPlace, type Happened, type Moment, type Place } from "../shifts/index.ts";
import { newGiftCardCode } from "./code.ts";
import { giftCardByCodeStatement, insertGiftCardStatement } from "./queries.ts";
import type { GiftCard, GiftCardInput, GiftCardSale } from "./schemas.ts";

/**
 * Sells a gift card: the money goes into the drawer, and what may be spent with the card is owed to whoever holds it. It
 * is no revenue until it is spent. The answer is a GiftCardSale as JSON. Throws Problem and Violation, `conflict` for a
 * code that is taken.
 */
export async function sellGiftCard(ctx: Context, input: GiftCardInput, happened?: Happened): Promise<RawBody> {
  requireStore(ctx, input.store_id);
  const id = input.id ?? ctx.newId();
  const once = {
    store_id: input.store_id,
    key: keyOf(ctx),
    operation: "gift_card.create",
    fingerprint: fingerprintOf("gift_card.create", input),
    resource_id: id,
  };
  const code = input.code ?? newGiftCardCode();
  return doOnceAtPlace(ctx, { once, request: input, happened }, (place, moment) =>
    sale(ctx, { ...input, id, code }, place, moment),
  );
}

function sale(ctx: Context, input: GiftCardInput & { id: string; code: string }, place: Place, moment: Moment): Work {
  const { id, code, amount, payments } = input;
  const { store, terminal, shift_id } = place;
  const { user_id } = actorOf(ctx);
  const created_at = ctx.now.toISOString();
  const { tenders, change_due } = takeExactly(amount, payments);
  const response: GiftCardSale = {
    id,
    code,
    currency: store.currency,
    balance: amount,
    created_at,
    amount,
    store_id: store.id,
    terminal_id: terminal?.id ?? null,
    shift_id,
    business_date: businessDate(moment.received_at, store.timezone, store.day_cutoff),
    user_id,
    payments: showTenders(payments),
    change_due,
  };
  // Without the code: whoever knows it may spend the card, and more people read the log than sell cards.
  const entry: AuditEntry = {
    action: "gift_card.create",
    entity_type: "gift_card",
    entity_id: id,
    store_id: store.id,
    after: { amount, currency: store.currency },
  };
  const issue = {
    ledger: "gift_card",
    holder_id: id,
    gift_card_code: null,
    currency: store.currency,
    kind: "issue",
    amount,
    happened: moment.happened ? 1 : 0,
    source_id: id,
    source_no: 1,
    store_id: store.id,
    user_id,
    occurred_at: moment.received_at,
  } as const;
  const rows = receivedRows(ctx, place, tenders, { kind: "gift_card", document_id: id, gift_card_id: id }, moment);
  return {
    statements: [
      auditStatement(ctx, [entry]),
      insertGiftCardStatement(response),
      receivedPaymentsStatement(rows, created_at),
      ledgerStatement([issue], created_at),
    ],
    response,
  };
}

/** What may be spent with a card: it is good in every store. Throws Problem `not_found`. */
export async function readGiftCard(ctx: Context, code: string): Promise<GiftCard> {
  const card = await ctx.db.first<GiftCard>(giftCardByCodeStatement(code));
  if (!card) throw new Problem("not_found", "There is no such gift card.");
  return card;
}
