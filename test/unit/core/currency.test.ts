import { describe, expect, test } from "vitest";
import { formatAmount, isCurrency, minorUnitDigits, parseAmount } from "../../../src/core/currency.ts";

test.each(["GBP", "USD", "EUR", "JPY", "KWD", "PKR", "CHF", "INR"])("%s is a currency", (code) => {
  expect(isCurrency(code)).toBe(true);
});

test.each(["gbp", "GB", "GBPX", "AAA", "", " GBP", "XXX", "XTS", "XAU"])("%j is none a shop prices in", (code) => {
  expect(isCurrency(code)).toBe(false);
});

// ISO 4217, list one. The runtime's own figures differ for PKR, HUF, IDR and COP (it says 0).
test.each([
  ["GBP", 2],
  ["USD", 2],
  ["PKR", 2],
  ["HUF", 2],
  ["IDR", 2],
  ["COP", 2],
  ["JPY", 0],
  ["KRW", 0],
  ["ISK", 0],
  ["VND", 0],
  ["KWD", 3],
  ["BHD", 3],
  ["IQD", 3],
  ["TND", 3],
  ["CLF", 4],
])("%s has %i decimals", (code, digits) => {
  expect(minorUnitDigits(code)).toBe(digits);
});

test.each([
  [1234, "GBP", "12.34"],
  [5, "GBP", "0.05"],
  [0, "GBP", "0.00"],
  [-5, "GBP", "-0.05"],
  [-1234, "GBP", "-12.34"],
  [1234, "JPY", "1234"],
  [-7, "JPY", "-7"],
  [1234, "KWD", "1.234"],
  [7, "KWD", "0.007"],
  [999_999_999_999_999, "USD", "9999999999999.99"],
])("%i of %s reads %s", (amount, currency, text) => {
  expect(formatAmount(amount, currency)).toBe(text);
});

describe("parseAmount", () => {
  test.each([
    ["2.1", "GBP", 210],
    ["15.0", "GBP", 1500],
    ["-3", "GBP", -300],
    ["2.55", "GBP", 255],
    ["0.29", "GBP", 29], // 0.29 x 100 is 28.999999999999996 in floating point
    ["1.15", "GBP", 115],
    ["-0.00", "GBP", 0],
    ["007", "GBP", 700],
    [" 4.20 ", "GBP", 420],
    ["2.100", "GBP", 210], // zeros at the end say nothing finer
    ["15.0", "JPY", 15],
    ["1.5", "KWD", 1500],
    ["90071992547409.91", "GBP", Number.MAX_SAFE_INTEGER],
  ])("%j of %s is %i", (text, currency, amount) => {
    expect(parseAmount(text, currency)).toBe(amount);
  });

  test.each([
    ["2.555", "GBP", /more decimals than GBP has \(2\)/],
    ["0.5", "JPY", /more decimals than JPY has \(0\)/],
    ["", "GBP", /not a decimal number/],
    [" ", "GBP", /not a decimal number/],
    ["-", "GBP", /not a decimal number/],
    ["abc", "GBP", /not a decimal number/],
    ["1e3", "GBP", /not a decimal number/],
    ["1,50", "GBP", /not a decimal number/],
    ["1.2.3", "GBP", /not a decimal number/],
    [".5", "GBP", /not a decimal number/],
    ["5.", "GBP", /not a decimal number/],
    ["+5", "GBP", /not a decimal number/],
    ["£5", "GBP", /not a decimal number/],
    ["--5", "GBP", /not a decimal number/],
    ["Infinity", "GBP", /not a decimal number/],
    ["٣", "GBP", /not a decimal number/],
    ["90071992547409.92", "GBP", /too large/],
    ["9".repeat(31), "GBP", /not a decimal number/],
  ])("refuses %j of %s", (text, currency, message) => {
    expect(() => parseAmount(text, currency)).toThrow(RangeError);
    expect(() => parseAmount(text, currency)).toThrow(message);
  });
});
