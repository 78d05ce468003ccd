import { MAX_QUANTITY, mulDiv } from "./money.ts";

/** GS1 barcodes: check digits (General Specifications, 7.9) and in-store codes that carry a weight or a price. */

const GTIN = /^(?:\d{8}|\d{12,14})$/;

/** Digits of a length that must end in a GS1 check digit: 8, 12, 13 or 14. */
export function isGtinLength(barcode: string): boolean {
  return GTIN.test(barcode);
}

/** The digit that completes a body of digits: weights 3 and 1 alternate from the right. */
export function checkDigit(body: string): number {
  let sum = 0;
  for (let i = 0; i < body.length; i += 1) sum += Number(body[body.length - 1 - i]) * (i % 2 === 0 ? 3 : 1);
  return (10 - (sum % 10)) % 10;
}

export function hasValidCheckDigit(digits: string): boolean {
  return isGtinLength(digits) && checkDigit(digits.slice(0, -1)) === Number(digits.at(-1));
}

/** What a barcode matches by: a GTIN padded to 14 digits, so that its spellings are one; other text as it is. */
export function barcodeKey(barcode: string): string {
  return isGtinLength(barcode) ? barcode.padStart(14, "0") : barcode;
}

export interface InStoreCode {
  /** The code the product carries: the value 00000, with its own check digit. */
  carrier: string;
  kind: "weight" | "price";
  /** Grams, or minor units. 0 is the carrying code itself, with nothing printed in it. */
  value: number;
}

const IN_STORE = /^(2[1-9]\d{5})(\d{5})\d$/;

/** Reads `2c IIIII VVVVV K`: 21 to 24 carry grams, 25 to 29 a price. Null for any other code. */
export function parseInStoreCode(barcode: string): InStoreCode | null {
  const [, item, value] = IN_STORE.exec(barcode) ?? [];
  if (item === undefined || value === undefined || !hasValidCheckDigit(barcode)) return null;
  const body = `${item}00000`;
  return {
    carrier: body + String(checkDigit(body)),
    kind: Number(item[1]) <= 4 ? "weight" : "price",
    value: Number(value),
  };
}

/** The keys a scanned code may be found by, best first: its own, and for a printed in-store code that of its carrier. */
export function barcodeKeys(barcode: string): string[] {
  const printed = parseInStoreCode(barcode);
  return [barcode, ...(printed ? [printed.carrier] : [])].map((code) => barcodeKey(code));
}

/**
 * What a printed code sells: the grams it carries; or a price, charged as printed, and the quantity that price buys
 * where the product goes by weight (1 where it goes by the piece), 1 to MAX_QUANTITY.
 */
export function readPrinted(
  printed: InStoreCode,
  product: { unit: string; unit_price: number; price_quantity: number },
): { quantity: number; price: number | undefined } {
  if (printed.kind === "weight") return { quantity: printed.value, price: undefined };
  const weighed = product.unit !== "each" && product.unit_price > 0;
  const bought = weighed ? mulDiv(printed.value, product.price_quantity, product.unit_price, "half_up") : 1;
  return { quantity: Math.min(Math.max(1, bought), MAX_QUANTITY), price: printed.value };
}
