import { expect, test } from "vitest";
import { findAboveMaxPerSale, type LimitedLine } from "../../../src/modules/sales/max-per-sale.ts";

type Short = [product: string | null, limit: number | null, quantity: number];

function above(lines: Short[]): [number, number][] {
  const limited = lines.map(([product_id, max_per_sale, quantity]): LimitedLine => ({
    product_id,
    max_per_sale,
    quantity,
  }));
  return findAboveMaxPerSale(limited).map(({ index, max_per_sale }) => [index, max_per_sale]);
}

test.each<[string, Short[], [number, number][]]>([
  ["as many as may be", [["a", 5, 5]], []],
  ["one more", [["a", 5, 6]], [[0, 5]]],
  [
    "as many over several lines",
    [
      ["a", 5, 2],
      ["b", 1, 1],
      ["a", 5, 3],
    ],
    [],
  ],
  [
    "one more over several lines: the line that passes",
    [
      ["a", 5, 3],
      ["b", 1, 1],
      ["a", 5, 3],
    ],
    [[2, 5]],
  ],
  [
    "every line from there on",
    [
      ["a", 5, 6],
      ["a", 5, 1],
    ],
    [
      [0, 5],
      [1, 5],
    ],
  ],
  [
    "two products",
    [
      ["a", 5, 6],
      ["b", 1, 2],
    ],
    [
      [0, 5],
      [1, 1],
    ],
  ],
  ["no limit", [["a", null, 1_000_000_000]], []],
  [
    "custom lines",
    [
      [null, null, 10],
      [null, 1, 10],
    ],
    [],
  ],
  ["nothing", [], []],
])("%s", (_what, lines, expected) => {
  expect(above(lines)).toEqual(expected);
});
