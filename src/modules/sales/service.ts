import { actorOf, type Context, ofOwnStore, requireStore } from "../../context.ts";
import { forgetProducts, rememberedStores } from "../../db/catalog-cache.ts";
import type { Row, Statement } from "../../db/database.ts";
import { Violation } from "../../db/violation.ts";
import {
  fingerprintOf,
  keyOf,
  type OnceRecord,
  refuseReusedKey,
  type StoredAnswer,
  storedAnswersStatement,
} from "../../http/commit-once.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { Problem } from "../../http/problem.ts";
import { RawBody } from "../../http/route.ts";
import { takeBasket } from "./basket.ts";
import { commitDraft } from "./commit.ts";
import { describeLine, type Draft, draftSale, settle } from "./draft.ts";
import { selectOnHand, selectPeople, selectSale } from "./queries.ts";
import { toSale } from "./rows.ts";
import type { Quote, QuoteInput, Sale, SaleInput } from "./schemas.ts";
import { fetchShelf, refsOf, type Shelf } from "./shelf.ts";

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
    resource_id: input.id ?? ctx.newId(),
  };
  return sellOnce(ctx, input, once, 1);
}

/** What makes two sale commands the same, whether they came online or from an offline till. */
export function saleFingerprint(input: SaleInput): string {
  const { sold_at: _soldAt, ...rest } = input;
  return fingerprintOf("sale.create", rest);
}

async function sellOnce(ctx: Context, input: SaleInput, once: OnceRecord, attempt: number): Promise<RawBody> {
  let shelf: Shelf | undefined;
  let draft: Draft | undefined;
  try {
    shelf = await fetchShelf(ctx, {
      store_id: input.store_id,
      terminal_id: input.terminal_id ?? null,
      refs: input.lines.map(refsOf),
      afresh: attempt > 1,
    });
    const sold = takeBasket(input, shelf, { actor: actorOf(ctx), happened: false });
    draft = draftSale(ctx, input, shelf, sold, { once, happened: false });
    return new RawBody(await commitDraft(ctx, draft));
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Violation)) throw error;
    // A refusal that rests on memory is looked at again before it is told.
    const stale = isViolationOf(error, "stale_catalogue") || (error instanceof Problem && shelf?.fresh === false);
    if (stale && attempt < ATTEMPTS) {
      forgetShelf(input, shelf);
      return sellOnce(ctx, input, once, attempt + 1);
    }
    return replayOrRefuse(ctx, once, error, draft ? explanation(input, draft, error) : NO_EXPLANATION);
  }
}

function forgetShelf(input: SaleInput, shelf: Shelf | undefined): void {
  rememberedStores.delete(input.store_id);
  if (!shelf) return;
  forgetProducts(input.lines.flatMap((line) => refsOf(line).flatMap((ref) => shelf.product(ref)?.id ?? [])));
}

/** What a refusal needs to read to say more, and how it then says it. */
export interface Explanation {
  statements: Statement[];
  explain: (rows: Row[][]) => Problem | null;
}

const NO_EXPLANATION: Explanation = { statements: [], explain: () => null };

/**
 * A repeat may meet any refusal before its key is looked at, so the key is read, in one trip with what the refusal
 * needs to explain itself, before the refusal is told.
 */
export async function replayOrRefuse(
  ctx: Context,
  once: OnceRecord,
  error: unknown,
  explanation: Explanation,
): Promise<RawBody> {
  const [stored = [], ...rows] = await ctx.db.readAll([
    storedAnswersStatement(once.store_id, [once.key]),
    ...explanation.statements,
  ]);
  const answer = stored[0] as StoredAnswer | undefined;
  if (!answer) throw explanation.explain(rows) ?? error;
  refuseReusedKey(once, answer);
  ctx.answer_headers.set("Idempotency-Replayed", "true");
  return new RawBody(answer.response);
}

/** Says which lines want more than is on hand, or which person is unknown. */
export function explanation(input: Pick<SaleInput, "customer_id" | "salesperson_id">, draft: Draft, error: unknown): Explanation {
  if (isViolationOf(error, "insufficient_stock")) {
    const { movements } = draft;
    return {
      statements: [selectOnHand(draft.once.store_id, [...new Set(movements.map((one) => one.product_id))])],
      explain: ([levels = []]) => explainShortage(draft, levels),
    };
  }
  if (isViolationOf(error, "FOREIGN KEY")) {
    return {
      statements: [selectPeople(input.customer_id ?? null, input.salesperson_id ?? null)],
      explain: ([counts = []]) => explainPeople(input, counts[0] ?? {}),
    };
  }
  return NO_EXPLANATION;
}

function explainShortage(draft: Draft, levels: Row[]): Problem {
  const onHand = new Map(levels.map((level) => [String(level["product_id"]), Number(level["on_hand"])]));
  const left = new Map(onHand);
  const errors = draft.movements.flatMap((movement) => {
    const before = left.get(movement.product_id) ?? 0;
    left.set(movement.product_id, before + movement.quantity);
    if (before + movement.quantity >= 0) return [];
    const known = onHand.get(movement.product_id) ?? 0;
    const detail = `wants more than the ${String(known)} on hand`;
    return [{ pointer: `/lines/${String(movement.line_no - 1)}/quantity`, detail, product_id: movement.product_id, on_hand: known }];
  });
  // Stock that came back since the refusal leaves nothing to point at; the refusal stands.
  return new Problem("insufficient_stock", "There is not enough stock.", errors.length > 0 ? { errors } : {});
}

function explainPeople(input: Pick<SaleInput, "customer_id" | "salesperson_id">, counts: Row): Problem | null {
  const errors = [
    ...(input.customer_id !== undefined && counts["customers"] === 0
      ? [{ pointer: "/customer_id", detail: "names no customer" }]
      : []),
    ...(input.salesperson_id !== undefined && counts["salespeople"] === 0
      ? [{ pointer: "/salesperson_id", detail: "names no salesperson" }]
      : []),
  ];
  const [first] = errors;
  return first ? new Problem("validation_failed", `${first.pointer} ${first.detail}`, { errors }) : null;
}

/** How far a till's clock may run ahead of the server's. */
export const CLOCK_SKEW_MS = 5 * 60_000;

export function refuseFutureTime(ctx: Context, time: string | undefined, pointer: string): void {
  if (time === undefined || Date.parse(time) <= ctx.now.getTime() + CLOCK_SKEW_MS) return;
  throw new Problem("validation_failed", `${pointer} is in the future.`, {
    errors: [{ pointer, detail: "is more than five minutes ahead of the server's clock" }],
  });
}

/** Prices a basket as a sale of it would, and commits nothing. */
export async function quoteSale(ctx: Context, input: QuoteInput, afresh = false): Promise<Quote> {
  requireStore(ctx, input.store_id);
  const shelf = await fetchShelf(ctx, {
    store_id: input.store_id,
    terminal_id: input.terminal_id ?? null,
    refs: input.lines.map(refsOf),
    afresh,
  });
  try {
    const { lines, totals } = takeBasket(input, shelf, { actor: actorOf(ctx), happened: false });
    const settled = input.payments
      ? settle(shelf, totals.total, input.payments)
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
    };
  } catch (error) {
    if (error instanceof Problem && !shelf.fresh && !afresh) return quoteSale(ctx, input, true);
    throw error;
  }
}

export async function getSale(ctx: Context, saleId: string): Promise<Sale> {
  const [sales = [], lines = [], payments = []] = await ctx.db.readAll(selectSale(saleId));
  return toSale(ofOwnStore(ctx, sales[0], "sale"), lines, payments);
}
