import { actorOf, type Context, ofOwnStore, requireStore } from "../../context.ts";
import { CLOCK_SKEW_MS } from "../../core/clock.ts";
import { forgetProducts, rememberedStores } from "../../db/catalog-cache.ts";
import type { Statement } from "../../db/database.ts";
import { Violation } from "../../db/violation.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { fingerprintOf, keyOf, type OnceRecord } from "../../http/idempotency.ts";
import { NO_EXPLANATION, replayOrRefuse } from "../../http/once.ts";
import { Problem } from "../../http/problem.ts";
import { RawBody } from "../../http/route.ts";
import { approvalsNeeded, takeLeave } from "../approvals/index.ts";
import { type Drawer, forgetDrawer } from "../shifts/index.ts";
import { type SoldBasket, takeBasket } from "./basket.ts";
import { commitDraft } from "./commit.ts";
import { describeLine, type Draft, type DraftOptions, draftSale } from "./draft.ts";
import { selectSale } from "./queries.ts";
import { explainRefusal } from "./refusal.ts";
import { toParkedSale, toSale } from "./rows.ts";
import type { Quote, QuoteInput, Sale, SaleInput } from "./schemas.ts";
import { fetchShelf, refsOf, type Shelf } from "./shelf.ts";
import { type Payment, refuseOtherTotal, settleClaimed } from "./tender.ts";

/** After how many times of finding the catalogue changed underneath it a sale gives up. */
const ATTEMPTS = 3;

/**
 * Sells a basket: prices it from what this isolate remembers, commits it as one batch, and lets the batch prove that
 * the memory was right. A warm sale is one round trip; a cold one reads first; one that met a change reads again.
 */
export async function createSale(ctx: Context, input: SaleInput): Promise<RawBody> {
  requireStore(ctx, input.store_id);
  refuseFutureTime(ctx, input.sold_at, "/sold_at");
  const once: OnceRecord = {
    store_id: input.store_id,
    key: keyOf(ctx),
    operation: "sale.create",
    fingerprint: saleFingerprint(input),
    named_time: input.sold_at ?? "",
    resource_id: input.id ?? ctx.newId(),
  };
  return sell(ctx, { input, once });
}

/** What makes two sale commands the same, whether they came online or from an offline till; but for the time they name. */
export function saleFingerprint(input: SaleInput): string {
  const { sold_at: _soldAt, ...rest } = input;
  return fingerprintOf("sale.create", rest);
}

/** What has happened at an offline till already: it is kept whatever has changed since, and what has is told. */
export interface HappenedSale {
  drawer: Drawer;
  number: Pick<DraftOptions, "own_number" | "number_from_store">;
  tell: (sold: SoldBasket, draft: Draft) => void;
}

/** A basket to be sold, and what it comes from. */
export interface Selling {
  input: Omit<SaleInput, "status">;
  once: OnceRecord;
  /** Received before, for the order that becomes this sale. */
  deposits?: readonly Payment[];
  /** What an approval for this sale alone names, where that is not the sale's id. */
  approved_as?: string;
  /** What else the batch changes, before the sale's rows and after them. */
  before?: Statement[];
  after?: Statement[];
  happened?: HappenedSale | undefined;
}

/** Sells once, whatever it comes from: the answer is the sale as JSON. Throws Problem and Violation. */
export async function sell(ctx: Context, selling: Selling, attempt = 1): Promise<RawBody> {
  const { input, once, happened, approved_as, ...extras } = selling;
  let shelf: Shelf | undefined;
  let draft: Draft | undefined;
  try {
    shelf = await shelfOf(ctx, selling, attempt > 1);
    const sold = takeBasket(input, shelf, { actor: actorOf(ctx), happened: happened !== undefined });
    const at = happened && input.sold_at !== undefined ? new Date(input.sold_at) : ctx.now;
    const leave = takeLeave(ctx, wantedOf(sold, input.store_id, approved_as ?? input.id ?? null), at);
    const options = { once, leave, happened: happened !== undefined, ...happened?.number, ...extras };
    draft = draftSale(ctx, input, shelf, sold, options);
    happened?.tell(sold, draft);
    return new RawBody(await commitDraft(ctx, draft));
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Violation)) throw error;
    // A refusal that rests on memory is looked at again before it is told.
    const remembered = shelf?.fresh === false;
    const stale =
      isViolationOf(error, "stale_catalogue") ||
      (remembered && (error instanceof Problem || isViolationOf(error, "shift_closed")));
    if (stale && attempt < ATTEMPTS) {
      forgetShelf(input, shelf);
      return sell(ctx, selling, attempt + 1);
    }
    return replayOrRefuse(ctx, once, error, draft ? explainRefusal(input, draft, error) : NO_EXPLANATION);
  }
}

