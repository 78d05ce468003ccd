import { type Context, requireStore, storeFilter } from "../../context.ts";
import { namedFields } from "../../core/named-fields.ts";
import { rememberedStores } from "../../db/catalog-cache.ts";
import { tagAnswer, versionFromIfMatch } from "../../http/conditional.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { Problem } from "../../http/problem.ts";
import { auditStatement } from "../audit/index.ts";
import { commitEndingSessions } from "../auth/index.ts";
import {
  insertStoreStatement,
  storeByCodeStatement,
  storeByIdStatement,
  storePageStatement,
  updateStoreStatement,
} from "./queries.ts";
import type { StoreAnswer, StoreChange, StoreInput, StoreQuery } from "./schemas.ts";
import { type Store, type StoreRow, toStore, toStoreAnswer } from "./store.ts";

/** A store the actor works in; `not_found` for any other. */
export async function loadStore(ctx: Context, store_id: string): Promise<Store> {
  requireStore(ctx, store_id);
  const row = await ctx.db.first<StoreRow>(storeByIdStatement(store_id));
  if (!row) throw new Problem("not_found", "There is no such store.");
  return toStore(row);
}

/** The store of a code, if the actor works in it. */
async function findStoreByCode(ctx: Context, code: string): Promise<Store | null> {
  const row = await ctx.db.first<StoreRow>(storeByCodeStatement(code));
  if (!row) return null;
  const allowed = ctx.actor?.store_ids ?? null;
  return allowed === null || allowed.has(row.id) ? toStore(row) : null;
}

export async function readStore(ctx: Context, id: string): Promise<StoreAnswer> {
  const store = await loadStore(ctx, id);
  tagAnswer(ctx, store.version);
  return toStoreAnswer(store);
}

export async function listStores(
  ctx: Context,
  { code, cursor, limit }: StoreQuery,
): Promise<{ data: StoreAnswer[]; next_cursor: string | null }> {
  const after = readCursor(cursor);
  if (code !== undefined) {
    const store = await findStoreByCode(ctx, code);
    return { data: store ? [toStoreAnswer(store)] : [], next_cursor: null };
  }
  const rows = await ctx.db.all<StoreRow>(storePageStatement(after, limit + 1, storeFilter(ctx)));
  return toPage(rows, limit, (row) => toStoreAnswer(toStore(row)));
}

/** Opens a store. Refuses a code that is taken (`conflict`). */
export async function createStore(ctx: Context, input: StoreInput): Promise<StoreAnswer> {
  const { rounding, receipt, ...same } = input;
  const at = ctx.now.toISOString();
  const store: Store = {
    ...same,
    id: ctx.newId(),
    rounding_mode: rounding.mode,
    rounding_scope: rounding.scope,
    receipt_header: receipt.header,
    receipt_footer: receipt.footer,
    receipt_width: receipt.width,
    active: true,
    version: 1,
    created_at: at,
    updated_at: at,
  };
  const answer = toStoreAnswer(store);
  // The log points at stores, so its entry of a new one names it as the entity alone.
  const entry = { action: "store.create", entity_type: "store", entity_id: store.id, after: answer } as const;
  await ctx.db.commit([auditStatement(ctx, [entry]), insertStoreStatement(store)]);
  return answer;
}

/** Changes how a store sells. What was sold keeps the rules of its day. */
export async function changeStore(ctx: Context, id: string, change: StoreChange): Promise<StoreAnswer> {
  const version = versionFromIfMatch(ctx);
  const before = await loadStore(ctx, id);
  if (before.version !== version) throw new Problem("stale_version", "The store was changed meanwhile; read it again.");
  const after = afterChange(before, change, ctx.now);
  const entry = {
    action: "store.update",
    entity_type: "store",
    entity_id: id,
    store_id: id,
    before: toStoreAnswer(before),
    after: toStoreAnswer(after),
  } as const;
  await ctx.db.commit([auditStatement(ctx, [entry]), updateStoreStatement(after)]);
  rememberedStores.delete(id);
  tagAnswer(ctx, after.version);
  return toStoreAnswer(after);
}

/** Closes a store for business, which ends the sessions bound to it, or opens it again. The same twice is once. */
export async function setStoreActive(ctx: Context, id: string, active: boolean): Promise<StoreAnswer> {
  const before = await loadStore(ctx, id);
  const after =
    before.active === active
      ? before
      : { ...before, active, version: before.version + 1, updated_at: ctx.now.toISOString() };
  const entry = {
    action: active ? "store.reactivate" : "store.deactivate",
    entity_type: "store",
    entity_id: id,
    store_id: id,
  } as const;
  await commitEndingSessions(
    ctx,
    [auditStatement(ctx, [entry]), ...(after === before ? [] : [updateStoreStatement(after)])],
    active ? [] : [{ by: "store", params: [id] }],
  );
  rememberedStores.delete(id);
  tagAnswer(ctx, after.version);
  return toStoreAnswer(after);
}

function afterChange(before: Store, change: StoreChange, now: Date): Store {
  const { rounding, receipt, ...same } = change;
  return {
    ...before,
    ...namedFields(same),
    rounding_mode: rounding?.mode ?? before.rounding_mode,
    rounding_scope: rounding?.scope ?? before.rounding_scope,
    receipt_header: receipt?.header ?? before.receipt_header,
    receipt_footer: receipt?.footer ?? before.receipt_footer,
    receipt_width: receipt?.width ?? before.receipt_width,
    version: before.version + 1,
    updated_at: now.toISOString(),
  };
}
