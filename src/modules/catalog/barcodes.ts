import { checkDigit, hasValidCheckDigit, isGtinLength } from "../../core/barcode.ts";

/** What is wrong with a barcode of a product, or null. Text of another form than a GTIN is taken as it is. */
export function describeBarcodeFault(barcode: string): string | null {
  if (!isGtinLength(barcode) || hasValidCheckDigit(barcode)) return null;
  const right = String(checkDigit(barcode.slice(0, -1)));
  return `${barcode} has a wrong check digit: its last digit would have to be ${right}`;
}
