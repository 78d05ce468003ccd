import { describeUnitFault, parseInStoreCode, readPrinted } from "../../core/barcode.ts";

/** How much a line sells: what was keyed in, or what the scale printed into its barcode. */

export interface MeasuredProduct {
  unit: "each" | "g" | "ml";
  /** Minor units for `price_quantity` base units. */
  unit_price: number;
  price_quantity: number;
  /** The product's own discount, which a printed price has in it already. */
  discount_ppm: number;
}

export interface Measured {
  /** Base units. */
  quantity: number;
  /** The line's subtotal in minor units, where the code carries a price. */
  printed_price: number | undefined;
}

/**
 * The quantity of a line, or what is wrong with its quantity. A printed in-store code carries its own weight or price.
 * `matchedWhole`: the product was found by the code as it stands, so it is a code like any other.
 */
export function measureLine(
  line: { barcode?: string | undefined; quantity?: number | undefined },
  product: MeasuredProduct,
  matchedWhole: boolean,
): Measured | string {
  const printed = line.barcode === undefined ? null : parseInStoreCode(line.barcode);
  if (!printed || (matchedWhole && printed.value !== 0)) {
    return line.quantity === undefined ? "is missing" : { quantity: line.quantity, printed_price: undefined };
  }
  // The carrying code itself, with nothing printed in it, is sold by a quantity like any other.
  if (printed.value === 0) {
    return line.quantity === undefined
      ? "is missing: the code carries none"
      : { quantity: line.quantity, printed_price: undefined };
  }
  if (line.quantity !== undefined) return "must be left out: the barcode carries it";
  const fault = describeUnitFault(printed, product);
  if (fault !== null) return `is not known: the barcode ${fault}`;
  const { quantity, price } = readPrinted(printed, product);
  return { quantity, printed_price: price };
}
