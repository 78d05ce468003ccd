import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  barcodeKey,
  barcodeKeys,
  checkDigit,
  hasValidCheckDigit,
  parseInStoreCode,
  readPrinted,
} from "../../src/core/barcode.ts";
import { MAX_QUANTITY, MAX_UNIT_PRICE } from "../../src/core/money.ts";

const DIGITS = "0123456789".split("");

function digits(length: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...DIGITS), minLength: length, maxLength: length });
}

function complete(body: string): string {
  return body + String(checkDigit(body));
}

const gtin = fc.constantFrom(7, 11, 12, 13).chain(digits).map(complete);

describe("the GS1 check digit", () => {
  test("of every length is right when it was computed", () => {
    fc.assert(
      fc.property(gtin, (code) => {
        expect(hasValidCheckDigit(code)).toBe(true);
      }),
    );
  });

  test("catches every single wrong digit", () => {
    fc.assert(
      fc.property(gtin, (code) => {
        for (let at = 0; at < code.length; at += 1) {
          for (const digit of DIGITS) {
            if (digit === code[at]) continue;
            expect(hasValidCheckDigit(code.slice(0, at) + digit + code.slice(at + 1))).toBe(false);
          }
        }
      }),
    );
  });

  test("catches two neighbours changed about, unless they differ by five", () => {
    fc.assert(
      fc.property(gtin, fc.nat(12), (code, at) => {
        const [one, two] = [code[at], code[at + 1]];
        fc.pre(one !== undefined && two !== undefined && one !== two);
        const swapped = code.slice(0, at) + two + one + code.slice(at + 2);
        expect(hasValidCheckDigit(swapped)).toBe(Math.abs(Number(one) - Number(two)) === 5);
      }),
    );
  });

  test("stays right when a code is padded, and the key is the same", () => {
    fc.assert(
      fc.property(gtin, (code) => {
        const padded = code.padStart(14, "0");
        expect(hasValidCheckDigit(padded)).toBe(true);
        expect(barcodeKey(code)).toBe(padded);
        expect(barcodeKey(padded)).toBe(padded);
      }),
    );
  });
});

describe("in-store codes", () => {
  const prefix = fc.integer({ min: 21, max: 29 });

  test("tell back what was printed, and their carrier is the same for every value", () => {
    fc.assert(
      fc.property(prefix, digits(5), fc.nat(99_999), (first, item, value) => {
        const head = `${String(first)}${item}`;
        const carrier = complete(`${head}00000`);
        expect(parseInStoreCode(complete(head + String(value).padStart(5, "0")))).toEqual({
          carrier,
          kind: first <= 24 ? "weight" : "price",
          value,
        });
        expect(hasValidCheckDigit(carrier)).toBe(true);
        expect(parseInStoreCode(carrier)).toMatchObject({ carrier, value: 0 });
      }),
      { numRuns: 500 },
    );
  });

  test("padded to fourteen digits are the same", () => {
    fc.assert(
      fc.property(prefix, digits(10), (first, rest) => {
        const code = complete(String(first) + rest);
        expect(parseInStoreCode(`0${code}`)).toEqual(parseInStoreCode(code));
        expect(barcodeKeys(`0${code}`)).toEqual(barcodeKeys(code));
      }),
    );
  });

  test("of a price buy what costs that price after the product's own discount", () => {
    const product = fc.record({
      unit: fc.constantFrom("g", "ml"),
      unit_price: fc.integer({ min: 0, max: MAX_UNIT_PRICE }),
      price_quantity: fc.integer({ min: 1, max: 1_000_000 }),
      discount_ppm: fc.integer({ min: 0, max: 1_000_000 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), product, (value, sold) => {
        const { quantity, price } = readPrinted({ carrier: "", kind: "price", value }, sold);
        expect(price).toBe(value);
        expect(quantity).toBeGreaterThanOrEqual(1);
        expect(quantity).toBeLessThanOrEqual(MAX_QUANTITY);
        // Half a unit more or less of it costs at least, at most, the price: 2 * price between (2q - 1) and (2q + 1) of it.
        const unit = BigInt(sold.unit_price) * BigInt(1_000_000 - sold.discount_ppm);
        const twice = 2n * BigInt(value) * BigInt(sold.price_quantity) * 1_000_000n;
        if (unit === 0n) expect(quantity).toBe(1);
        else {
          if (quantity < MAX_QUANTITY) expect(twice < (2n * BigInt(quantity) + 1n) * unit).toBe(true);
          if (quantity > 1) expect(twice >= (2n * BigInt(quantity) - 1n) * unit).toBe(true);
        }
      }),
    );
  });

  test("are no codes of another prefix", () => {
    const other = fc.integer({ min: 0, max: 99 }).filter((first) => first < 21 || first > 29);
    fc.assert(
      fc.property(other, digits(10), (first, rest) => {
        expect(parseInStoreCode(complete(String(first).padStart(2, "0") + rest))).toBeNull();
      }),
    );
  });

  test("with one digit misread are none", () => {
    fc.assert(
      fc.property(prefix, digits(10), fc.nat(12), fc.integer({ min: 1, max: 9 }), (first, rest, at, off) => {
        const code = complete(String(first) + rest);
        const misread = String((Number(code[at]) + off) % 10);
        expect(parseInStoreCode(code.slice(0, at) + misread + code.slice(at + 1))).toBeNull();
      }),
    );
  });
});
