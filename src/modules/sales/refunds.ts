import pRetry from "p-retry";
import { businessDate } from "../../core/business-day.ts";
import { CLOCK_SKEW_MS } from "../../core/clock.ts";
import { actorOf, type Context, ofOwnStore, requireStore } from "../../context.ts";
import type { Row } from "../../db/database.ts";
import { RACE } from "../../db/race.ts";
import { Violation } from "../../db/violation.ts";
import { fingerprintOf, keyOf, type OnceRecord } from "../../http/idempotency.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { NO_EXPLANATION, replayOrRefuse } from "../../http/once.ts";
import { Problem } from "../../http/problem.ts";
import { RawBody } from "../../http/route.ts";
import { NO_LEAVE, takeLeave } from "../approvals/index.ts";
import { forgetDrawer } from "../shifts/index.ts";
import { type SoldBasket, takeBasket } from "./basket.ts";
import { commitDraft } from "./commit.ts";
import type { Draft, DraftOptions } from "./draft.ts";
import { draftLinkedRefund, draftUnlinkedRefund, leastOnAccount, takeBack } from "./refund-draft.ts";
import { selectRefund, selectSale } from "./queries.ts";
import { toRefund } from "./rows.ts";
import type { Refund, RefundInput, RefundLineInput, RefundQuote, UnlinkedRefundInput } from "./refund-schemas.ts";
import { explainRefusal } from "./refusal.ts";
import { refuseFutureTime, wantedOf } from "./service.ts";
import { fetchShelf, refsOf, type Shelf } from "./shelf.ts";

/** Refunds lines of a sale. Reads the sale, then one batch proves that nothing came back meanwhile. */
export async function createRefund(ctx: Context, saleId: string, input: RefundInput): Promise<RawBody> {
  const command = {
    key: keyOf(ctx),
    operation: "refund.create",
    fingerprint: refundFingerprint(saleId, input),
    named_time: input.refunded_at ?? "",
    resource_id: input.id ?? ctx.newId(),
  };
  return pRetry(async () => refundOnce(ctx, saleId, input, command), {
    ...RACE,
    shouldRetry: ({ error }) => isViolationOf(error, "stale_refund"),
  });
}

async function refundOnce(
  ctx: Context,
  saleId: string,
  input: RefundInput,
  command: Omit<OnceRecord, "store_id">,
): Promise<RawBody> {
  const sale = await readSale(ctx, saleId);
  const once: OnceRecord = { store_id: String(sale.header["store_id"]), ...command };
  return refundFrom(ctx, sale, input, once, false);
}

async function refundFrom(
  ctx: Context,
  sale: SaleRows,
  input: RefundInput,
  once: OnceRecord,
  afresh: boolean,
): Promise<RawBody> {
  let draft: Draft | undefined;
  let shelf: Shelf | undefined;
  try {
    shelf = await fetchShelf(ctx, {
      store_id: once.store_id,
      terminal_id: input.terminal_id ?? null,
      shift_id: input.shift_id ?? null,
      refs: [],
      afresh,
    });
    draft = draftRefundOf(ctx, sale, input, shelf, { once, happened: false, leave: NO_LEAVE });
    return new RawBody(await commitDraft(ctx, draft));
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Violation) || isViolationOf(error, "stale_refund")) throw error;
    if (isViolationOf(error, "shift_closed") && !afresh) {
      forgetDrawer(shelf?.terminal?.id ?? null);
      return refundFrom(ctx, sale, input, once, true);
    }
    return replayOrRefuse(ctx, once, error, draft ? explainRefusal(input, draft, error) : NO_EXPLANATION);
  }
}

export function refundFingerprint(saleId: string, input: RefundInput): string {
  const { refunded_at: _refundedAt, ...rest } = input;
  return fingerprintOf("refund.create", { sale_id: saleId, ...rest });
}

export interface SaleRows {
  header: Row;
  lines: Row[];
}

/**
 * A sale of the actor's stores, or of `only` that one, with its lines. Throws Problem `not_found`, and `conflict` for a
 * basket that was put aside and never sold.
 */
export async function readSale(ctx: Context, saleId: string, only?: string): Promise<SaleRows> {
  const [headers = [], lines = [], , , parked = []] = await ctx.db.readAll(selectSale(saleId));
  const header = ofOwnStore(ctx, headers[0] ?? parked[0], "sale", only);
  if (headers[0]) return { header, lines };
  const isOver = header["state"] === "voided";
  const detail = isOver ? "It was thrown away: nothing was sold." : "It is parked: nothing was sold yet.";
  throw new Problem("conflict", detail);
}

