import fc from "fast-check";
import { expect, test } from "vitest";
import { formatAmount, isCurrency, minorUnitDigits, parseAmount } from "../../src/core/currency.ts";
import { hasForbiddenCharacters, normalizeText } from "../../src/core/text.ts";

const DIGITS = "0123456789".split("");
const currency = fc.constantFrom(...Intl.supportedValuesOf("currency").filter(isCurrency));

test("an amount written and read back is itself, in every currency", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), currency, (amount, code) => {
      const text = formatAmount(amount, code);
      expect(parseAmount(text, code)).toBe(amount);
      expect((text.split(".")[1] ?? "").length).toBe(minorUnitDigits(code));
    }),
    { numRuns: 1000 },
  );
});

test("any text at all is an exact amount or a RangeError", () => {
  const written = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...DIGITS, ".", "-", "+", "e", " ") }));
  fc.assert(
    fc.property(written, currency, (text, code) => {
      try {
        expect(Number.isSafeInteger(parseAmount(text, code))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
    { numRuns: 1000 },
  );
});

test("normalizing again changes nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const once = normalizeText(text);
      expect(normalizeText(once)).toBe(once);
    }),
  );
});

test("text is forbidden for lone surrogates whenever UTF-8 could not carry it", () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(0x7ff), (text, low) => {
      const broken = `${text} ${String.fromCharCode(0xd800 + low)} ${text}`;
      expect(hasForbiddenCharacters(broken, { multiline: true })).toBe(true);
    }),
  );
});
