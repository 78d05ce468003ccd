import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkDigit } from "../../src/core/barcode.ts";
import { isCardNumber, looksLikeCardNumber } from "../../src/core/card-number.ts";
import { formatAmount } from "../../src/core/currency.ts";

const DIGITS = "0123456789".split("");
const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...DIGITS), minLength: length, maxLength: length });

const pan = fc
  .oneof(
    fc.tuple(
      fc.constantFrom("4", "51", "55", "2221", "2720", "6011", "65", "62", "3528", "50", "67", "9792"),
      fc.constant(16),
    ),
    fc.tuple(fc.constantFrom("34", "37"), fc.constant(15)),
    fc.tuple(fc.constantFrom("300", "36", "38"), fc.constant(14)),
    fc.tuple(fc.constantFrom("62", "4", "506"), fc.constant(19)),
  )
  .chain(([prefix, length]) => digits(length - 1 - prefix.length).map((rest) => prefix + rest))
  .map((body) => body + String(luhnDigit(body)));

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

function inGroups(number: string, size: number): string[] {
  return number.match(new RegExp(`.{1,${String(size)}}`, "g")) ?? [];
}

const before = fc.constantFrom("", "card ", "12/28 ", "2 ", "no:", "ref ", "VISA", "2026-11-23 ");
const after = fc.constantFrom("", " ok", " 123", ", thanks", "x", " 12/28");
/** What is neither a letter nor a digit, one to four times. */
const signs = fc.string({
  unit: fc.constantFrom(...Array.from(" -._/+,|:;*·•#=()\u00a0\u2013\u2014\u200c\u200d\u200e\u200f")),
  minLength: 1,
  maxLength: 4,
});
/** What may set one telephone number apart from the next. */
const STROKE = /[/,;]/;
const zero = fc.constantFrom(0x30, 0x660, 0x6f0, 0x966, 0xe50, 0xff10);

