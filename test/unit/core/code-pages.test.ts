import { describe, expect, test } from "vitest";
import { encodeText, FIRST_PAGE, toPrintable } from "../../../src/core/code-pages.ts";
import { widthOf } from "../../../src/core/columns.ts";

describe("what a printer can show", () => {
  test.each([
    ["plain", "Tea & 2 {cakes} ~ #1", "Tea & 2 {cakes} ~ #1"],
    ["of the west", "Crème brûlée – “Æ” € £ ½", "Crème brûlée – “Æ” € £ ½"],
    ["of the east", "Łódź żurek, Příliš žluťoučký, ő", "Łódź żurek, Příliš žluťoučký, ő"],
    ["Baltic and Turkish", "Ėjimas ģ ş ğ İ", "Ėjimas ģ ş ğ İ"],
    ["Cyrillic and Greek", "Чёрный хліб, Ελληνικό", "Чёрный хліб, Ελληνικό"],
    ["Hebrew and Arabic", "לחם, قهوة", "לחם, قهوة"],
    ["composed first", "Cre\u0300me", "Crème"],
    ["without an accent that no table has", "Phở ẹ̀kọ́ Ǩ", "Phơ eko K"],
    ["digits and a letter of other shapes", "٢٥٠ ۱۲۳ چای", "250 123 چاي"],
    ["without vowel points", "שָׁלוֹם", "שלום"],
    ["a question mark for each that it can't", "お茶 🍵 👨‍👩‍👧‍👦 →", "?? ? ? ?"],
    ["blanks for blanks", "a\u00a0b\u3000c\u2009d", "a b c d"],
    ["nothing of what is not seen", "a\u200d\u200eb\ufe0f\u0301", "ab"],
  ])("%s", (_, text, expected) => {
    const printable = toPrintable(text);
    expect(printable).toBe(expected);
    for (const character of printable) expect(widthOf(character)).toBe(1);
  });
});

describe("the bytes of it", () => {
  test("are ASCII in the table that is set", () => {
    expect(encodeText("Tea", FIRST_PAGE)).toEqual([{ page: 16, bytes: [0x54, 0x65, 0x61] }]);
    expect(encodeText("Tea", 49)).toEqual([{ page: 49, bytes: [0x54, 0x65, 0x61] }]);
    expect(encodeText("", FIRST_PAGE)).toEqual([]);
  });

  test("stay in a table as long as it has what comes, and go to the first that has what it lacks", () => {
    expect(encodeText("é ш é", FIRST_PAGE)).toEqual([
      { page: 16, bytes: [0xe9, 0x20] },
      { page: 17, bytes: [0xe8, 0x20] },
      { page: 16, bytes: [0xe9] },
    ]);
    // Ukrainian: windows-1251 has what follows it too.
    expect(encodeText("іш", FIRST_PAGE)).toEqual([{ page: 46, bytes: [0xb3, 0xf8] }]);
  });

  test.each([
    ["€", 16, 0x80],
    ["Я", 17, 0x9f],
    ["ł", 45, 0xb3],
    ["Ω", 47, 0xd9],
    ["ğ", 48, 0xf0],
    ["א", 49, 0xe0],
    ["ق", 50, 0xde],
    ["ģ", 51, 0xec],
    ["ơ", 52, 0xf5],
  ])("of %s are in table %i", (character, page, byte) => {
    expect(encodeText(character, FIRST_PAGE)).toEqual([{ page, bytes: [byte] }]);
  });

  test.each(["\n", "\u001b", "\u009b", "\u0081", "茶", "🍵", "\u200e", "\u0301", "\ud800"])(
    "of %j are a question mark",
    (character) => {
      expect(encodeText(character, FIRST_PAGE)).toEqual([{ page: FIRST_PAGE, bytes: [0x3f] }]);
    },
  );
});
