import { describe, expect, it } from "vitest";
import { searchWords } from "../../../src/modules/catalog/words.ts";

describe("searchWords", () => {
  it("cuts at what is neither letter nor digit, lower case, each word once", () => {
    expect(searchWords("Whole-Wheat BREAD, 400g (bread)")).toEqual(["whole", "wheat", "bread", "400g"]);
  });

  it("takes off diacritics and opens compatibility forms", () => {
    expect(searchWords("Crème brûlée ﬁne İSTANBUL")).toEqual(["creme", "brulee", "fine", "istanbul"]);
  });

  it("keeps the letters of other scripts", () => {
    expect(searchWords("Молоко 牛乳")).toEqual(["молоко", "牛乳"]);
  });

  it("bounds a word's length and finds none in marks alone", () => {
    expect(searchWords("x".repeat(200))).toEqual(["x".repeat(64)]);
    expect(searchWords(" -- !? ")).toEqual([]);
  });
});
