import { describe, expect, test } from "vitest";
import {
  allocateByLargestRemainder,
  MAX_AMOUNT,
  mulDiv,
  roundToMultiple,
  type RoundingMode,
} from "../../../src/core/money.ts";

describe("mulDiv", () => {
  test.each<[number, number, number, RoundingMode, number]>([
    [10, 1, 4, "half_up", 3], // 2.5
    [10, 1, 4, "half_even", 2],
    [14, 1, 4, "half_up", 4], // 3.5
    [14, 1, 4, "half_even", 4],
    [9, 1, 4, "half_up", 2], // 2.25
    [11, 1, 4, "half_even", 3], // 2.75
    [-10, 1, 4, "half_up", -3], // by magnitude, then the sign
    [10, -1, 4, "half_even", -2],
    [-10, -1, 4, "half_up", 3],
    [10, 1, -4, "half_up", -3],
    [-10, -1, -4, "half_up", -3],
    [0, -7, 3, "half_up", 0],
    [1, -1, 3, "half_up", 0], // no minus zero: Object.is tells them apart in toBe
  ])("%i x %i / %i %s is %i", (a, b, c, mode, expected) => {
    expect(mulDiv(a, b, c, mode)).toBe(expected);
  });

  test.each<[number, number, number, RoundingMode, number]>([
    // 999999999999 x 999999 / 1000000 = 999998999999.000001
    [MAX_AMOUNT, 999_999, 1_000_000, "half_up", 999_998_999_999],
    // 999999999999 x 500000 / 1000000 = 499999999999.5
    [MAX_AMOUNT, 500_000, 1_000_000, "half_up", 500_000_000_000],
    [MAX_AMOUNT, 500_000, 1_000_000, "half_even", 500_000_000_000],
    // 999999999999997 / 2 = 499999999999998.5
    [999_999_999_999_997, 500_000, 1_000_000, "half_even", 499_999_999_999_998],
    [-999_999_999_999_997, 500_000, 1_000_000, "half_up", -499_999_999_999_999],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, "half_up", Number.MAX_SAFE_INTEGER],
  ])("is exact past 2^53: %i x %i / %i %s is %i", (a, b, c, mode, expected) => {
    expect(mulDiv(a, b, c, mode)).toBe(expected);
  });

  test("refuses a result that passes 2^53", () => {
    expect(() => mulDiv(Number.MAX_SAFE_INTEGER, 2, 1, "half_up")).toThrow(RangeError);
    expect(() => mulDiv(Number.MAX_SAFE_INTEGER, -3, 2, "half_even")).toThrow(RangeError);
    expect(mulDiv(Number.MAX_SAFE_INTEGER, 1, 1, "half_up")).toBe(Number.MAX_SAFE_INTEGER);
  });

  test.each([
    [1, 1, 0],
    [1.5, 1, 1],
    [1, Number.NaN, 1],
    [1, 1, Number.POSITIVE_INFINITY],
    [2 ** 53, 1, 1],
  ])("refuses %d x %d / %d", (a, b, c) => {
    expect(() => mulDiv(a, b, c, "half_up")).toThrow(RangeError);
  });
});

describe("roundToMultiple", () => {
  test.each<[number, number, RoundingMode, number]>([
    [102, 5, "half_up", 100],
    [103, 5, "half_up", 105],
    [105, 10, "half_up", 110],
    [105, 10, "half_even", 100],
    [115, 10, "half_even", 120],
    [-103, 5, "half_up", -105],
    [1234, 1, "half_up", 1234],
    [0, 5, "half_even", 0],
  ])("%i to %i %s is %i", (amount, multiple, mode, expected) => {
    expect(roundToMultiple(amount, multiple, mode)).toBe(expected);
  });

  test("refuses a multiple of zero, and a result past 2^53", () => {
    expect(() => roundToMultiple(5, 0, "half_up")).toThrow(RangeError);
    expect(() => roundToMultiple(Number.MAX_SAFE_INTEGER, 1_000_000, "half_up")).toThrow(RangeError);
  });
});

describe("allocateByLargestRemainder", () => {
  test.each<[string, number, number[], number[]]>([
    ["even shares", 9, [1, 1, 1], [3, 3, 3]],
    ["ties go to the earlier", 100, [1, 1, 1], [34, 33, 33]],
    ["two units left, three tied", 101, [1, 1, 1], [34, 34, 33]],
    // 10 x 1/6 = 1.67, 10 x 2/6 = 3.33, 10 x 3/6 = 5.00: the unit left goes to the .67
    ["the largest remainder first", 10, [1, 2, 3], [2, 3, 5]],
    ["a later larger remainder beats an earlier one", 10, [3, 2, 1], [5, 3, 2]],
    ["a zero weight gets nothing", 5, [0, 1, 0, 1], [0, 3, 0, 2]],
    ["nothing to share", 0, [3, 4], [0, 0]],
    ["nothing to share over nothing", 0, [0, 0], [0, 0]],
    ["no weights", 0, [], []],
    ["exact past 2^53", MAX_AMOUNT, [MAX_AMOUNT, MAX_AMOUNT], [500_000_000_000, 499_999_999_999]],
  ])("%s", (_what, total, weights, expected) => {
    expect(allocateByLargestRemainder(total, weights)).toEqual(expected);
  });

  test.each<[string, number, number[]]>([
    ["something over nothing", 1, [0, 0]],
    ["something over no weights", 1, []],
    ["a negative total", -1, [1]],
    ["a negative weight", 1, [2, -1]],
    ["a fractional weight", 1, [0.5, 1]],
    ["a fractional total", 1.5, [1]],
  ])("refuses %s", (_what, total, weights) => {
    expect(() => allocateByLargestRemainder(total, weights)).toThrow(RangeError);
  });

  test("leaves its weights as they were", () => {
    const weights = [3, 1, 2];
    allocateByLargestRemainder(100, weights);
    expect(weights).toEqual([3, 1, 2]);
  });
});
