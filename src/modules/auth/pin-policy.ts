import { isCommonPassword } from "./common-passwords.ts";

/** What a new PIN must be: 6 to 8 digits that are not the first a colleague would try (NIST SP 800-63B-4, 3.1.1.2). */

const FORM = /^[0-9]{6,8}$/;
const DIGITS_UP = "01234567890123456789";
const DIGITS_DOWN = "98765432109876543210";
/** A pattern of one, two, three or four digits, again and again. */
const REPEATED = /^(\d{1,4})\1+\d{0,3}$/;
/** What is wrong with a new PIN; null for a good one. */
export function findPinFault(pin: string): string | null {
  if (!FORM.test(pin)) return "needs 6 to 8 digits";
  if (DIGITS_UP.includes(pin) || DIGITS_DOWN.includes(pin)) return "counts up or down; take other digits";
  if (isRepeated(pin)) return "repeats a pattern; take other digits";
  return isCommonPassword(pin) ? "is one that many people take; take other digits" : null;
}

function isRepeated(pin: string): boolean {
  const [, unit = ""] = REPEATED.exec(pin) ?? [];
  return unit !== "" && unit.repeat(pin.length).startsWith(pin);
}
