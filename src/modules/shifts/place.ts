import { type Context, requireStore } from "../../context.ts";
import { rememberedStores, type ShelfStore } from "../../db/catalog-cache.ts";
import { Problem } from "../../http/problem.ts";
import { rememberStore, selectShelfStore } from "../stores/index.ts";
import { type Drawer, readDrawerRows, recallDrawer } from "./drawer.ts";
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
