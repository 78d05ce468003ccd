import { actorOf, type Context } from "../../context.ts";
import type { Statement } from "../../db/database.ts";
import { ledgerStatement } from "../ledgers/index.ts";
import type { Moment, Place } from "../shifts/index.ts";
import { receivedPaymentsStatement } from "./queries.ts";
import { receivedRows, type TakenTender } from "./receive.ts";
import type { Share } from "./settlement.ts";

/** A payment of what a customer owes. */
export interface AccountPayment {
  /** The request that brings it. */
  document_id: string;
  customer_id: string;
  shares: readonly Share<TakenTender>[];
  note?: string | null;
  /** What the account leaves to be owed. The schema proves it (`balance_sum`), and with it all that was read of the account. */
  balance_after: number;
}

/** By these the schema says that account or sales are not what they were when they were read. */
export const ACCOUNT_CHANGED = ["balance_sum", "nothing_due"] as const;

/** The money as it was received, with the sales it pays, and what it takes off the account. */
export function accountPaymentStatements(
  ctx: Context,
  place: Place,
  moment: Moment,
  { document_id, customer_id, shares, note = null, balance_after }: AccountPayment,
): Statement[] {
  const createdAt = ctx.now.toISOString();
  const rows = shares.flatMap(({ tender, sale_id }) =>
    receivedRows(ctx, place, [tender], { kind: "account", document_id, customer_id, sale_id, note }, moment),
  );
  const entry = {
    ledger: "account",
    holder_id: customer_id,
    gift_card_code: null,
    currency: place.store.currency,
    kind: "payment",
    amount: -shares.reduce((sum, { tender }) => sum + tender.amount, 0),
    balance_after,
    happened: moment.happened ? 1 : 0,
    source_id: document_id,
    source_no: 1,
    store_id: place.store.id,
    user_id: actorOf(ctx).user_id,
    occurred_at: moment.received_at,
  } as const;
  return [receivedPaymentsStatement(rows, createdAt), ledgerStatement([entry], createdAt)];
}
