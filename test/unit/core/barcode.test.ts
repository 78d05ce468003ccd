import { describe, expect, test } from "vitest";
import {
  barcodeKey,
  barcodeKeys,
  checkDigit,
  describeUnitFault,
  hasValidCheckDigit,
  isGtinLength,
  parseInStoreCode,
  readPrinted,
} from "../../../src/core/barcode.ts";
import { MAX_QUANTITY } from "../../../src/core/money.ts";

test.each([
  ["12345670", true],
  ["012345678905", true],
  ["5901234123457", true],
  ["15901234123454", true],
  ["1234567", false],
  ["123456789", false],
  ["12345678901", false],
  ["123456789012345", false],
  ["590123412345X", false],
  ["٥901234123457", false],
  ["", false],
])("a GTIN by its length, %j: %s", (barcode, expected) => {
  expect(isGtinLength(barcode)).toBe(expected);
});

// 5901234123457: from the right, 3 x (5+3+1+3+1+9) + (4+2+4+2+0+5) = 66 + 17 = 83, and 7 completes 90.
test.each([
  ["590123412345", 7],
  ["03600029145", 2], // the UPC-A of the GS1 General Specifications' examples
  ["7351353", 7], // GTIN-8
  ["629104150021", 3],
  ["000000000000", 0],
])("the check digit of %s is %i", (body, digit) => {
  expect(checkDigit(body)).toBe(digit);
});

test.each([
  ["5901234123457", true],
  ["036000291452", true],
  ["73513537", true],
  ["05901234123457", true],
  ["5901234123458", false],
  ["036000291453", false],
  ["590123412345", false], // the body alone is twelve digits, and 5 completes no eleven of them
  ["REGAL-1", false],
  ["", false],
])("%j has a right check digit: %s", (digits, expected) => {
  expect(hasValidCheckDigit(digits)).toBe(expected);
});

test("the spellings of a GTIN have one key; other text is its own", () => {
  expect(barcodeKey("036000291452")).toBe("00036000291452");
  expect(barcodeKey("0036000291452")).toBe("00036000291452");
  expect(barcodeKey("00036000291452")).toBe("00036000291452");
  expect(barcodeKey("73513537")).toBe("00000073513537");
  expect(barcodeKey("SHELF-7")).toBe("SHELF-7");
  expect(barcodeKey("12345")).toBe("12345");
});

describe("in-store codes", () => {
  // 21 12345 00350 K: from the right 3 x (0+3+0+4+2+1) + (5+0+5+3+1+2) = 30 + 16 = 46, K = 4.
  // Its carrier 21 12345 00000: 3 x (0+0+0+4+2+1) + (0+0+5+3+1+2) = 21 + 11 = 32, K = 8.
  test("a weight in grams", () => {
    expect(parseInStoreCode("2112345003504")).toEqual({ carrier: "2112345000008", kind: "weight", value: 350 });
  });

  // 29 00042 01999 K: 3 x (9+9+0+4+0+9) + (9+1+2+0+0+2) = 93 + 14 = 107, K = 3.
  // Its carrier 29 00042 00000: 3 x (0+0+0+4+0+9) + (0+0+2+0+0+2) = 39 + 4 = 43, K = 7.
  test("a price in minor units", () => {
    expect(parseInStoreCode("2900042019993")).toEqual({ carrier: "2900042000007", kind: "price", value: 1999 });
  });

  test("the same, padded to fourteen digits", () => {
    expect(parseInStoreCode("02112345003504")).toEqual({ carrier: "2112345000008", kind: "weight", value: 350 });
  });

  test("the carrying code itself has nothing printed in it", () => {
    expect(parseInStoreCode("2112345000008")).toEqual({ carrier: "2112345000008", kind: "weight", value: 0 });
  });

  test.each([
    ["21", "weight"],
    ["22", "weight"],
    ["23", "weight"],
    ["24", "weight"],
    ["25", "price"],
    ["26", "price"],
    ["27", "price"],
    ["28", "price"],
    ["29", "price"],
  ])("prefix %s is a %s", (prefix, kind) => {
    const body = `${prefix}0000100002`;
    expect(parseInStoreCode(body + String(checkDigit(body)))).toMatchObject({ kind, value: 2 });
  });

  test.each([
    ["a wrong check digit", "2112345003505"],
    ["prefix 20", "2012345003507"],
    ["prefix 30", "3012345003506"],
    ["an ordinary GTIN", "5901234123457"],
    ["fourteen digits that begin with another than 0", "12112345003501"],
    ["twelve digits", "211234500350"],
    ["a letter", "21123450035O4"],
    ["nothing", ""],
  ])("none: %s", (_what, barcode) => {
    expect(parseInStoreCode(barcode)).toBeNull();
  });
});

