import type { Discount } from "./pricing.ts";

/** How much of each line a person gives away: by what was given, before it is rounded to whole units. */

export interface DiscountedLine {
  subtotal: number;
  line_discount: number;
  /** What the line names. A product's own discount is in `line_discount` alone: nobody gave it. */
  discount: Discount | undefined;
}

const PPM = 1_000_000n;

/** The indexes of the lines whose line and order discount together pass `limitPpm` of their subtotal. */
export function findLinesAboveLimit(
  lines: readonly DiscountedLine[],
  orderDiscount: Discount | undefined,
  limitPpm: number,
): number[] {
  return measureDiscounts(lines, orderDiscount).flatMap(({ given, base }, index) =>
    given > BigInt(limitPpm) * base ? [index] : [],
  );
}

/** The greatest part of a line that is given away, in parts per million of its subtotal, rounded up. */
export function greatestDiscountPpm(lines: readonly DiscountedLine[], orderDiscount: Discount | undefined): number {
  const parts = measureDiscounts(lines, orderDiscount).map(({ given, base }) =>
    base === 0n ? 0 : Number((given + base - 1n) / base),
  );
  return Math.max(0, ...parts);
}

/** What is given of each line, in millionths of what `base` is in: the ratio is parts per million of the subtotal. */
function measureDiscounts(
  lines: readonly DiscountedLine[],
  orderDiscount: Discount | undefined,
): { given: bigint; base: bigint }[] {
  const net = lines.reduce((sum, line) => sum + BigInt(line.subtotal - line.line_discount), 0n);
  return lines.map((line) => {
    const named = namedBy(line);
    // In millionths of a minor unit, times what the share is parts of, so that nothing is divided.
    const { share, of } = shareOf(line, named, orderDiscount, net);
    const base = BigInt(line.subtotal) * of;
    const given = named * of + share;
    // Nobody gives more than all of it, though a rate before its rounding and a share after it may seem to.
    return { given: given > base * PPM ? base * PPM : given, base };
  });
}

/** Millionths of a minor unit. */
function namedBy({ subtotal, discount }: DiscountedLine): bigint {
  if (!discount) return 0n;
  return "ppm" in discount ? BigInt(subtotal) * BigInt(discount.ppm) : BigInt(discount.amount) * PPM;
}

/** What the line bears of the order's discount, as a fraction: `share` / `of` millionths of a minor unit. */
function shareOf(
  line: DiscountedLine,
  named: bigint,
  order: Discount | undefined,
  net: bigint,
): { share: bigint; of: bigint } {
  const taken = BigInt(line.line_discount) * PPM;
  if (order && "ppm" in order) {
    // Of what both leave, the discount as it was named and as it was rounded: two rates within the limit stay within it.
    const left = BigInt(line.subtotal) * PPM - (named > taken ? named : taken);
    return { share: left * BigInt(order.ppm), of: PPM };
  }
  // An order that came to nothing before its discount has none to share.
  if (!order || net === 0n) return { share: 0n, of: 1n };
  return { share: BigInt(order.amount) * (BigInt(line.subtotal) * PPM - taken), of: net };
}
