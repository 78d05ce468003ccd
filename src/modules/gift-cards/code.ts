import { randomInt } from "node:crypto";
import { looksLikeCardNumber } from "../../core/card-number.ts";

/** Crockford's base 32: no letter that is read as another or as a digit. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 16;

/** A new code of 80 random bits; never one that a payment would be refused for because it looks like a card number. */
export function newGiftCardCode(draw: (below: number) => number = randomInt): string {
  for (;;) {
    const code = Array.from({ length: LENGTH }, () => ALPHABET.charAt(draw(ALPHABET.length))).join("");
    if (!looksLikeCardNumber(code)) return code;
  }
}
