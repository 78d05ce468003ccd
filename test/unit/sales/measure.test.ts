import { describe, expect, test } from "vitest";
import { measureLine } from "../../../src/modules/sales/measure.ts";

const CHEESE = { unit: "g", unit_price: 250, price_quantity: 1000, discount_ppm: 0 } as const;
// 350 g, 19.99, and a code that carries nothing (test/unit/core/barcode.test.ts has their check digits).
const WEIGHT = "2112345003504";
const PRICE = "2900042019993";
const CARRIER = "2112345000008";

describe("the quantity of a line", () => {
  test.each<[string, { barcode?: string; quantity?: number }, boolean, number, number | undefined]>([
    ["is what was keyed in", { quantity: 3 }, true, 3, undefined],
    ["is what was keyed in, for an ordinary code", { barcode: "5901234123457", quantity: 3 }, true, 3, undefined],
    ["is the weight of a printed code", { barcode: WEIGHT }, false, 350, undefined],
    // 19.99 at 2.50 a kilogram is 7996 g.
    ["is what a printed price buys", { barcode: PRICE }, false, 7996, 1999],
    ["is what a printed price buys, padded to fourteen digits", { barcode: `0${PRICE}` }, false, 7996, 1999],
    [
      "is what was keyed in, for a padded carrier of nothing",
      { barcode: `0${CARRIER}`, quantity: 3 },
      true,
      3,
      undefined,
    ],
    ["is what was keyed in, for a carrier of nothing", { barcode: CARRIER, quantity: 3 }, true, 3, undefined],
    ["is what was keyed in, for a product of that very code", { barcode: WEIGHT, quantity: 3 }, true, 3, undefined],
  ])("%s", (_what, line, matchedWhole, quantity, printed_price) => {
    expect(measureLine(line, CHEESE, matchedWhole)).toEqual({ quantity, printed_price });
  });

  test.each<[string, { barcode?: string; quantity?: number }, boolean, string]>([
    ["none", {}, true, "is missing"],
    ["none with an ordinary code", { barcode: "5901234123457" }, true, "is missing"],
    ["none with a carrier of nothing", { barcode: CARRIER }, true, "is missing: the code carries none"],
    ["none with a product of that very code", { barcode: WEIGHT }, true, "is missing"],
    ["one beside a printed weight", { barcode: WEIGHT, quantity: 350 }, false, "must be left out"],
    ["one beside a printed price", { barcode: PRICE, quantity: 1 }, false, "must be left out"],
  ])("is refused: %s", (_what, line, matchedWhole, says) => {
    expect(measureLine(line, CHEESE, matchedWhole)).toContain(says);
  });
});

test("a printed price buys more of what has a discount of its own", () => {
  // 19.99 at 2.50 less 20 %, which is 2.00 a kilogram.
  const cheaper = { ...CHEESE, discount_ppm: 200_000 };
  expect(measureLine({ barcode: PRICE }, cheaper, false)).toEqual({ quantity: 9995, printed_price: 1999 });
  expect(measureLine({ barcode: WEIGHT }, cheaper, false)).toEqual({ quantity: 350, printed_price: undefined });
});

describe("grams of what is not sold by the gram", () => {
  test.each(["each", "ml"] as const)("are refused, of %s", (unit) => {
    expect(measureLine({ barcode: WEIGHT }, { ...CHEESE, unit }, false)).toBe(
      `is not known: the barcode carries grams, but the unit is ${unit}: ` +
        "set the unit to g, or take the barcode off the product",
    );
  });

  test("are none where a product has that very code, or a quantity was keyed in for a carrier of nothing", () => {
    const pack = { ...CHEESE, unit: "each" } as const;
    expect(measureLine({ barcode: WEIGHT, quantity: 2 }, pack, true)).toMatchObject({ quantity: 2 });
    expect(measureLine({ barcode: CARRIER, quantity: 2 }, pack, true)).toMatchObject({ quantity: 2 });
  });
});
