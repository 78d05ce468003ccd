import { describe, expect, test } from "vitest";
import { centre, columns, widthOf, wrap } from "../../../src/core/columns.ts";

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
    ["❤\uFE0F", 1],
    // Joiners and spaces of no width.
    ["a\u200Db\u200B", 2],
    ["€£¥", 3],
  ])("%s takes %i columns", (text, width) => {
    expect(widthOf(text)).toBe(width);
  });
});

describe("two columns", () => {
  test("fill the line", () => {
    expect(columns("Tea", "1.00", 12)).toBe("Tea     1.00");
    expect(columns("お茶", "1.00", 12)).toBe("お茶    1.00");
  });

  test("leave the amount whole: the left gives way, to a wide character's edge", () => {
    expect(columns("Darjeeling", "123.45", 12)).toBe("Darje 123.45");
    expect(columns("お茶お茶", "123.45", 12)).toBe("お茶  123.45");
    expect(columns("Tea", "123456789.00", 12)).toBe("123456789.00");
    expect(columns("Tea", "1234567890.00", 12)).toBe("1234567890.00");
  });

  test("end without blanks where the right is empty", () => {
    expect(columns("Tea", "", 12)).toBe("Tea");
    expect(columns("Darjeeling tea", "", 12)).toBe("Darjeeling t");
  });
});

test.each([
  ["Tea", 9, "   Tea"],
  ["Tea", 8, "  Tea"],
  ["お茶", 9, "  お茶"],
  ["Darjeeling", 5, "Darje"],
])("%s stands in the middle of %i columns", (text, width, expected) => {
  expect(centre(text, width)).toBe(expected);
});

describe("wrapping", () => {
  test.each<[string, number, string[]]>([
    ["", 5, []],
    ["one two three", 20, ["one two three"]],
    ["one two three", 7, ["one two", "three"]],
    ["one  two", 20, ["one  two"]],
    ["incomprehensible", 6, ["incomp", "rehens", "ible"]],
    ["an incomprehensible word", 6, ["an", "incomp", "rehens", "ible", "word"]],
    ["お茶お茶お茶", 5, ["お茶", "お茶", "お茶"]],
    ["🍵🍵🍵", 4, ["🍵🍵", "🍵"]],
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
