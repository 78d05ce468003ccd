import { actorOf, type Context, requireStore } from "../../context.ts";
import { businessDate } from "../../core/business-day.ts";
import { fingerprintOf, keyOf } from "../../http/idempotency.ts";
import { Problem } from "../../http/problem.ts";
import type { RawBody } from "../../http/route.ts";
import { type AuditEntry, auditStatement } from "../audit/index.ts";
import {
  ACCOUNT_CHANGED,
  accountPaymentStatements,
  type Owed,
  owedSalesStatement,
  showTenders,
  splitTenders,
  sumBySale,
  sumOf,
} from "../payments/index.ts";
import { doOnceAtPlace, type Happened } from "../shifts/index.ts";
import { customerByIdStatement, type CustomerRow } from "./queries.ts";
import type { AccountPayment, AccountPaymentInput } from "./schemas.ts";
import { noSuchCustomer } from "./service.ts";

/** How many sales one payment pays off at most: each is a row of the batch. */
const MOST_SETTLED = 1000;

/**
 * Takes what a customer pays off the account, and lays it upon the store's open sales, the oldest first. What is more
 * than they owe is paid ahead. The answer is an AccountPayment as JSON. Throws Problem and Violation.
 */
export async function payOffAccount(
  ctx: Context,
  customerId: string,
  input: AccountPaymentInput,
  happened?: Happened,
): Promise<RawBody> {
  const { store_id, payments, note = null } = input;
  requireStore(ctx, store_id);
  const id = ctx.newId();
  const once = {
    store_id,
    key: keyOf(ctx),
    operation: "customer.pay",
    fingerprint: fingerprintOf("customer.pay", { customer_id: customerId, ...input }),
    resource_id: id,
  };
  const stale = { constraints: ACCOUNT_CHANGED, detail: "The customer's account goes on changing; send it again." };
  return doOnceAtPlace(ctx, { once, request: input, happened, stale }, async (place, moment) => {
    const { store, terminal, shift_id } = place;
    const amount = sumOf(payments);
    const { owes, owed } = await readOwed(ctx, customerId, store_id);
    const shares = splitTenders(payments, owed);
    const settled = sumBySale(shares);
    if (owed.length > MOST_SETTLED && settled.length > MOST_SETTLED) throw tooManySales(owed);
    const response: AccountPayment = {
      id,
      customer_id: customerId,
      store_id,
      terminal_id: terminal?.id ?? null,
      shift_id,
      business_date: businessDate(moment.received_at, store.timezone, store.day_cutoff),
      user_id: actorOf(ctx).user_id,
      currency: store.currency,
      amount,
      payments: showTenders(payments),
      settled,
      balance: owes - amount,
      note,
      created_at: ctx.now.toISOString(),
    };
    const entry: AuditEntry = {
      action: "customer.pay",
      entity_type: "customer",
      entity_id: customerId,
      store_id,
      after: { payment_id: id, amount, currency: store.currency },
    };
    const payment = { document_id: id, customer_id: customerId, shares, note, balance_after: response.balance };
    return {
      statements: [auditStatement(ctx, [entry]), ...accountPaymentStatements(ctx, place, moment, payment)],
      response,
    };
  });
}

/** What the customer owes in all, and of which of the store's sales: one more of them than a payment may pay off. */
async function readOwed(ctx: Context, customerId: string, storeId: string): Promise<{ owes: number; owed: Owed[] }> {
  const [customers = [], sales = []] = await ctx.db.readAll([
    customerByIdStatement(customerId),
    owedSalesStatement(customerId, storeId, MOST_SETTLED + 1),
  ]);
  const [customer] = customers as unknown as CustomerRow[];
  if (!customer) throw noSuchCustomer();
  return { owes: customer.account_balance ?? 0, owed: sales as unknown as Owed[] };
}

function tooManySales(owed: readonly Owed[]): Problem {
  const most = owed.slice(0, MOST_SETTLED).reduce((sum, { due }) => sum + due, 0);
  const detail = `pay off more than ${String(MOST_SETTLED)} sales; pay ${String(most)} first`;
  return new Problem("validation_failed", `The payments ${detail}.`, { errors: [{ pointer: "/payments", detail }] });
}
