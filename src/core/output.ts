import { hasForbiddenCharacters } from "./text.ts";

/** What text becomes where it leaves us for something that takes part of it for commands. HTML has hono's `html`. */

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
