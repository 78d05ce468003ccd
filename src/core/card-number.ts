import { hasValidCheckDigit } from "./barcode.ts";

/** Finding payment card numbers in what people type, so that none is ever kept (PCI DSS 4.0.1, 3.2 to 3.4). */

/**
 * How the numbers of schemes begin, and their lengths (ISO/IEC 7812). Not among them: UATP, 15 digits that begin with 1.
 * That is how most counters begin, and no shop's terminal takes that card.
 */
const SCHEMES = anyOf([
  /^4(?:\d{12}|\d{15}|\d{17,18})$/, // Visa
  /^(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}$/, // Mastercard
  /^3[47]\d{13}$/, // American Express
  /^3(?:0[0-5]|095|[689]\d)\d{11,16}$/, // Diners Club
  /^(?:35(?:2[89]|[3-8]\d)|220[0-5])\d{12,15}$/, // JCB, Mir, Borica
  /^(?:50|5[6-9]|6\d|8[12])\d{14,17}$/, // Maestro, Discover, UnionPay, RuPay, Elo, Verve
  /^(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{9,11}$/, // Maestro's short ones
  /^(?:9792|8600|9860|9704)\d{12}$|^9704\d{15}$/, // Troy, Uzcard, Humo, NAPAS
]);
const FIRST_DIGIT = /^[2-689]/;
const FEWEST_DIGITS = 13;
const MOST_DIGITS = 19;

/** MMYY or YYMM of the years 2020 to 2049, and the three or four digits of a security code. */
const EXPIRY = /^(?:(?:0[1-9]|1[0-2])[2-4]\d|[2-4]\d(?:0[1-9]|1[0-2]))(?:\d{3,4})?$/;
const MOST_DIGITS_WITH_EXPIRY = 16 + 4 + 4;

/**
 * Whether text holds what looks like a payment card's number: digits that begin as a scheme's, have its length and pass
 * Luhn, in any script's digits, whatever stands before or after them. They may be
 *
 * - in one piece, with an expiry date glued on or not;
 * - in groups of at least four (the last may be shorter) with up to four signs of any kind between them;
 * - in groups of any one size, or digit by digit, with the same sign between them all;
 * - in any groups with spaces, or with dashes.
 *
 * What has a form of its own is passed over: UUIDs, IBANs, telephone numbers with their +, or two of them with a stroke
 * between, dates with dashes, GTINs of 13 digits, sizes that go up (36 38 40). So are amounts and times, which have groups of two and several signs. Any
 * other number may be taken for a card's by chance: of random numbers of 16 digits 4.1 % are, of 15 0.6 %, of 14 0.4 %, of
 * 13 0.9 %, of 20 0.3 % (measured, a million of each); of 16 digits that begin with 0, 1 or 7 none.
 */
export function looksLikeCardNumber(text: string): boolean {
  const runs = withoutOtherForms(withPlainDigits(text)).match(RUNS) ?? [];
  return runs.some(hasCardNumber);
}

/**
 * Whether text is a card number and nothing else but what stands between its digits. For keys that machines make: one with
 * a letter in it, such as a UUID, is none, whatever its digits are.
 */
export function isCardNumber(text: string): boolean {
  const plain = withPlainDigits(text);
  return !/\p{L}/u.test(plain) && isOfScheme(plain.replaceAll(/\D/g, ""));
}

const OTHER_DIGIT = /(?!\d)\p{Nd}/gu;

function withPlainDigits(text: string): string {
  return text.normalize("NFKC").replaceAll(OTHER_DIGIT, (digit) => String(valueOf(digit)));
}

/** Unicode has each script's decimal digits in a row, from zero to nine. */
function valueOf(digit: string): number {
  const point = digit.codePointAt(0) ?? 0;
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(point - before - 1))) before += 1;
  return before % 10;
}