/** The rows of a refund of a sale's lines. Throws Problem. */
export function draftRefundOf(
  ctx: Context,
  sale: SaleRows,
  input: RefundInput,
  shelf: Shelf,
  options: DraftOptions,
): Draft {
  if (!options.happened) {
    refuseOtherDay(ctx, input.refunded_at, shelf.store);
    refuseBeforeSale(sale.header, input.refunded_at);
  }
  return draftLinkedRefund(ctx, sale, input, shelf, options);
}

/**
 * What is given back now stands in the books of today, but for those who may see the other days: whoever sees today's alone
 * could hide it there. A moment ago is today, though the day has ended since.
 */
function refuseOtherDay(ctx: Context, refundedAt: string | undefined, store: Shelf["store"]): void {
  refuseFutureTime(ctx, refundedAt, "/refunded_at");
  if (refundedAt === undefined || actorOf(ctx).permissions.has("reports:read")) return;
  const justNow = new Date(ctx.now.getTime() - CLOCK_SKEW_MS);
  const day = businessDate(refundedAt, store.timezone, store.day_cutoff);
  if (day >= businessDate(justNow, store.timezone, store.day_cutoff)) return;
  throw new Problem("forbidden", "A refund on another day than today needs the permission reports:read.");
}

function refuseBeforeSale(header: Row, refundedAt: string | undefined): void {
  const soldAt = String(header["sold_at"]);
  if (refundedAt === undefined || refundedAt >= soldAt) return;
  throw new Problem("validation_failed", "/refunded_at is before the sale.", {
    errors: [{ pointer: "/refunded_at", detail: `is before the sale, which was at ${soldAt}` }],
  });
}

/** What a refund of these lines would come to. */
export async function quoteRefund(ctx: Context, saleId: string, lines: RefundLineInput[]): Promise<RefundQuote> {
  const sale = await readSale(ctx, saleId);
  const taken = takeBack(sale, lines);
  return {
    sale_id: saleId,
    currency: String(sale.header["currency"]),
    ...taken.totals,
    on_account_at_least: leastOnAccount(taken.totals.total, sale.header),
    lines: taken.lines.map((line) => line.shown),
  };
}

/** Refunds goods without their sale: priced as a sale of them would be, from the catalogue as it is now. */
export async function createUnlinkedRefund(ctx: Context, input: UnlinkedRefundInput): Promise<RawBody> {
  requireStore(ctx, input.store_id);
  const once: OnceRecord = {
    store_id: input.store_id,
    key: keyOf(ctx),
    operation: "refund.create_unlinked",
    fingerprint: unlinkedRefundFingerprint(input),
    named_time: input.refunded_at ?? "",
    resource_id: input.id ?? ctx.newId(),
  };
  let draft: Draft | undefined;
  try {
    const shelf = await fetchShelf(ctx, {
      store_id: input.store_id,
      terminal_id: input.terminal_id ?? null,
      shift_id: input.shift_id ?? null,
      refs: input.lines.map(refsOf),
      // Nothing in the commit proves these prices, so they are never taken from memory.
      afresh: true,
    });
    ({ draft } = draftRefundWithout(ctx, input, shelf, { once, happened: false }));
    return new RawBody(await commitDraft(ctx, draft));
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Violation)) throw error;
    const told = draft ? explainRefusal(input, draft, error) : NO_EXPLANATION;
    return replayOrRefuse(ctx, once, error, told);
  }
}

export function unlinkedRefundFingerprint(input: UnlinkedRefundInput): string {
  const { refunded_at: _refundedAt, ...rest } = input;
  return fingerprintOf("refund.create_unlinked", rest);
}

/** The rows of a refund without a sale, and the prices that were not the ones in force. Throws Problem. */
export function draftRefundWithout(
  ctx: Context,
  input: UnlinkedRefundInput,
  shelf: Shelf,
  options: Omit<DraftOptions, "leave">,
): { draft: Draft; stale_prices: SoldBasket["stale_prices"] } {
  if (!options.happened) refuseOtherDay(ctx, input.refunded_at, shelf.store);
  const basket = takeBasket(input, shelf, { actor: actorOf(ctx), happened: options.happened, coming_back: true });
  const wanted = {
    action: "refund_unlinked" as const,
    store_id: shelf.store.id,
    sale_id: null,
    size: basket.totals.total,
    why: "A refund without its sale needs the permission approve:refund_unlinked, or a manager's approval.",
  };
  const at = options.happened ? new Date(input.refunded_at ?? ctx.now) : ctx.now;
  const leave = takeLeave(ctx, [wanted, ...wantedOf(basket, shelf.store.id, null)], at);
  const draft = draftUnlinkedRefund(ctx, input, shelf, basket, { ...options, leave });
  return { draft, stale_prices: basket.stale_prices };
}

export async function getRefund(ctx: Context, refundId: string): Promise<Refund> {
  const [refunds = [], lines = [], payments = []] = await ctx.db.readAll(selectRefund(refundId));
  return toRefund(ofOwnStore(ctx, refunds[0], "refund"), lines, payments);
}
