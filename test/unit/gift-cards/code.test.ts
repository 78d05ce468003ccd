import { describe, expect, it } from "vitest";
import { looksLikeCardNumber } from "../../../src/core/card-number.ts";
import { isGiftCardCode, normalizeGiftCardCode } from "../../../src/core/gift-card-code.ts";
import { newGiftCardCode } from "../../../src/modules/gift-cards/code.ts";

describe("a new code", () => {
  it("is 16 characters that are not read as others", () => {
    for (let i = 0; i < 200; i += 1) expect(newGiftCardCode()).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
  });

  it("is another each time", () => {
    expect(new Set(Array.from({ length: 500 }, () => newGiftCardCode())).size).toBe(500);
  });

  it("is drawn evenly: every character is asked for among all 32", () => {
    const asked: number[] = [];
    const code = newGiftCardCode((below) => asked.push(below));
    expect(asked).toEqual(Array.from({ length: 16 }, () => 32));
    expect(code).toBe("123456789ABCDEFG");
  });

  it("is drawn again when it looks like a card number", () => {
    const card = "4111111111111111";
    expect(looksLikeCardNumber(card)).toBe(true);
    const drawn = [...Array.from(card, Number), ...Array.from({ length: 16 }, () => 10)];
    expect(newGiftCardCode(() => drawn.shift() ?? 0)).toBe("A".repeat(16));
  });
});

describe("a code that was typed", () => {
  it.each([
    ["abcd-efgh", "ABCDEFGH"],
    [" Gift 2026 xmas ", "GIFT2026XMAS"],
    ["ABCD\u2013EFGH", "ABCDEFGH"],
    ["ABCDEFGH", "ABCDEFGH"],
  ])("%j is %s", (typed, code) => {
    expect(normalizeGiftCardCode(typed)).toBe(code);
    expect(isGiftCardCode(normalizeGiftCardCode(typed))).toBe(true);
  });

  it.each(["", "ABCDEFG", "A".repeat(33), "ABCDEFGÄ", "abcdefgh", "ABCD_EFGH"])("%j is none", (text) => {
    expect(isGiftCardCode(text)).toBe(false);
  });

  it.each(["A".repeat(8), "9".repeat(32)])("%s is one", (text) => {
    expect(isGiftCardCode(text)).toBe(true);
  });
});
