import { actorOf, type Context, ofOwnStore, requireStore, storeFilter } from "../../context.ts";
import { namedFields } from "../../core/named-fields.ts";
import type { Row, Statement } from "../../db/database.ts";
import { tagAnswer, versionFromIfMatch } from "../../http/conditional.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { fingerprintOf } from "../../http/idempotency.ts";
import { doOnce } from "../../http/once.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { Problem } from "../../http/problem.ts";
import type { RawBody } from "../../http/route.ts";
import { type AuditEntry, auditStatement } from "../audit/index.ts";
import { checkItems } from "./items.ts";
import { refuseFinished, toOrder, toSummary } from "./order.ts";
import { insertOrder, selectOrder, selectOrders, updateOrder } from "./queries.ts";
import {
  type Order,
  type OrderChange,
  type OrderFilter,
  type OrderInput,
  type OrderSummary,
  STATUSES,
} from "./schemas.ts";

/** Custom orders, until they become sales. */

export async function listOrders(
  ctx: Context,
  filter: OrderFilter,
): Promise<{ data: OrderSummary[]; next_cursor: string | null }> {
  if (filter.store_id !== undefined) requireStore(ctx, filter.store_id);
  const wanted = { ...filter, own_stores: storeFilter(ctx) };
  const rows = await ctx.db.all<Row & { arrival: number }>(
    selectOrders(wanted, readCursor(filter.cursor), filter.limit + 1),
  );
  return toPage(rows, filter.limit, toSummary);
}

export async function readOrder(ctx: Context, id: string): Promise<Order> {
  const order = await loadOrder(ctx, id);
  tagAnswer(ctx, order.version);
  return order;
}

/** An order of the actor's stores, or of `only` that one; else `not_found`. */
export async function loadOrder(ctx: Context, id: string, only?: string): Promise<Order> {
  const [orders = [], received = []] = await ctx.db.readAll(selectOrder(id));
  return toOrder(ofOwnStore(ctx, orders[0], "order", only), received);
}

/**
 * Takes an order. Refuses items that could not be sold now, a customer who is not there (`validation_failed`), and an id
 * that is taken (`conflict`). One that bears a key is carried out once; one that bears none and is sent again finds its id
 * taken.
 */
export async function createOrder(ctx: Context, input: OrderInput): Promise<Order | RawBody> {
  requireStore(ctx, input.store_id);
  const id = input.id ?? ctx.newId();
  try {
    if (ctx.idempotency_key === null) {
      const { statements, order } = await draftOrder(ctx, id, input);
      await ctx.db.commit(statements);
      return order;
    }
    const once = {
      store_id: input.store_id,
      key: ctx.idempotency_key,
      operation: "order.create",
      fingerprint: fingerprintOf("order.create", input),
      resource_id: id,
    };
    return await doOnce(ctx, once, async () => {
      const { statements, order } = await draftOrder(ctx, id, input);
      return { statements, response: order };
    });
  } catch (error) {
    if (!isViolationOf(error, "FOREIGN KEY")) throw error;
    throw new Problem("validation_failed", "/customer_id names no customer", {
      errors: [{ pointer: "/customer_id", detail: "names no customer" }],
      cause: error,
    });
  }
}

async function draftOrder(
  ctx: Context,
  id: string,
  input: OrderInput,
): Promise<{ statements: Statement[]; order: Order }> {
  const { store_id, customer_id, items, fields = {}, due_date = null, note = null } = input;
  const store = await checkItems(ctx, store_id, items);
  const at = ctx.now.toISOString();
  const order: Order = {
    id,
    store_id,
    customer_id,
    status: "pending",
    currency: store.currency,
    items,
    fields,
    due_date,
    note,
    sale_id: null,
    deposit_total: 0,
    user_id: actorOf(ctx).user_id,
    version: 1,
    created_at: at,
    updated_at: at,
    deposits: [],
  };
  const entry = { ...entryOf(order, "order.create"), after: summarize(order) };
  return { statements: [auditStatement(ctx, [entry]), insertOrder(order)], order };
}

/** Changes what is named. A finished order changes no more, and one that holds a deposit is not cancelled (`conflict`). */
export async function changeOrder(ctx: Context, id: string, change: OrderChange): Promise<Order> {
  const version = versionFromIfMatch(ctx);
  const before = await loadOrder(ctx, id);
  if (before.version !== version) throw new Problem("stale_version", "The order was changed meanwhile; read it again.");
  refuseFinished(before);
  const named = namedFields(change);
  if (named.status !== undefined) refuseStep(before, named.status);
  if (named.items !== undefined) await checkItems(ctx, before.store_id, named.items);
  const after: Order = { ...before, ...named, version: version + 1, updated_at: ctx.now.toISOString() };
  const entry = { ...entryOf(after, "order.update"), before: summarize(before), after: whatChanged(before, after) };
  await ctx.db.commit([auditStatement(ctx, [entry]), updateOrder(after)]);
  tagAnswer(ctx, after.version);
  return after;
}

/** The work goes forward, and nobody's money stays in a cancelled order. */
function refuseStep(order: Order, next: Order["status"]): void {
  if (STATUSES.indexOf(next) < STATUSES.indexOf(order.status)) {
    throw new Problem("conflict", `The order is ${order.status} already; it does not go back to ${next}.`);
  }
  if (next === "cancelled" && order.deposit_total > 0) {
    throw new Problem("conflict", `The order holds ${String(order.deposit_total)} of deposits; give them back first.`);
  }
}

export function entryOf(order: OrderSummary, action: AuditEntry["action"]): AuditEntry {
  return { action, entity_type: "order", entity_id: order.id, store_id: order.store_id };
}

/** What the log keeps of an order: nothing that someone has written freely, because it outlives a person's erasure. */
function summarize({ status, due_date, items }: OrderSummary): object {
  return { status, due_date, items: items.length };
}

const TEXTS = ["items", "fields", "note"] as const;

function whatChanged(before: OrderSummary, after: OrderSummary): object {
  const changed = TEXTS.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  return { ...summarize(after), changed };
}
