import { randomBytes } from "node:crypto";

/** Thirty-two letters and digits, none of which is taken for another when it is read out (Crockford's base 32). */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const GROUPS = 4;
const GROUP_LENGTH = 5;

/** A password that is told once and typed once: 20 characters of five random bits each, as `7k2mq-0xv9d-...`. */
export function newTemporaryPassword(): string {
  const characters = Array.from(randomBytes(GROUPS * GROUP_LENGTH), (byte) => ALPHABET.charAt(byte % ALPHABET.length));
  return Array.from({ length: GROUPS }, (_, group) =>
    characters.slice(group * GROUP_LENGTH, (group + 1) * GROUP_LENGTH).join(""),
  ).join("-");
}
