/** What text may hold. */

export function normalizeText(text: string): string {
  return text.normalize("NFC").trim();
}

// C0 and C1 controls (Cc), halves of surrogate pairs (Cs), noncharacters and what else no text is made of (Cn is not
// taken: a newer Unicode may have given it a meaning); line and paragraph separators, which end a line only for some;
// bidirectional overrides and isolates (Trojan Source, CVE-2021-42574); what is not seen at all, tags among it, so that
// two names that look the same are the same. The joiners U+200C and U+200D stay: Persian, Indic scripts and emoji need
// them, and so do the marks U+200E and U+200F.
const FORBIDDEN =
  /(?!\n)[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u00ad\u180e\u200b\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;

/** Whether text has characters that are not seen or turn what is seen around, or (in one-line text) line feeds. */
export function hasForbiddenCharacters(text: string, options: { multiline: boolean } = { multiline: false }): boolean {
  return FORBIDDEN.test(text) || (!options.multiline && text.includes("\n"));
}

// Groups of digits with little between them; \p{Pd}: pasted text has long dashes.
const DIGIT_GROUPS = /\d+(?:[\s\p{Pd}.]{1,3}\d+)*/gu;

// How the numbers of schemes begin, and their lengths (ISO/IEC 7812). So narrow that a GTIN or an order number in a
// note is rarely taken for a card.
const SCHEMES = [
  /^4\d{12}(?:\d{3}|\d{5,6})?$/, // Visa
  /^(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}$/, // Mastercard
  /^3[47]\d{13}$/, // American Express
  /^3(?:0|6|8|9)\d{12,17}$/, // Diners Club
  /^(?:35\d{2}|220[0-4])\d{12,15}$/, // JCB, Mir
  /^(?:50|5[6-9]|6\d)\d{14,17}$/, // Maestro, Discover, UnionPay, RuPay
];

/**
 * Whether text holds what looks like a payment card's number: 13 to 19 digits, in one or several groups, that begin as
 * a scheme's and pass Luhn (PCI DSS 4.0.1, 3.2 to 3.4). An expiry date before it or a code after it does not hide it.
 */
export function looksLikeCardNumber(text: string): boolean {
  const runs = text.normalize("NFKC").match(DIGIT_GROUPS) ?? [];
  return runs.some((run) => hasCardAmong(run.match(/\d+/g) ?? []));
}

function hasCardAmong(groups: readonly string[]): boolean {
  for (let start = 0; start < groups.length; start += 1) {
    let digits = "";
    for (let end = start; end < groups.length && digits.length < 19; end += 1) {
      digits += groups[end];
      if (isCardNumber(digits)) return true;
    }
  }
  return false;
}

function isCardNumber(digits: string): boolean {
  return SCHEMES.some((scheme) => scheme.test(digits)) && passesLuhn(digits);
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
