import bidiFactory from "bidi-js";
import { describe, expect, test } from "vitest";
import { directionOf, isolate, toVisualOrder } from "../../../src/core/bidi.ts";
import { pair } from "../../../src/core/columns.ts";

const bidi = bidiFactory();

/** What stands in each column where a line is ordered by the algorithm, as a browser or a terminal does. */
function asShown(line: string): string {
  return bidi.getReorderedString(line, bidi.getEmbeddingLevels(line, "auto")).replaceAll(/[\u200e\u2066-\u2069]/g, "");
}

test.each([
  ["Tea", "ltr"],
  ["", "ltr"],
  ["500 (2)", "ltr"],
  ["قهوة", "rtl"],
  ["לחם Brot", "rtl"],
  ["Brot לחם", "ltr"],
  ["12 קפה", "rtl"],
  ["\u200fTea", "rtl"],
  ["\u200eלחם", "ltr"],
  // Digits have no direction of their own.
  ["٢٥٠", "ltr"],
])("%s runs %s", (text, direction) => {
  expect(directionOf(text)).toBe(direction);
});

describe("isolating", () => {
  test("leaves alone what has nothing that runs from right to left", () => {
    expect(isolate("Crème brûlée 茶", "Crème brûlée 茶")).toBe("Crème brûlée 茶");
  });

  test("shuts off the rest, by the direction of all of the cell", () => {
    expect(isolate("קפה", "קפה Kaffee")).toBe("\u200e\u2067קפה\u2069");
    expect(isolate("Kaffee", "קפה Kaffee")).toBe("\u200e\u2067Kaffee\u2069");
    expect(isolate("Kaffee קפה", "Kaffee קפה")).toBe("\u200e\u2066Kaffee קפה\u2069");
  });

  test.each(["قهوة عربية", "לחם", "שוקו 3", "قهوة ٢٥٠", "(קפה)", "Tea قهوة", "٢٥٠", "\u200f12"])(
    "keeps the amount beside %s in its columns",
    (name) => {
      const [line = ""] = pair(name, "-12.50", { width: 24, write: isolate });
      const shown = asShown(line);
      expect(shown.endsWith(" -12.50")).toBe(true);
      expect(shown.slice(0, -6).trimEnd()).toBe(toVisualOrder(name, name));
    },
  );

  test("is what keeps it there: without, the amount changes places", () => {
    const [line = ""] = pair("قهوة عربية", "-12.50", { width: 24 });
    expect(asShown(line).endsWith("-12.50")).toBe(false);
  });
});

describe("the visual order", () => {
  test.each([
    ["Tea (2)", "Tea (2)"],
    ["אבג", "גבא"],
    ["אבג 12", "12 גבא"],
    ["אבג (דה)", "(הד) גבא"],
    ["Tea אבג", "Tea גבא"],
    ["אבג Tea 12 דה", "הד Tea 12 גבא"],
    ["ابج ١٢", "١٢ جبا"],
  ])("of %s is %s", (text, expected) => {
    expect(toVisualOrder(text, text)).toBe(expected);
  });

  test("is that of all of the cell, on each of its lines", () => {
    expect(toVisualOrder("(12)", "(12)")).toBe("(12)");
    expect(toVisualOrder("Tea 12!", "אבג Tea 12!")).toBe("!Tea 12");
  });
});
