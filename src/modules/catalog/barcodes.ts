import {
  checkDigit,
  describeUnitFault,
  hasValidCheckDigit,
  isGtinLength,
  parseInStoreCode,
} from "../../core/barcode.ts";
import type { InputError } from "../../http/problem.ts";
import { DEFAULTS, type NamedFields, type Product } from "./product.ts";

/** What is wrong with a barcode of a product, or null. Text of another form than a GTIN is taken as it is. */
export function describeBarcodeFault(barcode: string): string | null {
  if (!isGtinLength(barcode) || hasValidCheckDigit(barcode)) return null;
  const right = String(checkDigit(barcode.slice(0, -1)));
  return `${barcode} has a wrong check digit: its last digit would have to be ${right}`;
}

/**
 * Codes of a scale on what is not sold by the gram, as a change would leave them: grams would be sold as pieces. What a
 * product had before the change is left to it, so that its price can be changed.
 */
export function findMisplacedWeightCodes(before: Product | null, named: NamedFields, place: string): InputError[] {
  const old = before ?? DEFAULTS;
  const { unit = old.unit, barcodes = old.barcodes } = named;
  return barcodes.flatMap((barcode, index): InputError[] => {
    const code = parseInStoreCode(barcode);
    // A code with a weight in it is found as it stands: the label of one pack.
    if (code === null || code.value !== 0) return [];
    const fault = describeUnitFault(code, { unit });
    if (fault === null || (before?.unit === unit && before.barcodes.includes(barcode))) return [];
    const field = named.barcodes === undefined ? "unit" : `barcodes/${String(index)}`;
    return [{ pointer: `${place}/${field}`, detail: `is refused: the barcode ${barcode} ${fault}` }];
  });
}
