import { hasForbiddenCharacters } from "./text.ts";

/** Encoders for where text leaves us for something that takes part of it for commands. HTML has hono's `html`. */

/** What a spreadsheet takes for a formula, also in the wide forms that some fold (OWASP, CSV Injection). */
const FORMULA = /^[\s\uff1d\uff0b\uff0d\uff20=+\-@|%]/u;
const NEEDS_QUOTES = /[",\r\n]/;

/**
 * A field of CSV (RFC 4180). Text that a spreadsheet would run gets an apostrophe before it, which shows it as it is; a
 * number is ours and stays one, below zero too.
 */
export function csvField(value: string | number): string {
  if (typeof value === "number") return String(value);
  const shown = FORMULA.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(shown) || shown !== value ? `"${shown.replaceAll('"', '""')}"` : shown;
}

/**
 * A line of text for a printer: no escape sequence, no line of its own, nothing that turns the line around. What was
 * let in is clean; this holds for what an older version let in, and for what a hand has put into the database.
 */
export function printerText(text: string): string {
  return hasForbiddenCharacters(text) ? Array.from(text, printerCharacter).join("") : text;
}

function printerCharacter(character: string): string {
  return hasForbiddenCharacters(character) ? " " : character;
}
