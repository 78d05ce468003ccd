import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  allocateByLargestRemainder,
  MAX_AMOUNT,
  mulDiv,
  roundToMultiple,
  type RoundingMode,
} from "../../src/core/money.ts";

const mode = fc.constantFrom<RoundingMode>("half_up", "half_even");
const safe = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -1000, max: 1000 }),
  fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
);
const divisor = fc.oneof(
  fc.integer({ min: 1, max: 12 }),
  fc.constantFrom(1000, 1_000_000, 1_200_000),
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
);

const abs = (value: bigint) => (value < 0n ? -value : value);

/** Written apart from the engine: adds half the divisor and truncates, then steps back from an odd exact half. */
function oracle(a: number, b: number, c: number, rounding: RoundingMode): bigint {
  const product = BigInt(a) * BigInt(b);
  const twice = 2n * abs(product) + BigInt(c);
  let magnitude = twice / (2n * BigInt(c));
  if (rounding === "half_even" && twice % (2n * BigInt(c)) === 0n && magnitude % 2n === 1n) magnitude -= 1n;
  return product < 0n ? -magnitude : magnitude;
}

describe("mulDiv", () => {
  test("is what exact arithmetic says, or RangeError where that passes 2^53", () => {
    fc.assert(
      fc.property(safe, safe, divisor, mode, (a, b, c, rounding) => {
        const expected = oracle(a, b, c, rounding);
        if (abs(expected) > BigInt(Number.MAX_SAFE_INTEGER)) {
          expect(() => mulDiv(a, b, c, rounding)).toThrow(RangeError);
        } else {
          expect(mulDiv(a, b, c, rounding)).toBe(Number(expected));
        }
      }),
      { numRuns: 5000 },
    );
  });

  test("is what exact arithmetic says at exact halves", () => {
    const half = fc.record({ whole: fc.integer({ min: 0, max: 2 ** 40 }), c: fc.integer({ min: 1, max: 1000 }) });
    fc.assert(
      fc.property(half, mode, ({ whole, c }, rounding) => {
        // (2 x whole + 1) x c / (2 x c) = whole + 1/2
        const expected = rounding === "half_up" || whole % 2 === 1 ? whole + 1 : whole;
        expect(mulDiv(2 * whole + 1, c, 2 * c, rounding)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test("mirrors: the negative of an amount comes to the negative of its result", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: MAX_AMOUNT }),
        fc.integer({ min: 1, max: 1_000_000 }),
        mode,
        (a, ppm, rounding) => {
          const result = mulDiv(a, ppm, 1_000_000, rounding);
          expect(mulDiv(-a, ppm, 1_000_000, rounding)).toBe(result === 0 ? 0 : -result);
        },
      ),
    );
  });
});

test("roundToMultiple is a multiple, and none is nearer", () => {
  const amount = fc.integer({ min: -MAX_AMOUNT, max: MAX_AMOUNT });
  fc.assert(
    fc.property(amount, fc.integer({ min: 1, max: 1000 }), mode, (given, multiple, rounding) => {
      const rounded = roundToMultiple(given, multiple, rounding);
      expect(Math.abs(rounded % multiple)).toBe(0);
      expect(Math.abs(rounded - given) * 2).toBeLessThanOrEqual(multiple);
    }),
  );
});

describe("allocateByLargestRemainder", () => {
  const weights = fc.array(
    fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: MAX_AMOUNT })),
    { minLength: 1, maxLength: 40 },
  );
  const shared = fc
    .record({ total: fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: MAX_AMOUNT })), weights })
    .filter((given) => given.weights.some((weight) => weight > 0));

  test("sums to the total, each share within one of its exact value", () => {
    fc.assert(
      fc.property(shared, ({ total, weights: given }) => {
        const shares = allocateByLargestRemainder(total, given);
        const whole = given.reduce((sum, weight) => sum + BigInt(weight), 0n);
        expect(shares.reduce((sum, share) => sum + BigInt(share), 0n)).toBe(BigInt(total));
        for (const [index, share] of shares.entries()) {
          const off = BigInt(share) * whole - BigInt(total) * BigInt(given[index] ?? -1);
          expect(abs(off) < whole).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("no line left without a unit had a larger remainder, or an equal one earlier, than a line that got one", () => {
    fc.assert(
      fc.property(shared, ({ total, weights: given }) => {
        const whole = given.reduce((sum, weight) => sum + BigInt(weight), 0n);
        const lines = allocateByLargestRemainder(total, given).map((share, index) => {
          const exact = BigInt(total) * BigInt(given[index] ?? -1);
          return { got: BigInt(share) - exact / whole, remainder: exact % whole };
        });
        for (const [index, line] of lines.entries()) {
          if (line.got !== 1n) continue;
          for (const [other, passed] of lines.entries()) {
            if (passed.got !== 0n) continue;
            const ahead = other < index ? passed.remainder < line.remainder : passed.remainder <= line.remainder;
            expect(ahead).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test("a line gets at most its weight while the total is at most the weights' sum", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 }), fc.nat(1_000_000), (given, ppm) => {
        const whole = given.reduce((sum, weight) => sum + weight, 0);
        const shares = allocateByLargestRemainder(Math.floor((whole * ppm) / 1_000_000), given);
        for (const [index, share] of shares.entries()) expect(share).toBeLessThanOrEqual(given[index] ?? -1);
      }),
    );
  });
});
