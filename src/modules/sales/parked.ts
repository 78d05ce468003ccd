import { actorOf, type Context, ofOwnStore, requireStore } from "../../context.ts";
import { businessDate } from "../../core/business-day.ts";
import type { Row } from "../../db/database.ts";
import { fingerprintOf, keyOf } from "../../http/idempotency.ts";
import { doOnce, NO_EXPLANATION, replayOrRefuse } from "../../http/once.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { Problem } from "../../http/problem.ts";
import type { RawBody } from "../../http/route.ts";
import { auditStatement } from "../audit/index.ts";
import { takeBasket } from "./basket.ts";
import { describeLine } from "./draft.ts";
import { endParkedSale, insertParkedSale, selectSale } from "./queries.ts";
import { explainStrangers } from "./refusal.ts";
import type { Sale, SaleCompletion, SaleInput, SaleVoid } from "./schemas.ts";
import { type HappenedSale, refuseFutureTime, saleFingerprint, sell } from "./service.ts";
import { fetchShelf, refsOf } from "./shelf.ts";
import { refuseOtherTotal } from "./tender.ts";

/** Baskets put aside: parked, and finished or thrown away once. */

/**
 * Puts a basket aside with what it comes to now. Nothing moves, and no number is taken. One that an offline till put aside
 * (`happened`) is kept though prices have changed since: that is told, or refused, when it is completed.
 */
export async function parkSale(ctx: Context, input: SaleInput, happened = false): Promise<RawBody> {
  requireStore(ctx, input.store_id);
  if (!happened) refuseFutureTime(ctx, input.sold_at, "/sold_at");
  const { payments, status: _status, ...basket } = input;
  if (payments.length > 0) {
    throw new Problem("validation_failed", "A parked sale takes no payments.", {
      errors: [{ pointer: "/payments", detail: "must be left out: a parked sale is paid when it is completed" }],
    });
  }
  const id = input.id ?? ctx.newId();
  const once = {
    store_id: input.store_id,
    key: keyOf(ctx),
    operation: "sale.park",
    fingerprint: saleFingerprint(input),
    ...(happened ? {} : { named_time: input.sold_at ?? "" }),
    resource_id: id,
  };
  const work = async () => {
    const shown = await showParked(ctx, id, input, happened);
    const { store_id, business_date, customer_id, salesperson_id, user_id, created_at } = shown;
    const entry = {
      action: "sale.park",
      entity_type: "sale",
      entity_id: id,
      store_id,
      after: { total: shown.total },
    } as const;
    const parked = { id, store_id, business_date, customer_id, salesperson_id, user_id, basket, shown, created_at };
    return { statements: [auditStatement(ctx, [entry]), insertParkedSale(parked)], response: shown };
  };
  return doOnce(ctx, once, work, (error) =>
    isViolationOf(error, "FOREIGN KEY") ? explainStrangers(input) : NO_EXPLANATION,
  );
}

/** A parked sale as the wire shows it. Leave for its prices and discounts is asked for when it is completed. */
async function showParked(ctx: Context, id: string, input: SaleInput, happened: boolean): Promise<Sale> {
  const shelf = await fetchShelf(ctx, {
    store_id: input.store_id,
    terminal_id: input.terminal_id ?? null,
    shift_id: input.shift_id ?? null,
    without_shift: true,
    refs: input.lines.map(refsOf),
    afresh: true,
  });
  const { lines, totals } = takeBasket(input, shelf, { actor: actorOf(ctx), happened });
  if (!happened) refuseOtherTotal(input.total, totals.total);
  const soldAt = input.sold_at ?? ctx.now.toISOString();
  return {
    id,
    invoice_no: null,
    status: "parked",
    store_id: shelf.store.id,
    terminal_id: shelf.terminal?.id ?? null,
    shift_id: null,
    customer_id: input.customer_id ?? null,
    salesperson_id: input.salesperson_id ?? null,
    user_id: actorOf(ctx).user_id,
    business_date: businessDate(soldAt, shelf.store.timezone, shelf.store.day_cutoff),
    sold_at: soldAt,
    currency: shelf.store.currency,
    tax_mode: shelf.store.tax_mode,
    subtotal: totals.subtotal,
    discount_total: totals.discount_total,
    tax_total: totals.tax_total,
    rounding_adjustment: 0,
    total: totals.total,
    paid_total: 0,
    change_due: 0,
    balance_due: 0,
    due: 0,
    note: input.note ?? null,
    lines: lines.map((line) => ({ id: ctx.newId(), ...describeLine(line), refunded_quantity: 0 })),
    payments: [],
    created_at: ctx.now.toISOString(),
  };
}

