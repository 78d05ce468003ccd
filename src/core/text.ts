/** What text may hold. */

export function normalizeText(text: string): string {
  return text.normalize("NFC").trim();
}

// C0 and C1 controls; the bidirectional overrides and isolates (Trojan Source, CVE-2021-42574).
const FORBIDDEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** Whether text has control characters, bidirectional overrides, lone surrogates or (in one-line text) line feeds. */
export function hasForbiddenCharacters(text: string, options: { multiline: boolean } = { multiline: false }): boolean {
  return FORBIDDEN.test(text) || !text.isWellFormed() || (!options.multiline && text.includes("\n"));
}

const CARD_SHAPE = /(?<!\d)[2-6](?:[ -]?\d){12,18}(?!\d)/g;

/** Whether text holds what looks like a card number: 13 to 19 digits of a card scheme whose Luhn digit is right. */
export function looksLikeCardNumber(text: string): boolean {
  return (text.match(CARD_SHAPE) ?? []).some((found) => passesLuhn(found.replace(/\D/g, "")));
}

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}
