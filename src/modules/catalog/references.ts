import { barcodeKey } from "../../core/barcode.ts";
import type { Row } from "../../db/database.ts";
import type { InputError } from "../../http/problem.ts";
import type { NamedFields } from "./product.ts";

/** What a request says of other things: barcodes that may be another's, categories and brands that may not be. */

export interface References {
  barcode_keys: string[];
  category_ids: string[];
  brand_ids: string[];
}

export interface KnownReferences {
  /** The product that has each barcode, by its key. */
  owners: ReadonlyMap<string, string>;
  category_ids: ReadonlySet<string>;
  brand_ids: ReadonlySet<string>;
}

export function referencesOf(inputs: readonly NamedFields[]): References {
  const present = (values: (string | null | undefined)[]): string[] => [
    ...new Set(values.filter((value) => value !== null && value !== undefined)),
  ];
  return {
    barcode_keys: present(inputs.flatMap(({ barcodes = [] }) => barcodes.map((barcode) => barcodeKey(barcode)))),
    category_ids: present(inputs.map(({ category_id }) => category_id)),
    brand_ids: present(inputs.map(({ brand_id }) => brand_id)),
  };
}

export function toKnownReferences(owners: Row[], categories: Row[], brands: Row[]): KnownReferences {
  return {
    owners: new Map(owners.map(({ key, product_id }) => [String(key), String(product_id)])),
    category_ids: new Set(categories.map(({ id }) => String(id))),
    brand_ids: new Set(brands.map(({ id }) => String(id))),
  };
}

/** The categories and brands an input names that are not there. `place` is the JSON Pointer of the input. */
export function findMissingGroups(input: NamedFields, known: KnownReferences, place: string): InputError[] {
  const errors: InputError[] = [];
  const { category_id, brand_id } = input;
  if (typeof category_id === "string" && !known.category_ids.has(category_id)) {
    errors.push({ pointer: `${place}/category_id`, detail: "is not a known category" });
  }
  if (typeof brand_id === "string" && !known.brand_ids.has(brand_id)) {
    errors.push({ pointer: `${place}/brand_id`, detail: "is not a known brand" });
  }
  return errors;
}

/** The barcodes an input names that another product has. `isFreed` tells of those which that product gives up. */
export function findTakenBarcodes(
  input: NamedFields,
  productId: string | null,
  known: KnownReferences,
  place: string,
  isFreed: (owner: string, key: string) => boolean = () => false,
): InputError[] {
  return (input.barcodes ?? []).flatMap((barcode, i): InputError[] => {
    const key = barcodeKey(barcode);
    const owner = known.owners.get(key);
    if (owner === undefined || owner === productId || isFreed(owner, key)) return [];
    return [{ pointer: `${place}/barcodes/${String(i)}`, detail: `${barcode} is another product's barcode` }];
  });
}
