import { FRONT_CODED } from "./common-password-list.ts";
import { undoSwaps } from "./letter-swaps.ts";

let words: ReadonlySet<string> | undefined;

/** Whether a text in lower case is a common password, or one with digits for letters. */
export function isCommonPassword(text: string): boolean {
  // When it is first needed, so that start-up pays for none of it.
  words ??= new Set(listCommonPasswords().map(undoSwaps));
  return words.has(undoSwaps(text));
}

/** The list, sorted. */
export function listCommonPasswords(): string[] {
  let word = "";
  return Array.from(FRONT_CODED.replaceAll("\n", "").matchAll(/([A-Z])([^A-Z]*)/g), ([, shared = "A", rest = ""]) => {
    word = word.slice(0, shared.charCodeAt(0) - "A".charCodeAt(0)) + rest;
    return word;
  });
}
