import { mulDiv, type RoundingMode } from "../../core/money.ts";

/** What a part of a line is worth when it comes back: any split of the line sums to the line. */

export interface RefundableLine {
  subtotal: number;
  discount_total: number;
  tax_total: number;
  quantity: number;
}

export interface RefundedParts {
  subtotal: number;
  discount_total: number;
  tax_total: number;
  total: number;
}

/** What the first `n` pieces of a line carry of one of its parts. */
export function refundShare(part: number, n: number, quantity: number, mode: RoundingMode): number {
  return mulDiv(part, n, quantity, mode);
}

/**
 * What `quantity` pieces carry after `refundedBefore` have come back. Each part is rounded by itself, so where pieces
 * are worth less than a unit after their discount one may carry more discount than subtotal, and its total be negative
 * by a unit; the whole still comes out exact. RangeError for more than is left.
 */
export function refundLine(
  line: RefundableLine,
  refundedBefore: number,
  quantity: number,
  rules: { tax_mode: "inclusive" | "exclusive"; mode: RoundingMode },
): RefundedParts {
  const after = refundedBefore + quantity;
  if (refundedBefore < 0 || quantity < 1 || after > line.quantity) {
    throw new RangeError(`${String(quantity)} after ${String(refundedBefore)} is not within ${String(line.quantity)}`);
  }
  const part = (whole: number) =>
    refundShare(whole, after, line.quantity, rules.mode) -
    refundShare(whole, refundedBefore, line.quantity, rules.mode);
  const subtotal = part(line.subtotal);
  const discountTotal = part(line.discount_total);
  const taxTotal = part(line.tax_total);
  return {
    subtotal,
    discount_total: discountTotal,
    tax_total: taxTotal,
    total: subtotal - discountTotal + (rules.tax_mode === "exclusive" ? taxTotal : 0),
  };
}
