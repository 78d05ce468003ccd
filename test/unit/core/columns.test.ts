import { describe, expect, test } from "vitest";
import { centre, pair, widthOf, wrap } from "../../../src/core/columns.ts";

describe("the width of text", () => {
  test.each([
    ["", 0],
    ["Tea", 3],
    ["Crème", 5],
    ["Cre\u0300me", 5],
    ["茶", 2],
    ["お茶", 4],
    ["ｶﾀｶﾅ", 4],
    ["ＡＢ", 4],
    ["한글", 4],
    ["𠮷野家", 6],
    ["🍵", 2],
    // What several characters are put together to is one.
    ["❤\uFE0F", 2],
    ["👨‍👩‍👧‍👦", 2],
    ["👍🏽", 2],
    ["🇯🇵", 2],
    // Joiners, marks and spaces of no width; the isolates that we put in ourselves.
    ["a\u200Db\u200B", 2],
    ["\u2067قهوة\u2069", 4],
    ["שָׁלוֹם", 4],
    ["€£¥", 3],
    // What a terminal would take for a command is text here.
    ["\u001b[31m", 4],
  ])("%s takes %i columns", (text, width) => {
    expect(widthOf(text)).toBe(width);
  });
});

describe("two cells", () => {
  test.each<[string, string, string, number, string[]]>([
    ["fill the line", "Tea", "1.00", 12, ["Tea     1.00"]],
    ["fill it with wide characters", "お茶", "1.00", 12, ["お茶    1.00"]],
    ["just fit", "Darje", "123.45", 12, ["Darje 123.45"]],
    ["share the last line", "Darjeeling tea", "1.00", 12, ["Darjeeling", "tea     1.00"]],
    ["stand one below the other", "Darjeeling", "123.45", 12, ["Darjeeling", "      123.45"]],
    ["break inside a word", "Incomprehensible", "1.00", 12, ["Incomprehens", "ible    1.00"]],
    ["break at a wide character's edge", "お茶お茶お茶", "1.0", 7, ["お茶お", "茶お茶", "    1.0"]],
    ["end without blanks where the right is empty", "Tea", "", 12, ["Tea"]],
    ["begin with blanks where the left is empty", "", "1.00", 12, ["        1.00"]],
    ["carry the right over too", "Cashier", "Amina Bint Khan", 12, ["Cashier", "  Amina Bint", "        Khan"]],
    ["are nothing of nothing", "", "", 12, []],
  ])("%s", (_, left, right, width, expected) => {
    expect(pair(left, right, { width })).toEqual(expected);
  });

  test("keep each line of the left one away from the edge", () => {
    expect(pair("345 g x 15.90 per kg", "5.49", { width: 12, indent: 2 })).toEqual([
      "  345 g x",
      "  15.90 per",
      "  kg    5.49",
    ]);
  });

  test("are written by what they are given, line by line, with all of the cell", () => {
    const write = (line: string, cell: string) => (cell === "one two" ? line.toUpperCase() : line);
    expect(pair("one two", "three", { width: 9, write })).toEqual(["ONE TWO", "    three"]);
    expect(pair("one two", "three", { width: 5, write })).toEqual(["ONE", "TWO", "three"]);
  });
});

test.each<[string, number, string[]]>([
  ["Tea", 9, ["   Tea"]],
  ["Tea", 8, ["  Tea"]],
  ["お茶", 9, ["  お茶"]],
  ["Darjeeling", 5, ["Darje", "eling"]],
  ["First flush", 7, [" First", " flush"]],
  ["", 5, []],
])("%s stands in the middle of %i columns", (text, width, expected) => {
  expect(centre(text, { width })).toEqual(expected);
});

describe("wrapping", () => {
  test.each<[string, number, string[]]>([
    ["", 5, []],
    ["one two three", 20, ["one two three"]],
    ["one two three", 7, ["one two", "three"]],
    ["one  two", 20, ["one  two"]],
    ["one  two", 4, ["one", "two"]],
    ["incomprehensible", 6, ["incomp", "rehens", "ible"]],
    ["an incomprehensible word", 6, ["an", "incomp", "rehens", "ible", "word"]],
    ["お茶お茶お茶", 5, ["お茶", "お茶", "お茶"]],
    ["🍵🍵🍵", 4, ["🍵🍵", "🍵"]],
    // A family is not torn apart, nor an accent from its letter.
    ["👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 3, ["👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"]],
    ["e\u0323\u0302e\u0323\u0302e\u0323\u0302", 2, ["e\u0323\u0302e\u0323\u0302", "e\u0323\u0302"]],
    // Arabic number signs, of which any number make one character, and one that is as wide.
    ["\u0600".repeat(5), 2, ["\u0600\u0600", "\u0600\u0600", "\u0600"]],
  ])("%s in %i columns", (text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines);
  });

  test("never passes the width, and loses nothing but the blanks at a break", () => {
    const text = "Ａ茶 tea 🍵 for　two — très loooooooooooooooong 𠮷野家";
    for (let width = 2; width <= 40; width += 1) {
      const lines = wrap(text, width);
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
      expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
    }
  });
});
