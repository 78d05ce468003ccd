import { MAX_QUANTITY } from "./money.ts";

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

const IN_STORE = /^0?(2[1-9]\d{5})(\d{5})\d$/;

/** Reads `2c IIIII VVVVV K`, also padded to 14: 21 to 24 carry grams, 25 to 29 a price. Null for any other code. */
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

/** What is wrong with a code that carries grams on a product that is not sold by the gram; null for any other. */
export function describeUnitFault(printed: InStoreCode, { unit }: { unit: string }): string | null {
  if (printed.kind !== "weight" || unit === "g") return null;
  return `carries grams, but the unit is ${unit}: set the unit to g, or take the barcode off the product`;
}

/** What a price printed by a label buys of a product. */
export interface PrintedProduct {
  unit: string;
  /** Minor units for `price_quantity` base units. */
  unit_price: number;
  price_quantity: number;
  /** The product's own discount, which the label has in its price already. */
  discount_ppm: number;
}

/**
 * What a printed code sells: the grams it carries; or a price, charged as printed, and the quantity that it buys after the
 * product's own discount where the product goes by weight (1 where it goes by the piece), 1 to MAX_QUANTITY. Quantity 0
 * where nothing is printed in it: then a quantity is to be named.
 */
export function readPrinted(
  printed: InStoreCode,
  product: PrintedProduct,
): { quantity: number; price: number | undefined } {
  if (printed.value === 0 || printed.kind === "weight") return { quantity: printed.value, price: undefined };
  const bought = product.unit === "each" ? 1 : quantityFor(printed.value, product);
  return { quantity: Math.min(Math.max(1, bought), MAX_QUANTITY), price: printed.value };
}

const WHOLE_PPM = 1_000_000;

/** Rounded once, half up; 1 of what is free. The products in between pass 2^53. */
function quantityFor(price: number, { unit_price, price_quantity, discount_ppm }: PrintedProduct): number {
  const charged = BigInt(unit_price) * BigInt(WHOLE_PPM - discount_ppm);
  if (charged <= 0n) return 1;
  return Number((2n * BigInt(price) * BigInt(price_quantity) * BigInt(WHOLE_PPM) + charged) / (2n * charged));
}
