import { createHmac, randomInt } from "node:crypto";

/** Codes that a person reads from a screen and types into a till: 50 bits, in Crockford's base 32. */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 10;
const GROUP = 5;
/** How letters are misread. */
const MISREAD: Record<string, string> = { O: "0", I: "1", L: "1" };

/** `XXXXX-XXXXX` */
export function newPairingCode(): string {
  const characters = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)] ?? "");
  return `${characters.slice(0, GROUP).join("")}-${characters.slice(GROUP).join("")}`;
}

/** What a code is known by, hexadecimal: a keyed hash, because it is short enough to be tried out. */
export function hashPairingCode(code: string, pepper: string): string {
  const typed = code.toUpperCase().replaceAll(/[\s-]/g, "");
  const read = typed.replaceAll(/[OIL]/g, (letter) => MISREAD[letter] ?? letter);
  return createHmac("sha256", pepper).update(`pairing code ${read}`).digest("hex");
}