async function shelfOf(ctx: Context, { input, happened }: Selling, afresh: boolean): Promise<Shelf> {
  const shelf = await fetchShelf(ctx, {
    store_id: input.store_id,
    terminal_id: happened ? null : (input.terminal_id ?? null),
    shift_id: happened ? null : (input.shift_id ?? null),
    refs: input.lines.map(refsOf),
    afresh: afresh || happened !== undefined,
  });
  return happened ? { ...shelf, ...happened.drawer } : shelf;
}

/** The leave that a basket wants, of this store and for this sale. */
export function wantedOf({ leave_wanted }: SoldBasket, storeId: string, saleId: string | null) {
  return leave_wanted.map((one) => ({ ...one, store_id: storeId, sale_id: saleId }));
}

function forgetShelf(input: Pick<SaleInput, "store_id" | "lines">, shelf: Shelf | undefined): void {
  rememberedStores.delete(input.store_id);
  if (!shelf) return;
  forgetDrawer(shelf.terminal?.id ?? null);
  forgetProducts(input.lines.flatMap((line) => refsOf(line).flatMap((ref) => shelf.product(ref)?.id ?? [])));
}

export function refuseFutureTime(ctx: Context, time: string | undefined, pointer: string): void {
  if (time === undefined || Date.parse(time) <= ctx.now.getTime() + CLOCK_SKEW_MS) return;
  throw new Problem("validation_failed", `${pointer} is in the future.`, {
    errors: [{ pointer, detail: "is more than five minutes ahead of the server's clock" }],
  });
}

/** Prices a basket as a sale of it would, and commits nothing: what of it a manager has to approve is told beside the price. */
export async function quoteSale(ctx: Context, input: QuoteInput, afresh = false): Promise<Quote> {
  requireStore(ctx, input.store_id);
  const shelf = await fetchShelf(ctx, {
    store_id: input.store_id,
    terminal_id: input.terminal_id ?? null,
    shift_id: input.shift_id ?? null,
    without_shift: true,
    refs: input.lines.map(refsOf),
    afresh,
  });
  try {
    const sold = takeBasket(input, shelf, { actor: actorOf(ctx), happened: false });
    const { lines, totals } = sold;
    if (!input.payments) refuseOtherTotal(input.total, totals.total);
    const settled = input.payments
      ? settleClaimed(shelf, totals.total, input.payments, input.total)
      : { rounding_adjustment: 0, total: totals.total };
    return {
      store_id: shelf.store.id,
      currency: shelf.store.currency,
      tax_mode: shelf.store.tax_mode,
      subtotal: totals.subtotal,
      discount_total: totals.discount_total,
      tax_total: totals.tax_total,
      rounding_adjustment: settled.rounding_adjustment,
      total: settled.total,
      lines: lines.map(describeLine),
      approvals_needed: approvalsNeeded(ctx, wantedOf(sold, input.store_id, null)),
    };
  } catch (error) {
    if (error instanceof Problem && !shelf.fresh && !afresh) return quoteSale(ctx, input, true);
    throw error;
  }
}

/** A sale of the actor's stores, parked or sold, with what has been paid for it later. */
export async function getSale(ctx: Context, saleId: string): Promise<Sale> {
  const [sales = [], lines = [], payments = [], received = [], parked = []] = await ctx.db.readAll(selectSale(saleId));
  if (sales[0]) return toSale(ofOwnStore(ctx, sales[0], "sale"), lines, [...payments, ...received]);
  return toParkedSale(ofOwnStore(ctx, parked[0], "sale"));
}
