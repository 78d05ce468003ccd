/** ISO 4217 currencies, and amounts as people write them. */

/** Codes of ISO 4217 that have no minor unit, because they are metals, funds' units or for tests: nothing is priced in them. */
const WITHOUT_MINOR_UNIT = new Set("XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX".split(" "));

const known = new Set(Intl.supportedValuesOf("currency").filter((code) => !WITHOUT_MINOR_UNIT.has(code)));

/** Whether the code (three capitals) is a currency of ISO 4217 that a shop can price in. */
export function isCurrency(code: string): boolean {
  return known.has(code);
}

/**
 * Decimals of the minor unit where they are not 2, as ISO 4217 list one has them. Not from Intl: its figures are
 * CLDR's habits of display, by which a rupee of Pakistan or a forint has no minor unit.
 */
const DIGITS = new Map<string, number>([
  ..."BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
    .split(" ")
    .map((code): [string, number] => [code, 0]),
  ..."BHD IQD JOD KWD LYD OMR TND".split(" ").map((code): [string, number] => [code, 3]),
  ..."CLF UYW".split(" ").map((code): [string, number] => [code, 4]),
]);

/** How many decimals the currency's minor unit has: 2 for GBP and PKR, 0 for JPY, 3 for KWD. */
export function minorUnitDigits(currency: string): number {
  return DIGITS.get(currency) ?? 2;
}

/** Minor units as plain decimal text: 1234 of GBP is "12.34". */
export function formatAmount(amount: number, currency: string): string {
  const places = minorUnitDigits(currency);
  const text = String(Math.abs(amount)).padStart(places + 1, "0");
  const sign = amount < 0 ? "-" : "";
  return places === 0 ? sign + text : `${sign}${text.slice(0, -places)}.${text.slice(-places)}`;
}

// Bounded, for the text may be anyone's.
const DECIMAL = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?$/;

/**
 * Plain decimal text in major units ("2.1", "15.0", "-3") as exact minor units. RangeError when it is no such number,
 * is finer than the currency's minor unit (zeros at the end are not), or passes 2^53.
 */
export function parseAmount(text: string, currency: string): number {
  const [, sign = "", major = "", fraction = ""] = DECIMAL.exec(text.trim()) ?? [];
  if (major === "") throw new RangeError(`"${text}" is not a decimal number`);
  const places = minorUnitDigits(currency);
  const significant = fraction.replace(/0+$/, "");
  if (significant.length > places) {
    throw new RangeError(`"${text}" has more decimals than ${currency} has (${String(places)})`);
  }
  const magnitude = Number(major + significant.padEnd(places, "0"));
  if (!Number.isSafeInteger(magnitude)) throw new RangeError(`"${text}" is too large`);
  return sign === "-" && magnitude !== 0 ? -magnitude : magnitude;
}
