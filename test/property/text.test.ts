import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAmount, isCurrency, minorUnitDigits, parseAmount } from "../../src/core/currency.ts";
import { hasForbiddenCharacters, looksLikeCardNumber, normalizeText } from "../../src/core/text.ts";

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

describe("a card number", () => {
  const pan = fc
    .tuple(
      fc.constantFrom("4", "51", "55", "2221", "2720", "6011", "65", "62", "3528", "50", "67"),
      fc.string({ unit: fc.constantFrom(...DIGITS), minLength: 15, maxLength: 15 }),
    )
    .map(([prefix, rest]) => {
      const body = (prefix + rest).slice(0, 15);
      return body + String(luhnDigit(body));
    });

  /** Doubles every second digit from the right of the body, as ISO/IEC 7812-1 has it. */
  function luhnDigit(body: string): number {
    const sum = body
      .split("")
      .toReversed()
      .reduce((total, digit, index) => {
        const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1);
        return total + Math.floor(doubled / 10) + (doubled % 10);
      }, 0);
    return (10 - (sum % 10)) % 10;
  }

  test("is found however it is grouped and whatever stands about it", () => {
    const separator = fc.constantFrom("", " ", "-", " - ", ".", "\u00a0", "\u2013");
    const words = fc.constantFrom("", "card ", "12/28 ", "2 ", "no:", "ref ");
    const after = fc.constantFrom("", " ok", " 123", ", thanks", "x");
    fc.assert(
      fc.property(
        pan,
        separator,
        fc.integer({ min: 2, max: 6 }),
        words,
        after,
        (number, between, size, before, then) => {
          const groups = number.match(new RegExp(`.{1,${String(size)}}`, "g")) ?? [];
          expect(looksLikeCardNumber(before + groups.join(between) + then)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("with one digit misread is none", () => {
    fc.assert(
      fc.property(pan, fc.nat(15), fc.integer({ min: 1, max: 9 }), (number, at, off) => {
        const misread = String((Number(number[at]) + off) % 10);
        expect(looksLikeCardNumber(number.slice(0, at) + misread + number.slice(at + 1))).toBe(false);
      }),
    );
  });
});
