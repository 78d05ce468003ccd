import { type Context, requireStore, storeFilter } from "../../context.ts";
import { tagAnswer } from "../../http/conditional.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { Problem } from "../../http/problem.ts";
import { auditStatement } from "../audit/index.ts";
import { insertStoreStatement, storeByCodeStatement, storeByIdStatement, storePageStatement } from "./queries.ts";
import type { StoreAnswer, StoreInput, StoreQuery } from "./schemas.ts";
import { type Store, type StoreRow, toStore, toStoreAnswer } from "./store.ts";

/** A store the actor works in; `not_found` for any other. */
export async function loadStore(ctx: Context, store_id: string): Promise<Store> {
  requireStore(ctx, store_id);
  const row = await ctx.db.first<StoreRow>(storeByIdStatement(store_id));
  if (!row) throw new Problem("not_found", "There is no such store.");
  return toStore(row);
}

/** The store of a code, if the actor works in it. */
export async function findStoreByCode(ctx: Context, code: string): Promise<Store | null> {
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
