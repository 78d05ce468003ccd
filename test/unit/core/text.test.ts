import { describe, expect, test } from "vitest";
import { hasForbiddenCharacters, normalizeText } from "../../../src/core/text.ts";

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
