/** Exact integer money: amounts in minor units, rates in parts per million. No floating point touches an amount. */

export type RoundingMode = "half_up" | "half_even";

/** The most that a document, or a part of one, may come to: the sums of 9,000 of the greatest stay below 2^53. */
export const MAX_AMOUNT = 999_999_999_999;
/** The highest price, in minor units, and the largest quantity of one line, in base units. */
export const MAX_UNIT_PRICE = 999_999_999_999;
export const MAX_QUANTITY = 1_000_000_000;

/**
 * round(a * b / c): rounded once, by magnitude, then the sign is put back, so that a refund mirrors its sale.
 * Exact for any safe integers. Throws RangeError for c = 0, for arguments that are not safe integers, and when the
 * result passes Number.MAX_SAFE_INTEGER.
 */
export function mulDiv(a: number, b: number, c: number, mode: RoundingMode): number {
  for (const value of [a, b, c]) {
    if (!Number.isSafeInteger(value)) throw new RangeError(`${String(value)} is not a safe integer`);
  }
  if (c === 0) throw new RangeError("division by zero");
  const negative = Math.sign(a) * Math.sign(b) * Math.sign(c) < 0;
  const product = Math.abs(a) * Math.abs(b);
  const divisor = Math.abs(c);
  const magnitude = Number.isSafeInteger(product)
    ? divideSmall(product, divisor, mode)
    : divideBig(BigInt(Math.abs(a)) * BigInt(Math.abs(b)), BigInt(divisor), mode);
  return negative && magnitude !== 0 ? -magnitude : magnitude;
}

function divideSmall(dividend: number, divisor: number, mode: RoundingMode): number {
  const remainder = dividend % divisor;
  const whole = (dividend - remainder) / divisor;
  return whole + (roundsUp(remainder * 2 - divisor, whole % 2 === 1, mode) ? 1 : 0);
}

function divideBig(dividend: bigint, divisor: bigint, mode: RoundingMode): number {
  const whole = dividend / divisor;
  const twice = (dividend % divisor) * 2n;
  const side = twice > divisor ? 1 : twice < divisor ? -1 : 0;
  const rounded = Number(whole + (roundsUp(side, whole % 2n === 1n, mode) ? 1n : 0n));
  if (!Number.isSafeInteger(rounded)) throw new RangeError("the result is too large");
  return rounded;
}

/** `side`: on which side of the half the remainder lies. */
function roundsUp(side: number, wholeIsOdd: boolean, mode: RoundingMode): boolean {
  return side > 0 || (side === 0 && (mode === "half_up" || wholeIsOdd));
}

/** The nearest multiple of `multiple` (a positive integer), by the rounding mode. RangeError as mulDiv's. */
export function roundToMultiple(amount: number, multiple: number, mode: RoundingMode): number {
  return mulDiv(mulDiv(amount, 1, multiple, mode), multiple, 1, mode);
}

/**
 * Shares a total in proportion to weights by largest remainder (Hamilton's method): whole units first, then the
 * remaining units to the largest remainders, ties to the earlier. The shares always sum to the total.
 * Throws RangeError for a negative total or weight, and when there is something to share but no weight.
 */
export function allocateByLargestRemainder(total: number, weights: readonly number[]): number[] {
  if (total < 0 || weights.some((weight) => weight < 0)) {
    throw new RangeError("shares are of non-negative amounts");
  }
  const whole = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (whole === 0n) {
    if (total !== 0) throw new RangeError("nothing to share over");
    return weights.map(() => 0);
  }
  const exact = weights.map((weight, index) => {
    const product = BigInt(total) * BigInt(weight);
    return { index, share: Number(product / whole), remainder: product % whole };
  });
  const shares = exact.map(({ share }) => share);
  const left = total - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = exact.toSorted((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
  );
  for (const { index } of byRemainder.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}
