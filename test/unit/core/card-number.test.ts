import { describe, expect, test } from "vitest";
import { isCardNumber, looksLikeCardNumber } from "../../../src/core/card-number.ts";

const VISA = "4111111111111111";
const GROUPS = ["4111", "1111", "1111", "1111"];

/** The digits of a script, by its zero. */
const inScript = (zero: number) => Array.from(VISA, (digit) => String.fromCodePoint(zero + Number(digit))).join("");

describe("a card number", () => {
  // The numbers that schemes and payment providers publish to test with.
  test.each([
    ["Visa", VISA],
    ["Visa", "4012888888881881"],
    ["Visa, 13 digits", "4222222222222"],
    ["Visa Dankort", "4571736000000075"],
    ["Mastercard", "5555555555554444"],
    ["Mastercard", "5105105105105100"],
    ["Mastercard, 2 series", "2223003122003222"],
    ["American Express", "378282246310005"],
    ["American Express", "371449635398431"],
    ["Discover", "6011111111111117"],
    ["Discover", "6445644564456445"],
    ["Diners Club", "30569309025904"],
    ["Diners Club", "38520000023237"],
    ["Diners Club", "36227206271667"],
    ["Diners Club, 16 digits", "3056930009020004"],
    ["JCB", "3530111333300000"],
    ["JCB", "3566002020360505"],
    ["UnionPay", "6200000000000005"],
    ["UnionPay, 19 digits", "6205500000000000004"],
    ["UnionPay, 81", "8171999927660000"],
    ["Maestro", "6759649826438453"],
    ["Maestro", "6304000000000000"],
    ["Bancontact", "6703444444444449"],
    ["Dankort", "5019717010103742"],
    ["Mir", "2200000000000053"],
    ["Elo", "5066991111111118"],
    ["Hipercard", "6062828888666688"],
    ["Verve, 19 digits", "5060666666666666666"],
    ["Troy", "9792030394440796"],
    ["NAPAS", "9704000000000018"],
    ["NAPAS, 19 digits", "9704198526191432198"],
    ["Uzcard", "8600495473316478"],
  ])("of %s is found: %s", (_scheme, number) => {
    expect(looksLikeCardNumber(number)).toBe(true);
    expect(looksLikeCardNumber(`paid with ${number}, thanks`)).toBe(true);
    expect(isCardNumber(number)).toBe(true);
  });

  const separators =
    " |-|.|/|_|+|,|:|;|*|·|•|~|=|#|\\|'|\u00a0|\u2009|\u2013|\u2014|\u200c|\u200d|\u200e|\u200f|\ufe0f|\n";
  test.each([...separators.split("|"), "|", " - ", " / ", ", ", " ** ", "----", ") (", " \u200f"])(
    "with %j between its groups is found",
    (between) => {
      expect(looksLikeCardNumber(GROUPS.join(between))).toBe(true);
      expect(looksLikeCardNumber(`card: ${GROUPS.join(between)} ok`)).toBe(true);
      expect(looksLikeCardNumber(["3782", "822463", "10005"].join(between))).toBe(true);
      expect(looksLikeCardNumber(VISA.split("").join(between))).toBe(true);
      expect(isCardNumber(GROUPS.join(between))).toBe(true);
    },
  );

  test.each([
    ["several signs", "4111 1111-1111/1111"],
    ["pairs", "41 11 11 11 11 11 11 11"],
    ["pairs with strokes", "41/11/11/11/11/11/11/11"],
    ["eight and eight", "41111111 11111111"],
    ["broken by a line", "4111 1111 11\n11 1111"],
    ["any groups", "411-11111-1111-1111"],
    ["in a sentence", "paid by card 4111111111111111, thanks"],
    ["against letters", "ref4111111111111111x"],
    ["against an underscore", "ref_4111111111111111_2"],
    ["a country's letters before it", "DE89 4111 1111 1111 1111"],
    ["a plus before it", "+4111 1111 1111 1111"],
    ["an expiry date before it", "12/28 4111 1111 1111 1111"],
    ["a quantity before it", "2 4111 1111 1111 1111"],
    ["a date before it", "2026-11-23 4111 1111 1111 1111"],
    ["a security code after it", "4111 1111 1111 1111 123"],
    ["a security code after it, with a stroke", "4111111111111111/123"],
    ["expiry date and code after it", "4111111111111111 12/28 123"],
    ["an expiry date glued on, MMYY", "41111111111111111228"],
    ["an expiry date glued on, YYMM", "41111111111111112812"],
    ["expiry date and code glued on", "41111111111111111228123"],
    ["American Express, expiry date and code glued on", "37828224631000512281234"],
    ["groups, an expiry date glued on", "4111 1111 1111 11111228"],
    ["an expiry date glued on, with its stroke", "411111111111111112/28"],
    ["as on a magnetic stripe", "%B4111111111111111^DOE/JOHN^28121010000000000?"],
    ["as on the second track", ";4111111111111111=28121010000012300000?"],
    ["on a line of its own", "card:\n4111111111111111\nok"],
    ["the second of two numbers", "4111111111111112 4111111111111111"],
    ["in keycaps", VISA.split("").join("\ufe0f\u20e3") + "\ufe0f\u20e3"],
    ["circled", Array.from("5555555555554444", (digit) => String.fromCodePoint(0x245f + Number(digit))).join("")],
  ])("is found: %s", (_what, text) => {
    expect(looksLikeCardNumber(text)).toBe(true);
  });

  test.each([
    ["full-width", 0xff10],
    ["Arabic-Indic", 0x0660],
    ["Persian", 0x06f0],
    ["Devanagari", 0x0966],
    ["Bengali", 0x09e6],
    ["Thai", 0x0e50],
    ["Khmer", 0x17e0],
    ["Adlam", 0x1e950],
    ["mathematical bold", 0x1d7ce],
    ["mathematical monospace", 0x1d7f6],
  ])("in %s digits is found", (_script, zero) => {
    expect(looksLikeCardNumber(inScript(zero))).toBe(true);
    expect(looksLikeCardNumber(`card ${inScript(zero)} ok`)).toBe(true);
  });

  test("is read in every script: each has its digits in tens", () => {
    const digits = Array.from({ length: 0x110000 }, (_, point) => point).filter(
      (point) => (point < 0xd800 || point > 0xdfff) && /\p{Nd}/u.test(String.fromCodePoint(point)),
    );
    expect(digits.length % 10).toBe(0);
    for (const zero of digits.filter((_, index) => index % 10 === 0)) {
      expect([zero.toString(16), looksLikeCardNumber(inScript(zero))]).toEqual([zero.toString(16), true]);
    }
  });
});

