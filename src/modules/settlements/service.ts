import { type Context, ofOwnStore } from "../../context.ts";
import { fingerprintOf, keyOf } from "../../http/idempotency.ts";
import type { Work } from "../../http/once.ts";
import { Problem } from "../../http/problem.ts";
import type { RawBody } from "../../http/route.ts";
import { auditStatement } from "../audit/index.ts";
import {
  ACCOUNT_CHANGED,
  accountPaymentStatements,
  saleDueStatement,
  showTenders,
  sumOf,
  takeExactly,
} from "../payments/index.ts";
import { getSale } from "../sales/index.ts";
import { doOnceAtPlace, type Happened, type Moment, type Place } from "../shifts/index.ts";
import type { SettlementInput } from "./schemas.ts";

/** What is due of a sale of the actor's stores, and what its customer owes in all. */
type Due = { store_id: string; customer_id: string | null; due: number; account_balance: number };

/**
 * Takes money for the balance of one sale, all of it or a part; cash above it gives change. The answer is the sale as
 * JSON. Throws Problem and Violation, `conflict` where nothing is due.
 */
export async function settleSale(
  ctx: Context,
  saleId: string,
  input: SettlementInput,
  happened?: Happened,
): Promise<RawBody> {
  const only = happened?.place.store.id;
  let known: Due | null = await readDue(ctx, saleId, only);
  const { store_id } = known;
  const once = {
    store_id,
    key: keyOf(ctx),
    operation: "sale.settle",
    fingerprint: fingerprintOf("sale.settle", { sale_id: saleId, ...input }),
    resource_id: saleId,
  };
  const stale = { constraints: ACCOUNT_CHANGED, detail: "The customer's account goes on changing; send it again." };
  return doOnceAtPlace(ctx, { once, request: { ...input, store_id }, happened, stale }, async (place, moment) => {
    const due: Due = known ?? (await readDue(ctx, saleId, only));
    // Another attempt is made because this has changed.
    known = null;
    return settlement(ctx, { saleId, input, due, place, moment });
  });
}

interface Settling {
  saleId: string;
  input: SettlementInput;
  due: Due;
  place: Place;
  moment: Moment;
}

async function settlement(ctx: Context, { saleId, input, due, place, moment }: Settling): Promise<Work> {
  if (due.customer_id === null || due.due <= 0) throw nothingDue();
  // Offline the money has been taken: it stands as paid ahead.
  if (due.account_balance <= 0 && !moment.happened) throw nothingOwed();
  const { tenders } = takeExactly(Math.min(due.due, sumOf(input.payments)), input.payments);
  const amount = sumOf(tenders);
  const change = tenders.reduce((sum, { change_given = 0 }) => sum + change_given, 0);
  // Read after the account: as long as that is what it was, which the commit proves, so are the sale's payments.
  const sale = await getSale(ctx, saleId);
  const payments = [...sale.payments, ...showTenders(tenders)];
  const response = {
    ...sale,
    paid_total: sale.paid_total + amount + change,
    change_due: sale.change_due + change,
    balance_due: sale.balance_due - amount,
    due: due.due - amount,
    payments: payments.map((payment, index) => ({ ...payment, payment_no: index + 1 })),
  };
  const entry = {
    action: "sale.settle",
    entity_type: "sale",
    entity_id: saleId,
    store_id: due.store_id,
    before: { balance_due: sale.balance_due },
    after: { balance_due: response.balance_due, amount },
  } as const;
  const payment = {
    document_id: ctx.newId(),
    customer_id: due.customer_id,
    shares: tenders.map((tender) => ({ tender, sale_id: saleId })),
    balance_after: due.account_balance - amount,
  };
  return {
    statements: [auditStatement(ctx, [entry]), ...accountPaymentStatements(ctx, place, moment, payment)],
    response,
  };
}

/** A parked sale is found too: nothing is due of it. A till finds those of its own store `only`. */
async function readDue(ctx: Context, saleId: string, only?: string): Promise<Due> {
  const row = await ctx.db.first<Due>(saleDueStatement(saleId));
  if (row) return ofOwnStore(ctx, row, "sale", only);
  const { store_id } = ofOwnStore(ctx, await getSale(ctx, saleId), "sale", only);
  return { store_id, customer_id: null, due: 0, account_balance: 0 };
}

function nothingOwed(): Problem {
  const detail = "The customer's account owes nothing: what was paid ahead, or in another store, covers this sale.";
  return new Problem("conflict", detail);
}

function nothingDue(): Problem {
  return new Problem("conflict", "Nothing is due on this sale.");
}
