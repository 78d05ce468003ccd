import { actorOf, type Context } from "../../context.ts";
import type { ShelfStore } from "../../db/catalog-cache.ts";
import { Problem } from "../../http/problem.ts";
import { fetchShelf, refsOf, takeBasket } from "../sales/index.ts";
import type { OrderInput } from "./schemas.ts";

/** Where in an order something stands that in a sale is a line. */
const LINES = /^\/lines\b/;

/**
 * Looks whether the items could be sold in the store as they are now: products that are there, prices in force. What they
 * come to is known when the order is completed. Returns the store. Throws Problem.
 */
export async function checkItems(ctx: Context, storeId: string, items: OrderInput["items"]): Promise<ShelfStore> {
  const refs = items.map(refsOf);
  const shelf = await fetchShelf(ctx, { store_id: storeId, terminal_id: null, shift_id: null, refs, afresh: true });
  try {
    takeBasket({ lines: items }, shelf, { actor: actorOf(ctx), happened: false });
  } catch (error) {
    throw ofOrder(error);
  }
  return shelf.store;
}

/**
 * The refusal of the sale that an order would become, as the refusal of the order: its lines are the order's items, and of
 * its payments the first so many are deposits. Anything else stays as it is.
 */
export function ofOrder(error: unknown, deposits = 0): unknown {
  if (!(error instanceof Problem)) return error;
  const { code, members, cause } = error;
  if (error.errors?.some(({ pointer }) => paymentOf(pointer) < deposits)) {
    return new Problem("conflict", "The deposits come to more than the order; give one back first.", { cause: error });
  }
  const errors = error.errors?.map((one) => ({ ...one, pointer: rename(one.pointer, deposits) }));
  const detail = rename(error.detail, deposits);
  return new Problem(code, detail, { members, cause, ...(errors ? { errors } : {}) });
}

function rename(text: string, deposits: number): string {
  const place = paymentOf(text);
  const counted = Number.isFinite(place) ? text.replace(/\d+/, String(place - deposits)) : text;
  return counted.replace(LINES, "/items");
}

/** Which payment a pointer is about; Infinity for none. */
function paymentOf(pointer: string): number {
  const [, index] = /^\/payments\/(\d+)/.exec(pointer) ?? [];
  return index === undefined ? Infinity : Number(index);
}
