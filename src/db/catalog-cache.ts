import { LRUCache } from "lru-cache";

/**
 * What an isolate remembers of the catalogue between requests. Nothing here is trusted: a sale is priced from it and
 * the commit proves, by version, that it still was in force (migration 0005, sales_parts_sum).
 */

/** What a sale needs to know of a product. */
export interface ShelfProduct {
  id: string;
  sku: string;
  name: string;
  unit: "each" | "g" | "ml";
  price_quantity: number;
  unit_price: number;
  cost_price: number | null;
  tax_rate_ppm: number;
  discount_ppm: number;
  category_id: string | null;
  max_per_sale: number | null;
  track_stock: boolean;
  active: boolean;
  version: number;
  updated_at: string;
}

export interface ShelfStore {
  id: string;
  code: string;
  currency: string;
  timezone: string;
  day_cutoff: string;
  tax_mode: "inclusive" | "exclusive";
  rounding_mode: "half_up" | "half_even";
  rounding_scope: "line" | "invoice";
  cash_rounding: number;
  allow_oversell: boolean;
  version: number;
}

export interface ShelfTerminal {
  id: string;
  store_id: string;
  code: string;
  active: boolean;
  /** The shift that was open when it was read; the commit proves that it still is. */
  open_shift: { id: string; opened_at: string } | null;
}

/** Where a shift is; it never moves. */
export interface ShiftPlace {
  id: string;
  terminal_id: string;
  store_id: string;
}

/** How a line names its product: `id:…`, `sku:…` (lower case) or `barcode:…` (its key). */
export type ProductRef = `id:${string}` | `sku:${string}` | `barcode:${string}`;

const products = lazily<string, ShelfProduct>(20_000);
/** A reference holds for the version it was found at: another version may have another SKU or other barcodes. */
const found = lazily<ProductRef, { id: string; version: number }>(40_000);
export const rememberedStores = new LRUCache<string, ShelfStore>({ max: 1000 });
export const rememberedTerminals = new LRUCache<string, ShelfTerminal>({ max: 5000 });
export const rememberedShifts = new LRUCache<string, ShiftPlace>({ max: 5000 });

/** A cache lays out room for all that it may hold when it is made; start-up need not wait for that. */
function lazily<K extends string, V extends object>(max: number): () => LRUCache<K, V> {
  let cache: LRUCache<K, V> | undefined;
  return () => (cache ??= new LRUCache<K, V>({ max }));
}

export function recallProduct(ref: ProductRef): ShelfProduct | undefined {
  const known = found().get(ref);
  const product = known && products().get(known.id);
  return product?.version === known?.version ? product : undefined;
}

export function rememberProduct(ref: ProductRef, product: ShelfProduct): void {
  products().set(product.id, product);
  found().set(ref, { id: product.id, version: product.version });
}

/** Forgets products that were changed, or that turned out to have changed elsewhere. */
export function forgetProducts(ids: readonly string[]): void {
  for (const id of ids) products().delete(id);
}