const UUID = /(?<![\p{L}\d])[\da-f]{8}(-?)[\da-f]{4}\1[\da-f]{4}\1[\da-f]{4}\1[\da-f]{12}(?![\p{L}\d])/giu;
const DATE = /(?<!\d)(?:(?:19|20)\d\d-(?:0\d|1[0-2])-[0-3]\d|[0-3]?\d-[01]?\d-(?:19|20)\d\d)(?!\d)/g;
/** Of E.164's lengths the one at which it may begin as a card's number does. */
const TELEPHONE = /(?<![\p{L}\d])\+\d{13}(?!\d)/gu;
const IBAN = /(?<![\p{L}\d])[A-Z]{2}\d\d(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?(?![\p{L}\d])/gu;

/** A letter in place of each, so that what stands about it does not become one. */
function withoutOtherForms(text: string): string {
  return text
    .replaceAll(UUID, "x")
    .replaceAll(IBAN, (iban) => (isIban(iban) ? "x" : iban))
    .replaceAll(TELEPHONE, "x")
    .replaceAll(DATE, "x");
}

/** ISO 13616: the check digits, by ISO/IEC 7064 mod 97-10. */
function isIban(text: string): boolean {
  const compact = text.replaceAll(" ", "");
  let rest = 0;
  for (const char of compact.slice(4) + compact.slice(0, 4)) {
    const value = parseInt(char, 36);
    rest = (rest * (value < 10 ? 10 : 100) + value) % 97;
  }
  return rest === 1;
}

/** One expression is looked for much faster than each of several. */
function anyOf(expressions: readonly RegExp[]): RegExp {
  return new RegExp(expressions.map(({ source }) => source).join("|"));
}

/** Digits with no more than four signs, and no letter, between them. */
const RUNS = /\d+(?:[^\p{L}\p{N}]{1,4}\d+)*/gu;

function hasCardNumber(run: string): boolean {
  const groups = run.match(/\d+/g) ?? [];
  const signs = (run.match(/\D+/g) ?? []).map(plainSign);
  return groups.some((group, start) => {
    if (!FIRST_DIGIT.test(group)) return false;
    const end = start + MOST_DIGITS_WITH_EXPIRY;
    return beginsWithCardNumber(groups.slice(start, end), signs.slice(start, end));
  });
}

/** What is seen of it: spaces and marks are not, and one dash is as good as another. */
function plainSign(between: string): string {
  return between.replaceAll(/[\s\p{Cf}\p{M}]/gu, "").replaceAll(/\p{Pd}/gu, "-");
}

function beginsWithCardNumber(groups: readonly string[], signs: readonly string[]): boolean {
  let digits = "";
  for (const [end, group] of groups.entries()) {
    digits += group;
    if (digits.length > MOST_DIGITS_WITH_EXPIRY) return false;
    if (!isOfScheme(digits, end === 0) && !hasExpiry(digits)) continue;
    if (isWrittenAsOne(groups.slice(0, end + 1), signs.slice(0, end))) return true;
  }
  return false;
}

/** Whether groups are such as one number is written in, and no list of numbers. */
function isWrittenAsOne(groups: readonly string[], signs: readonly string[]): boolean {
  const [first = "", ...others] = groups;
  const last = others.at(-1) ?? "";
  const whole = [first, ...others.slice(0, -1)];
  if (isPairOfTelephones(groups, signs)) return false;
  if (whole.every(({ length }) => length >= 4)) return true;
  if (new Set(signs).size > 1 || goUp(groups)) return false;
  const sized = last.length <= first.length && whole.every(({ length }) => length === first.length);
  return sized || signs[0] === "" || signs[0] === "-";
}

/** Two numbers of seven to ten digits, set apart by a sign that does not stand within them: 6632 0795 / 6817 1885. */
function isPairOfTelephones(groups: readonly string[], signs: readonly string[]): boolean {
  const sizes = groups.map(({ length }) => length);
  return signs.some((sign, place) => {
    if (!["/", ",", ";"].includes(sign) || signs.some((other, i) => i !== place && other === sign)) return false;
    const halves = [sizes.slice(0, place + 1), sizes.slice(place + 1)];
    const within = new Set(signs.filter((_, i) => i !== place));
    return within.size <= 1 && halves.every((half) => isTelephone(half.reduce((sum, size) => sum + size, 0)));
  });
}

function isTelephone(digits: number): boolean {
  return digits >= 7 && digits <= 10;
}

/** Sizes and years: cards have no such order. */
function goUp(groups: readonly string[]): boolean {
  return groups.every((group, i) => group.length < 4 && (i === 0 || Number(group) > Number(groups[i - 1])));
}

function hasExpiry(digits: string): boolean {
  return (
    digits.length >= 15 + 4 &&
    [15, 16].some((length) => EXPIRY.test(digits.slice(length)) && isOfScheme(digits.slice(0, length)))
  );
}

/** The long withdrawn Visa of 13 digits only in one piece: telephone numbers and GTINs are as long and begin alike. */
function isOfScheme(digits: string, inOnePiece = true): boolean {
  if (digits.length < FEWEST_DIGITS || digits.length > MOST_DIGITS) return false;
  if (!SCHEMES.test(digits) || !passesLuhn(digits)) return false;
  return digits.length !== FEWEST_DIGITS || (inOnePiece && !hasValidCheckDigit(digits));
}

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 0x30;
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}
