/** ISO 4217 currencies, and amounts as people write them. */

const known = new Set(Intl.supportedValuesOf("currency"));

export function isCurrency(code: string): boolean {
  return known.has(code);
}

const digits = new Map<string, number>();

/** How many decimals the currency's minor unit has: 2 for GBP, 0 for JPY, 3 for KWD. */
export function minorUnitDigits(currency: string): number {
  const cached = digits.get(currency);
  if (cached !== undefined) return cached;
  const { maximumFractionDigits } = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
  const found = maximumFractionDigits ?? 2;
  digits.set(currency, found);
  return found;
}

/** Minor units as plain decimal text: 1234 of GBP is "12.34". */
export function formatAmount(amount: number, currency: string): string {
  const places = minorUnitDigits(currency);
  const text = String(Math.abs(amount)).padStart(places + 1, "0");
  const sign = amount < 0 ? "-" : "";
  return places === 0 ? sign + text : `${sign}${text.slice(0, -places)}.${text.slice(-places)}`;
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d*))?$/;

/** Plain decimal text in major units as exact minor units; RangeError when it is no number or has too many decimals. */
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
