import { type Context, requireStore } from "../../context.ts";
import { rememberedStores, type ShelfStore } from "../../db/catalog-cache.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { Problem } from "../../http/problem.ts";
import { rememberStore, selectShelfStore } from "../stores/index.ts";
import { type Drawer, forgetDrawer, readDrawerRows, recallDrawer } from "./drawer.ts";
import { drawerStatements } from "./drawer-queries.ts";

/** Where money is taken: the store, and the drawer that the request names. */
export interface Place extends Drawer {
  store: ShelfStore;
}

interface PlaceRequest {
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

/** What an offline till brings: when it happened, and in which drawer. */
export interface Happened {
  at: string;
  place: Place;
}

/** The moment money was received, and whether that is past. */
export interface Moment {
  received_at: string;
  happened: boolean;
}

/**
 * Works at the place that a request names. Where the shift that was remembered turns out to be closed, it works once more
 * at the place as it is now; what has happened stays where it happened.
 */
export async function atPlace<T>(
  ctx: Context,
  request: PlaceRequest,
  happened: Happened | undefined,
  work: (place: Place, moment: Moment) => Promise<T>,
): Promise<T> {
  if (happened) return work(happened.place, { received_at: happened.at, happened: true });
  const moment = { received_at: ctx.now.toISOString(), happened: false };
  const place = await findPlace(ctx, request);
  try {
    return await work(place, moment);
  } catch (error) {
    if (!isViolationOf(error, "shift_closed") || request.shift_id !== undefined) throw error;
    forgetDrawer(place.terminal?.id ?? null);
    return work(await findPlace(ctx, request, true), moment);
  }
}