describe("a card number", () => {
  test("is found in groups of four and more, whatever stands between them and about it, in any script's digits", () => {
    fc.assert(
      fc.property(
        pan,
        fc.array(signs, { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 4, max: 8 }),
        zero,
        before,
        after,
        (number, between, size, from, head, tail) => {
          const groups = inGroups(number, size);
          fc.pre(!between.some((sign) => STROKE.test(sign)));
          const written = groups.map(
            (group, index) => group + (index === groups.length - 1 ? "" : (between[index] ?? " ")),
          );
          const local = written.join("").replaceAll(/\d/g, (digit) => String.fromCodePoint(from + Number(digit)));
          expect(looksLikeCardNumber(head + local + tail)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("is found in groups of any size with one sign between them", () => {
    fc.assert(
      fc.property(pan, signs, fc.integer({ min: 1, max: 8 }), before, after, (number, between, size, head, tail) => {
        const groups = inGroups(number, size);
        fc.pre(groups.length !== 2 || !STROKE.test(between));
        fc.pre(!groups.every((group, index) => group.length < 4 && Number(group) > Number(groups[index - 1] ?? -1)));
        expect(looksLikeCardNumber(head + groups.join(between) + tail)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("is found with an expiry date and a code glued on", () => {
    const month = fc.integer({ min: 1, max: 12 }).map((value) => String(value).padStart(2, "0"));
    const year = fc.integer({ min: 20, max: 49 }).map(String);
    const code = fc.oneof(fc.constant(""), digits(3), digits(4));
    const long = pan.filter((number) => number.length === 15 || number.length === 16);
    fc.assert(
      fc.property(long, month, year, fc.boolean(), code, (number, mm, yy, monthFirst, cvv) => {
        expect(looksLikeCardNumber(number + (monthFirst ? mm + yy : yy + mm) + cvv)).toBe(true);
      }),
    );
  });

  test("as a whole is found with anything between its digits", () => {
    fc.assert(
      fc.property(pan, signs, fc.integer({ min: 1, max: 8 }), (number, between, size) => {
        expect(isCardNumber(inGroups(number, size).join(between))).toBe(true);
      }),
    );
  });

  test("with one digit misread is none", () => {
    fc.assert(
      fc.property(pan, fc.nat(13), fc.integer({ min: 1, max: 9 }), (number, at, off) => {
        const misread = String((Number(number[at]) + off) % 10);
        expect(isCardNumber(number.slice(0, at) + misread + number.slice(at + 1))).toBe(false);
      }),
    );
  });
});

describe("never taken for a card number is", () => {
  const day = fc
    .date({ min: new Date("1990-01-01"), max: new Date("2060-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString());
  const several = (one: fc.Arbitrary<string>) =>
    fc.array(one, { minLength: 1, maxLength: 12 }).map((all) => all.join(", "));
  const hex = (length: number) =>
    fc.string({ unit: fc.constantFrom(...DIGITS, ...DIGITS, "a", "f"), minLength: length, maxLength: length });
  const american = digits(10).map((number) => `${number.slice(0, 3)}-${number.slice(3, 6)}-${number.slice(6)}`);

  test.each<[string, fc.Arbitrary<string>]>([
    ["a UUID", fc.uuid()],
    ["a UUID of nearly all digits", fc.tuple(hex(8), hex(4), hex(4), hex(4), hex(12)).map((of) => of.join("-"))],
    ["a list of UUIDs", several(fc.uuid())],
    ["an instant", day],
    ["an instant as SQL writes it", day.map((one) => one.replace("T", " ").slice(0, 23))],
    ["two days", fc.tuple(day, day).map((both) => both.map((one) => one.slice(0, 10)).join(" - "))],
    [
      "two days, day first",
      fc
        .tuple(day, day, fc.constantFrom("-", ".", "/"))
        .map(([from, to, sign]) =>
          [from, to].map((one) => one.slice(0, 10).split("-").toReversed().join(sign)).join(" - "),
        ),
    ],
    ["amounts", several(fc.nat(99_999).map((value) => formatAmount(value, "GBP")))],
    ["invoice numbers", several(fc.nat(999_999).map((n) => `MAIN-01-${String(n).padStart(6, "0")}`))],
    [
      "a telephone number with its plus",
      fc
        .tuple(fc.integer({ min: 7, max: 13 }).chain(digits), fc.integer({ min: 2, max: 6 }))
        .map(([number, size]) => `+${inGroups(number, size).join(" ")}`),
    ],
    ["two telephone numbers of North America", fc.tuple(american, american).map((both) => both.join(", "))],
    [
      "a GTIN of 8, 12 or 13 digits",
      fc
        .constantFrom(7, 11, 12)
        .chain(digits)
        .map((body) => body + String(checkDigit(body))),
    ],
    [
      "an IBAN",
      fc
        .tuple(fc.constantFrom("DE", "ES", "PL"), fc.constantFrom(12, 16, 18, 20, 24).chain(digits), fc.boolean())
        .map(([country, account, grouped]) => {
          const iban = `${country}${checkOf(country, account)}${account}`;
          return grouped ? inGroups(iban, 4).join(" ") : iban;
        }),
    ],
    ["sizes", fc.integer({ min: 10, max: 60 }).map((from) => Array.from({ length: 10 }, (_, i) => from + i).join(" "))],
  ])("%s", (_what, written) => {
    fc.assert(
      fc.property(written, fc.constantFrom("", "card ", "no: "), (text, head) => {
        expect(looksLikeCardNumber(head + text)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test("a UUID as a key", () => {
    fc.assert(
      fc.property(fc.uuid(), (text) => {
        expect(isCardNumber(text)).toBe(false);
        expect(isCardNumber(text.replaceAll("-", ""))).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  /** ISO 13616, 7: 98 less the remainder by 97. */
  function checkOf(country: string, account: string): string {
    const written = Array.from(`${account}${country}00`, (char) => String(parseInt(char, 36))).join("");
    return String(98n - (BigInt(written) % 97n)).padStart(2, "0");
  }
});