/**
 * Finishes a parked sale as a sale of the same id, priced as it is now. Of requests that race one wins; the others are
 * told `already_resumed`.
 */
export async function completeSale(
  ctx: Context,
  saleId: string,
  completion: SaleCompletion,
  past?: { store_id: string; sold_at: string; happened: HappenedSale },
): Promise<RawBody> {
  const parked = await readParked(ctx, saleId, past?.store_id);
  const basket = JSON.parse(String(parked["basket"])) as Omit<SaleInput, "payments" | "status">;
  const input = { ...finishedBasket(basket, completion), id: saleId, ...(past ? { sold_at: past.sold_at } : {}) };
  const once = {
    store_id: String(parked["store_id"]),
    key: keyOf(ctx),
    operation: "sale.complete",
    fingerprint: fingerprintOf("sale.complete", { sale_id: saleId, ...completion }),
    resource_id: saleId,
  };
  // Whatever else would be wrong with it now.
  if (parked["state"] !== "parked") return replayOrRefuse(ctx, once, alreadyResumed(), NO_EXPLANATION);
  return sell(ctx, { input, once, happened: past?.happened, before: [endParkedSale(saleId, "completed")] });
}

/** A member left out does not replace what was parked; null takes it away. */
function finishedBasket(basket: Omit<SaleInput, "payments" | "status">, completion: SaleCompletion): SaleInput {
  const { terminal_id: _till, shift_id: _shift, total: _total, sold_at: _soldAt, ...parked } = basket;
  const { customer_id = parked.customer_id, discount = parked.discount, lines = parked.lines, ...rest } = completion;
  return { ...parked, ...rest, lines, customer_id: customer_id ?? undefined, discount: discount ?? undefined };
}

/** Of a sale that was never parked there is nothing to complete (`already_resumed`). */
async function readParked(ctx: Context, saleId: string, storeId?: string): Promise<Row> {
  const [sales = [], , , , parked = []] = await ctx.db.readAll(selectSale(saleId));
  const row = ofOwnStore(ctx, parked[0] ?? sales[0], "sale", storeId);
  if (parked[0]) return row;
  throw alreadyResumed();
}

function alreadyResumed(): Problem {
  return new Problem("already_resumed", "The sale is not parked: it was completed or thrown away.");
}

/** Throws a parked sale away. */
export async function discardParked(ctx: Context, parked: Row, shown: Sale, input: SaleVoid): Promise<RawBody> {
  const saleId = String(parked["id"]);
  const store_id = String(parked["store_id"]);
  const once = {
    store_id,
    key: keyOf(ctx),
    operation: "sale.void",
    fingerprint: fingerprintOf("sale.void", { sale_id: saleId, ...input }),
    resource_id: saleId,
  };
  const after = { status: "voided", reason: input.reason ?? null };
  const entry = { action: "sale.discard", entity_type: "sale", entity_id: saleId, store_id, after } as const;
  return doOnce(ctx, once, () => ({
    statements: [auditStatement(ctx, [entry]), endParkedSale(saleId, "voided")],
    response: { ...shown, status: "voided" },
  }));
}
