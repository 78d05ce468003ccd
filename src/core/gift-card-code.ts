/** Codes of gift cards, however they were typed. */

const FORM = /^[A-Z0-9]{8,32}$/;

/** One spelling: upper case, without the spaces and dashes that a card is printed with. */
export function normalizeGiftCardCode(text: string): string {
  return text.replaceAll(/[\s\p{Pd}]/gu, "").toUpperCase();
}

/** Whether a normalized text has the form of a code. */
export function isGiftCardCode(text: string): boolean {
  return FORM.test(text);
}
