import { barcodeKeys } from "../../core/barcode.ts";
import type { Context } from "../../context.ts";
import {
  type ProductRef,
  recallProduct,
  rememberedStores,
  rememberProduct,
  type ShelfProduct,
  type ShelfStore,
  type ShelfTerminal,
} from "../../db/catalog-cache.ts";
import type { Row, Statement } from "../../db/database.ts";
import { Problem } from "../../http/problem.ts";
import { type Drawer, drawerStatements, readDrawerRows, recallDrawer, toTerminal } from "../shifts/index.ts";
import { rememberStore, selectShelfStore, selectTillStore } from "../stores/index.ts";
import { selectShelfProducts } from "./shelf-queries.ts";
import type { SaleLineInput } from "./schemas.ts";

/** The part of the catalogue that one sale needs: from memory when it is all there, else in one round trip. */
export interface Shelf {
  store: ShelfStore;
  terminal: ShelfTerminal | null;
  /** The shift whose drawer the money goes to; null for none. */
  shift_id: string | null;
  product: (ref: ProductRef) => ShelfProduct | undefined;
  /** True when every part was read just now: a refusal that rests on memory is looked at again before it is told. */
  fresh: boolean;
}

/** The references a line may be found by, best first: a printed code also by the code it carries. */
export function refsOf(line: SaleLineInput): ProductRef[] {
  if (line.product_id !== undefined) return [`id:${line.product_id}`];
  if (line.sku !== undefined) return [`sku:${line.sku.toLowerCase()}`];
  if (line.barcode === undefined) return [];
  return barcodeKeys(line.barcode).map((key): ProductRef => `barcode:${key}`);
}

interface ShelfRequest {
  store_id: string;
  terminal_id: string | null;
  shift_id: string | null;
  without_shift?: boolean;
  /** For each line the references it may be found by; one that is found is enough. */
  refs: ProductRef[][];
  /** Read everything again, whatever is remembered. */
  afresh: boolean;
}

/**
 * Throws Problem: `not_found` for a store, terminal or shift that is not there, or not of this store, `shift_closed` for a
 * till without an open shift. Unknown products are just absent.
 */
export async function fetchShelf(ctx: Context, request: ShelfRequest): Promise<Shelf> {
  const { terminal_id, shift_id, store_id, afresh } = request;
  const found = new Map<ProductRef, ShelfProduct>();
  const missing = new Set<ProductRef>();
  for (const refs of request.refs) {
    const known = afresh ? [] : refs.map((ref) => ({ ref, product: recallProduct(ref) }));
    for (const { ref, product } of known) if (product) found.set(ref, product);
    if (!refs.some((ref) => found.has(ref))) for (const ref of refs) missing.add(ref);
  }
  const store = afresh ? undefined : rememberedStores.get(store_id);
  const drawer = afresh ? null : recallDrawer(request);
  if (store && drawer && missing.size === 0) return shelve(store, drawer, found, false);
  const [stores = [], tills = [], shifts = [], products = []] = await ctx.db.readAll([
    selectShelfStore(store_id),
    ...drawerStatements(terminal_id, shift_id),
    selectShelfProducts([...missing]),
  ]);
  const nothingRemembered = found.size === 0;
  const read = rememberStore(stores);
  if (!read) throw new Problem("not_found", "There is no such store.");
  for (const [ref, product] of rememberProducts(products)) found.set(ref, product);
  return shelve(read, readDrawerRows(request, tills, shifts), found, nothingRemembered);
}

function shelve(
  store: ShelfStore,
  drawer: Drawer,
  products: ReadonlyMap<ProductRef, ShelfProduct>,
  fresh: boolean,
): Shelf {
  return { store, ...drawer, product: (ref) => products.get(ref), fresh };
}

function rememberProducts(rows: Row[]): Map<ProductRef, ShelfProduct> {
  const products = new Map<ProductRef, ShelfProduct>();
  for (const row of rows) {
    const ref = row["ref"] as ProductRef;
    const product = toShelfProduct(row);
    rememberProduct(ref, product);
    products.set(ref, product);
  }
  return products;
}

/** The reads of a till's own shelf, for a trip that reads other things as well. */
export function tillShelfStatements(terminalId: string, refs: readonly ProductRef[]): Statement[] {
  const [till] = drawerStatements(terminalId, null);
  return [selectTillStore(terminalId), ...(till ? [till] : []), selectShelfProducts(refs)];
}

/** The shelf from the rows of tillShelfStatements, in no shift; null when there is no such till. */
export function shelfOfTill([stores = [], tills = [], products = []]: Row[][]): Shelf | null {
  const store = rememberStore(stores);
  const [till] = tills;
  if (!store || !till) return null;
  return shelve(store, { terminal: toTerminal(till), shift_id: null }, rememberProducts(products), true);
}

function toShelfProduct(row: Row): ShelfProduct {
  const { ref: _ref, ...product } = row;
  return {
    ...product,
    track_stock: row["track_stock"] === 1,
    active: row["active"] === 1,
  } as unknown as ShelfProduct;
}
