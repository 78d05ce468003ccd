import { barcodeKey } from "../../core/barcode.ts";
import type { InputError } from "../../http/problem.ts";
import { findMisplacedWeightCodes } from "./barcodes.ts";
import type { NamedFields, Product } from "./product.ts";
import { findMissingGroups, findTakenBarcodes, type KnownReferences } from "./references.ts";

/** What can be wrong with a batch of products beyond the shape of its entries. */

export interface NamedEntry extends NamedFields {
  id?: string | undefined;
  sku: string;
}

/** SQLite's NOCASE, by which SKUs are unique, knows no other letters than these. */
export function foldSku(sku: string): string {
  return sku.replace(/[A-Z]/gu, (letter) => letter.toLowerCase());
}

/** One SKU, id or barcode in two entries: the second is pointed at. */
export function findRepeats(entries: readonly NamedEntry[]): InputError[] {
  const skus = new Map<string, number>();
  const ids = new Map<string, number>();
  const keys = new Map<string, number>();
  return entries.flatMap((entry, index): InputError[] => {
    const place = placeOf(index);
    return [
      ...repeatOf(skus, foldSku(entry.sku), index, `${place}/sku`),
      ...(entry.id === undefined ? [] : repeatOf(ids, entry.id, index, `${place}/id`)),
      ...(entry.barcodes ?? []).flatMap((barcode, i) =>
        repeatOf(keys, barcodeKey(barcode), index, `${place}/barcodes/${String(i)}`),
      ),
    ];
  });
}

function repeatOf(seen: Map<string, number>, value: string, index: number, pointer: string): InputError[] {
  const first = seen.get(value);
  seen.set(value, first ?? index);
  return first === undefined ? [] : [{ pointer, detail: `is the same as that of ${placeOf(first)}` }];
}

/** What an entry lacks or names that is not there or is another's. `products` are by folded SKU. */
export function findFaults(
  entries: readonly NamedEntry[],
  products: ReadonlyMap<string, Product>,
  known: KnownReferences,
  takenIds: ReadonlySet<string>,
): InputError[] {
  const entriesById = new Map(entries.map((entry) => [products.get(foldSku(entry.sku))?.id, entry]));
  const isFreed = (owner: string, key: string): boolean => {
    const kept = entriesById.get(owner)?.barcodes;
    return kept !== undefined && !kept.some((barcode) => barcodeKey(barcode) === key);
  };
  return entries.flatMap((entry, index) => {
    const place = placeOf(index);
    const product = products.get(foldSku(entry.sku));
    return [
      ...(product ? faultsOfOld(entry, product, place) : faultsOfNew(entry, takenIds, place)),
      ...findMissingGroups(entry, known, place),
      ...findMisplacedWeightCodes(product ?? null, entry, place),
      ...findTakenBarcodes(entry, product?.id ?? null, known, place, isFreed),
    ];
  });
}

function faultsOfOld(entry: NamedEntry, product: Product, place: string): InputError[] {
  if (entry.id === undefined || entry.id === product.id) return [];
  return [{ pointer: `${place}/id`, detail: "is not the id of the product with this SKU" }];
}

function faultsOfNew(entry: NamedEntry, takenIds: ReadonlySet<string>, place: string): InputError[] {
  const needed = (["name", "unit_price"] as const).filter((field) => entry[field] === undefined);
  return [
    ...needed.map((field) => ({ pointer: `${place}/${field}`, detail: "is required for a new product" })),
    ...(entry.id !== undefined && takenIds.has(entry.id)
      ? [{ pointer: `${place}/id`, detail: "is the id of a product with another SKU" }]
      : []),
  ];
}

function placeOf(index: number): string {
  return `/products/${String(index)}`;
}
