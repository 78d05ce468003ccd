import { type Context, requireStore, storeAtHand } from "../../context.ts";
import { rememberedStores, type ShelfStore } from "../../db/catalog-cache.ts";
import { Problem } from "../../http/problem.ts";
import { rememberStore, selectShelfStore } from "../stores/index.ts";
import { type Drawer, findStoreOfDrawer, readDrawerRows, recallDrawer } from "./drawer.ts";
import { drawerStatements } from "./drawer-queries.ts";

/** Where money is taken: the store, and the drawer that the request names. */
export interface Place extends Drawer {
  store: ShelfStore;
}

/** Names a store, and a drawer of it or none. */
export interface PlaceRequest {
  store_id: string;
  terminal_id?: string | undefined;
  shift_id?: string | undefined;
}

/** What may say where money is taken. */
export type Unplaced = Pick<PlaceRequest, "terminal_id" | "shift_id"> & { store_id?: string | undefined };

/**
 * The store that a request is about: the one it names, else that of its till or shift, else the one at hand. One round trip, or
 * none where the till is remembered or not named. Throws Problem `not_found`, or `validation_failed` where nothing says it.
 */
export async function storeOf(ctx: Context, request: Unplaced): Promise<string> {
  const { store_id, terminal_id = null, shift_id = null } = request;
  if (store_id !== undefined) return store_id;
  if (terminal_id !== null || shift_id !== null) return findStoreOfDrawer(ctx, terminal_id, shift_id);
  const atHand = storeAtHand(ctx);
  if (atHand !== null) return atHand;
  throw new Problem("validation_failed", "Say which store.", {
    errors: [
      { pointer: "/store_id", detail: "is needed: neither a till, nor a shift, nor the session says which store" },
    ],
  });
}

/** One round trip, or none where all is remembered. Throws Problem `not_found`, `conflict`, `shift_closed`. */
export async function findPlace(ctx: Context, request: PlaceRequest, afresh = false): Promise<Place> {
  const { store_id, terminal_id = null, shift_id = null } = request;
  requireStore(ctx, store_id);
  const wanted = { store_id, terminal_id, shift_id };
  const store = rememberedStores.get(store_id);
  const drawer = recallDrawer(wanted);
  if (store && drawer && !afresh) return { store, ...drawer };
  const [stores = [], tills = [], shifts = []] = await ctx.db.readAll([
    selectShelfStore(store_id),
    ...drawerStatements(terminal_id, shift_id),
  ]);
  const found = rememberStore(stores);
  if (!found) throw new Problem("not_found", "There is no such store.");
  return { store: found, ...readDrawerRows(wanted, tills, shifts) };
}