describe("no card number", () => {
  test.each([
    ["Luhn is wrong", "4111111111111112"],
    ["twelve digits, right by Luhn", "411111111117"],
    ["twenty digits, right by Luhn", "41111111111111111115"],
    ["a card number with a month 13 glued on", "41111111111111111328"],
    ["no scheme begins with 1", "1111111111111117"],
    ["no scheme begins with 99", "9999999999999995"],
    ["zeros", "0000000000000000"],
    ["American Express is never 16 digits", "3782822463100052"],
    ["letters between", "4111x1111x1111x1111"],
    ["more than four signs between", "4111 --- 1111 --- 1111 --- 1111"],
    ["last four digits", "ends in 1111"],
    ["a GTIN-13 that passes Luhn", "5000000002597"],
    ["a GTIN-13 that passes Luhn and begins as Visa", "4000000000242"],
    ["a GTIN-14 of a case", "14006381333938"],
    ["a telephone", "+44 20 7946 0958"],
    ["a telephone of 13 digits", "+4915112345671"],
    ["a telephone of 13 digits in groups", "+49 151 12345671"],
    ["a telephone of 13 digits without its plus", "49 151 12345671"],
    ["two telephones", "415-555-0123 / 415-555-0129, (415) 555-0123 (650) 555-0199"],
    ["a time", "2026-11-23T02:00:00.000Z"],
    ["a time as SQL writes it", "2026-11-23 02:00:00.000"],
    ["days", "23-12-2025 - 27-12-2025, 30.12.2025 - 05.01.2026, 24/12/2025 - 26/12/2025"],
    ["a UUID", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"],
    ["a UUID with a card number in it", "00000000-0000-4000-8411-111111111111"],
    ["a UUID without dashes", "fa4111111111111111abcdefabcdefab"],
    ["an invoice number", "MAIN-01-000001"],
    ["invoice numbers", "MAIN-01-000001, MAIN-01-000002, 000003, 000004, 000005"],
    ["an IBAN", "DE45 4111 1111 1111 1111 11".replace("45", ibanCheck("DE", "411111111111111111"))],
    ["an IBAN in one piece", `DE${ibanCheck("DE", "411111111111111111")}411111111111111111 thanks`],
    ["an IBAN with letters", "GB29 NWBK 6016 1331 9268 19"],
    ["a tracking number of UPS", "1Z999AA10123456784"],
    ["a tracking number of USPS", "9400111899223856928499"],
    ["two telephone numbers", "call 41111111 / 11111111"],
    ["two telephone numbers in groups", "call 4111 1111, 1111 1111 first"],
    ["amounts", "12.50, 13.50, 14.50"],
    ["amounts that together would be one", "41.11, 11.11, 11.11, 11.11"],
    ["prices", "4.11, 11.11, 11.11, 11.11, 11.11"],
    ["sizes", "36 38 40 42 44 46 48 50 52 54"],
    ["sizes with strokes", "36/37/38/39/40/41/42/43/44/45"],
    ["years", "2022 2023 2024 2025"],
    ["hours", "9-17, 10-18, 12-16, 9:00-17:30"],
    ["nothing", ""],
  ])("is in: %s", (_what, text) => {
    expect(looksLikeCardNumber(text)).toBe(false);
  });

  test.each([
    "4111111111111112",
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
    "a4111111111111111",
    "sale 4111 1111 1111 1111",
    "",
  ])("is %j as a whole", (text) => {
    expect(isCardNumber(text)).toBe(false);
  });
});

/** ISO 13616, 7: 98 less the remainder by 97. */
function ibanCheck(country: string, account: string): string {
  const written = Array.from(`${account}${country}00`, (char) => String(parseInt(char, 36))).join("");
  return String(98n - (BigInt(written) % 97n)).padStart(2, "0");
}
