import { describe, expect, test } from "vitest";
import { hasForbiddenCharacters, looksLikeCardNumber, normalizeText } from "../../../src/core/text.ts";

test("text is composed and trimmed", () => {
  expect(normalizeText("  Cafe\u0301 au lait\u00a0\n")).toBe("Caf\u00e9 au lait");
  expect(normalizeText("a  b")).toBe("a  b");
});

describe("forbidden characters", () => {
  const code = (point: number) => String.fromCodePoint(point);
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const never = [
    ...range(0x00, 0x09),
    ...range(0x0b, 0x1f),
    ...range(0x7f, 0x9f),
    0xad,
    0x180e,
    0x200b,
    0x2028,
    0x2029,
    ...range(0x202a, 0x202e),
    ...range(0x2060, 0x206f),
    0xfdd0,
    0xfeff,
    0xfff9,
    0xffff,
    0x1fffe,
    0xe0001,
    0xe0041,
    0x10ffff,
    0xd800,
    0xdfff,
  ];

  test.each(never.map((point) => [point.toString(16).padStart(4, "0"), point] as const))(
    "U+%s never",
    (_hex, point) => {
      expect(hasForbiddenCharacters(`a${code(point)}b`)).toBe(true);
      expect(hasForbiddenCharacters(`a${code(point)}b`, { multiline: true })).toBe(true);
    },
  );

  test("a line feed only in text of several lines", () => {
    expect(hasForbiddenCharacters("a\nb")).toBe(true);
    expect(hasForbiddenCharacters("a\nb", { multiline: false })).toBe(true);
    expect(hasForbiddenCharacters("a\nb", { multiline: true })).toBe(false);
    expect(hasForbiddenCharacters("a\n\u0000b", { multiline: true })).toBe(true);
  });

  test.each([
    "",
    "Tea",
    "Crème brûlée",
    "شاي",
    "茶",
    "👨‍👩‍👧 family",
    "a\u00a0b",
    "right\u200emark",
    "می\u200cخواهم",
    "a\u2010b",
    "~ !",
  ])("%j is fine", (text) => {
    expect(hasForbiddenCharacters(text)).toBe(false);
  });
});

describe("card numbers", () => {
  // The schemes' published test numbers.
  test.each([
    ["Visa", "4111111111111111"],
    ["Visa, 13 digits", "4222222222222"],
    ["Mastercard", "5555555555554444"],
    ["Mastercard, 2 series", "2223003122003222"],
    ["American Express", "378282246310005"],
    ["Discover", "6011111111111117"],
    ["Diners Club", "30569309025904"],
    ["JCB", "3566002020360505"],
    ["UnionPay", "6200000000000005"],
    ["UnionPay, 19 digits", "6205500000000000004"],
    ["Maestro", "6759649826438453"],
    ["in groups", "4111 1111 1111 1111"],
    ["with dashes", "4111-1111-1111-1111"],
    ["with dots", "4111.1111.1111.1111"],
    ["no-break spaces", "4111\u00a01111\u00a01111\u00a01111"],
    ["long dashes", "4111\u20131111\u20131111\u20131111"],
    ["spaced dashes", "4111 - 1111 - 1111 - 1111"],
    ["digit by digit", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"],
    [
      "fullwidth digits",
      "\uff14\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11",
    ],
    ["in a sentence", "paid by card 4111111111111111, thanks"],
    ["against letters", "ref4111111111111111x"],
    ["an expiry date before it", "12/28 4111 1111 1111 1111"],
    ["a quantity before it", "2 4111 1111 1111 1111"],
    ["a security code after it", "4111 1111 1111 1111 123"],
    ["on a line of its own", "card:\n4111111111111111\nok"],
    ["the second of two numbers", "4111111111111112 4111111111111111"],
  ])("found: %s", (_what, text) => {
    expect(looksLikeCardNumber(text)).toBe(true);
  });

  test.each([
    ["Luhn is wrong", "4111111111111112"],
    ["twelve digits, right by Luhn", "411111111117"],
    ["twenty digits, right by Luhn", "41111111111111111115"],
    ["no scheme begins with 1", "1111111111111117"],
    ["no scheme begins with 9", "9999999999999995"],
    ["zeros", "0000000000000000"],
    ["American Express is never 16 digits", "3782822463100052"],
    ["a GTIN-13 that passes Luhn", "5000000002597"],
    ["last four digits", "ends in 1111"],
    ["a telephone", "+44 20 7946 0958"],
    ["a time", "2026-11-23T02:00:00.000Z"],
    ["a UUID", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"],
    ["prices", "4.11, 11.11, 11.11, 11.11, 11.11"],
    ["nothing", ""],
  ])("not found: %s", (_what, text) => {
    expect(looksLikeCardNumber(text)).toBe(false);
  });
});
