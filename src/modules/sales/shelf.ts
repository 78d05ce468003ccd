import { barcodeKey, parseInStoreCode } from "../../core/barcode.ts";
import type { Context } from "../../context.ts";
import {
  type ProductRef,
  recallProduct,
  rememberedStores,
  rememberedTerminals,
  rememberProduct,
  type ShelfProduct,
  type ShelfStore,
  type ShelfTerminal,
} from "../../db/catalog-cache.ts";
import type { Row, Statement } from "../../db/database.ts";
import { Problem } from "../../http/problem.ts";
import { selectShelfProducts, selectShelfStore, selectShelfTerminal, selectTillStore } from "./shelf-queries.ts";
import type { SaleLineInput } from "./schemas.ts";

/** The part of the catalogue that one sale needs: from memory when it is all there, else in one round trip. */
export interface Shelf {
  store: ShelfStore;
  terminal: ShelfTerminal | null;
  product: (ref: ProductRef) => ShelfProduct | undefined;
  /** True when every part was read just now: a refusal that rests on memory is looked at again before it is told. */
  fresh: boolean;
}

/** The references a line may be found by, best first: a printed code also by the code it carries. */
export function refsOf(line: SaleLineInput): ProductRef[] {
  if (line.product_id !== undefined) return [`id:${line.product_id}`];
  if (line.sku !== undefined) return [`sku:${line.sku.toLowerCase()}`];
  if (line.barcode === undefined) return [];
  const printed = parseInStoreCode(line.barcode);
  const keys = [line.barcode, ...(printed ? [printed.carrier] : [])];
  return keys.map((code): ProductRef => `barcode:${barcodeKey(code)}`);
}

interface ShelfRequest {
  store_id: string;
  terminal_id: string | null;
  /** For each line the references it may be found by; one that is found is enough. */
  refs: ProductRef[][];
  /** Read everything again, whatever is remembered. */
  afresh: boolean;
}

/** `not_found` for a store or terminal that is not there, or not of this store. Unknown products are just absent. */
export async function fetchShelf(ctx: Context, request: ShelfRequest): Promise<Shelf> {
  const { store_id, terminal_id, afresh } = request;
  const found = new Map<ProductRef, ShelfProduct>();
  const missing = new Set<ProductRef>();
  for (const refs of request.refs) {
    const known = afresh ? [] : refs.map((ref) => ({ ref, product: recallProduct(ref) }));
    for (const { ref, product } of known) if (product) found.set(ref, product);
    if (!refs.some((ref) => found.has(ref))) for (const ref of refs) missing.add(ref);
  }
  const store = afresh ? undefined : rememberedStores.get(store_id);
  const terminal = terminal_id === null || afresh ? undefined : rememberedTerminals.get(terminal_id);
  if (store && (terminal_id === null || terminal) && missing.size === 0) {
    return shelve(store, terminal ?? null, terminal_id, found, false);
  }
  const rows = await ctx.db.readAll([
    selectShelfStore(store_id),
    selectShelfTerminal(terminal_id),
    selectShelfProducts([...missing]),
  ]);
  const nothingRemembered = found.size === 0;
  const read = readShelf(rows);
  if (!read.store) throw new Problem("not_found", "There is no such store.");
  for (const [ref, product] of read.products) found.set(ref, product);
  return shelve(read.store, read.terminal ?? null, terminal_id, found, nothingRemembered);
}

function shelve(
  store: ShelfStore,
  terminal: ShelfTerminal | null,
  terminalId: string | null,
  products: ReadonlyMap<ProductRef, ShelfProduct>,
  fresh: boolean,
): Shelf {
  if (terminalId !== null && terminal?.store_id !== store.id) {
    throw new Problem("not_found", "The store has no such terminal.");
  }
  return { store, terminal, product: (ref) => products.get(ref), fresh };
}

/** Turns the rows of the three shelf reads into what they tell, and remembers it. */
function readShelf([stores = [], terminals = [], rows = []]: Row[][]) {
  const store = stores[0] && toShelfStore(stores[0]);
  const terminal = terminals[0] && toShelfTerminal(terminals[0]);
  if (store) rememberedStores.set(store.id, store);
  if (terminal) rememberedTerminals.set(terminal.id, terminal);
  const products = new Map<ProductRef, ShelfProduct>();
  for (const row of rows) {
    const ref = row["ref"] as ProductRef;
    const product = toShelfProduct(row);
    rememberProduct(ref, product);
    products.set(ref, product);
  }
  return { store, terminal, products };
}

/** The reads of a till's own shelf, for a trip that reads other things as well. */
export function tillShelfStatements(terminalId: string, refs: readonly ProductRef[]): Statement[] {
  return [selectTillStore(terminalId), selectShelfTerminal(terminalId), selectShelfProducts(refs)];
}

/** The shelf from the rows of tillShelfStatements; null when there is no such till. */
export function shelfOfTill(rows: Row[][]): Shelf | null {
  const { store, terminal, products } = readShelf(rows);
  return store && terminal ? shelve(store, terminal, terminal.id, products, true) : null;
}

function toShelfStore(row: Row): ShelfStore {
  return { ...row, allow_oversell: row["allow_oversell"] === 1 } as unknown as ShelfStore;
}

function toShelfTerminal(row: Row): ShelfTerminal {
  return { ...row, active: row["active"] === 1 } as unknown as ShelfTerminal;
}

function toShelfProduct(row: Row): ShelfProduct {
  const { ref: _ref, ...product } = row;
  return {
    ...product,
    track_stock: row["track_stock"] === 1,
    active: row["active"] === 1,
  } as unknown as ShelfProduct;
}