test("a printed code is found by its own key first, then by its carrier's; any other by its own alone", () => {
  expect(barcodeKeys("2112345003504")).toEqual(["02112345003504", "02112345000008"]);
  expect(barcodeKeys("02112345003504")).toEqual(["02112345003504", "02112345000008"]);
  expect(barcodeKeys("036000291452")).toEqual(["00036000291452"]);
  expect(barcodeKeys("SHELF-7")).toEqual(["SHELF-7"]);
});

describe("readPrinted", () => {
  const loose = { unit: "g", unit_price: 250, price_quantity: 1000, discount_ppm: 0 };

  test.each([
    ["grams as they are", { kind: "weight", value: 732 }, loose, 732, undefined],
    // 1.83 at 2.50 a kilogram is 732 g.
    ["the grams a price buys", { kind: "price", value: 183 }, loose, 732, 183],
    // 5.23 at 9.99 less 10 %, which is 8.991 a kilogram, is 581.69 g.
    [
      "the grams a price buys after the product's own discount",
      { kind: "price", value: 523 },
      { ...loose, unit_price: 999, discount_ppm: 100_000 },
      582,
      523,
    ],
    ["at least one gram", { kind: "price", value: 1 }, { ...loose, unit_price: 999_999 }, 1, 1],
    ["nothing yet of a carrier of a price", { kind: "price", value: 0 }, loose, 0, undefined],
    ["nothing yet of a carrier of a weight", { kind: "weight", value: 0 }, loose, 0, undefined],
    ["one piece", { kind: "price", value: 183 }, { ...loose, unit: "each" }, 1, 183],
    [
      "one piece of what is discounted",
      { kind: "price", value: 183 },
      { ...loose, unit: "each", discount_ppm: 1 },
      1,
      183,
    ],
    // 999.99 at 0.01 for a million grams would be 99 999 000 000 g.
    [
      "no more than a line may have",
      { kind: "price", value: 99_999 },
      { ...loose, unit_price: 1, price_quantity: 1_000_000 },
      MAX_QUANTITY,
      99_999,
    ],
    ["one of what is free", { kind: "price", value: 183 }, { ...loose, unit_price: 0 }, 1, 183],
    [
      "one of what its discount makes free",
      { kind: "price", value: 183 },
      { ...loose, discount_ppm: 1_000_000 },
      1,
      183,
    ],
  ] as const)("sells %s", (_what, printed, product, quantity, price) => {
    expect(readPrinted({ carrier: "2112345000000", ...printed }, product)).toEqual({ quantity, price });
  });
});

test.each([
  ["weight", "g", false],
  ["weight", "each", true],
  ["weight", "ml", true],
  ["price", "g", false],
  ["price", "each", false],
] as const)("a %s on what is sold by %s is a fault: %s", (kind, unit, expected) => {
  const fault = describeUnitFault({ carrier: "2112345000008", kind, value: 350 }, { unit });
  expect(fault !== null).toBe(expected);
  if (expected) expect(fault).toContain(`the unit is ${unit}: set the unit to g`);
});
