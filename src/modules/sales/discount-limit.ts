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
  const nets = lines.map((line) => BigInt(line.subtotal - line.line_discount));
  const net = nets.reduce((sum, one) => sum + one, 0n);
  // An order that came to nothing before its discount has none to share.
  const whole = net === 0n ? 1n : net;
  // In millionths of a minor unit, times `whole`, so that nothing is divided.
  return lines.map((line, index) => {
    const subtotal = BigInt(line.subtotal);
    const given =
      givenOf(line.discount, subtotal, subtotal) * whole + givenOf(orderDiscount, (nets[index] ?? 0n) * whole, net);
    return { given, base: subtotal * whole };
  });
}

function givenOf(discount: Discount | undefined, part: bigint, whole: bigint): bigint {
  if (!discount) return 0n;
  if ("ppm" in discount) return part * BigInt(discount.ppm);
  return whole === 0n ? 0n : (BigInt(discount.amount) * PPM * part) / whole;
}
