import type { Context } from "../../context.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { fingerprintOf, keyOf } from "../../http/idempotency.ts";
import { NO_EXPLANATION, replayOrRefuse } from "../../http/once.ts";
import { Problem } from "../../http/problem.ts";
import { RawBody } from "../../http/route.ts";
import { auditStatement } from "../audit/index.ts";
import { type HappenedSale, sell } from "../sales/index.ts";
import { ofOrder } from "./items.ts";
import { finishedProblem } from "./order.ts";
import { updateOrder } from "./queries.ts";
import type { Order, OrderCompletion } from "./schemas.ts";
import { entryOf, loadOrder } from "./service.ts";

/** Turning an order into the sale it was meant for. */

/** By these the schema says that the order is not what it was when it was read. */
const ORDER_CHANGED = ["stale_version", "stale_deposits", "order_status_path", "sale_payments.deposit_id"];
/** How often it is read and sold again while others keep changing it. */
const ATTEMPTS = 5;

/** What an offline till brings. */
interface Past {
  /** Of the till: an order of another store is not found there. */
  store_id: string;
  sold_at: string;
  happened: HappenedSale;
}

/**
 * Sells what was ordered, priced as it is now; the deposits that the order holds are the first payments of the sale. The
 * answer is `{order, sale}` as JSON. Throws Problem and Violation.
 */
export async function completeOrder(ctx: Context, orderId: string, completion: OrderCompletion): Promise<RawBody> {
  const { order, sale } = await sellOrder(ctx, orderId, completion);
  return new RawBody(`{"order":${JSON.stringify(order)},"sale":${sale.text}}`);
}

/** The same for who wants the two apart: the sale as JSON text, as it was committed. */
export async function sellOrder(
  ctx: Context,
  orderId: string,
  completion: OrderCompletion,
  past?: Past,
  attempt = 1,
): Promise<{ order: Order; sale: RawBody }> {
  const order = await loadOrder(ctx, orderId);
  if (past && past.store_id !== order.store_id) throw new Problem("not_found", "There is no such order.");
  const once = {
    store_id: order.store_id,
    key: keyOf(ctx),
    // Of a sale: the batch puts the number that it takes into such an answer.
    operation: "sale.complete_order",
    fingerprint: fingerprintOf("sale.complete_order", { order_id: orderId, ...completion }),
    resource_id: ctx.newId(),
  };
  const finished = finishedProblem(order);
  if (finished) return { order, sale: await replayOrRefuse(ctx, once, finished, NO_EXPLANATION) };
  const held = order.deposits.filter(({ given_back_at }) => given_back_at === null);
  const after: Order = {
    ...order,
    status: "completed",
    sale_id: once.resource_id,
    version: order.version + 1,
    updated_at: ctx.now.toISOString(),
  };
  try {
    const { store_id, customer_id, items } = order;
    const sold_at = past ? { sold_at: past.sold_at } : {};
    const entry = { ...entryOf(order, "order.complete"), after: { sale_id: after.sale_id } };
    const sale = await sell(ctx, {
      input: { store_id, customer_id, lines: items, ...completion, ...sold_at },
      once,
      approved_as: orderId,
      deposits: held.map(({ id, method, amount, reference, card_last4 }) => ({
        method,
        amount,
        deposit_id: id,
        ...(reference === null ? {} : { reference }),
        ...(card_last4 === null ? {} : { card_last4 }),
      })),
      after: [auditStatement(ctx, [entry]), updateOrder(after)],
      happened: past?.happened,
    });
    // A finished order changes no more: a repeat reads what the first answer showed.
    const replayed = ctx.answer_headers.has("Idempotency-Replayed");
    return { sale, order: replayed ? await loadOrder(ctx, orderId) : after };
  } catch (error) {
    if (isViolationOf(error, ...ORDER_CHANGED)) {
      if (attempt < ATTEMPTS) return sellOrder(ctx, orderId, completion, past, attempt + 1);
      throw new Problem("conflict", "The order goes on changing; send it again.", { cause: error });
    }
    throw ofOrder(error, held.length);
  }
}
