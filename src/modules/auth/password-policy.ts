import { isCommonPassword } from "./common-passwords.ts";

/** What a new password must be, by NIST SP 800-63B-4, 3.1.1.2: long, not guessed first, and no rule of composition. */

const MIN_LENGTH = 12;
const MAX_LENGTH = 128;
const MIN_DISTINCT = 5;
/** A shorter word stands in too many good passwords to be refused there. */
const MIN_WORD_LENGTH = 4;
const RUN_SHARE = 0.75;

const PRODUCT = "regal";
/** Of a keyboard, its columns too; its signs where an American one has them. */
const ROWS = [
  "1234567890",
  "!@#$%^&*()_+",
  "qwertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "abcdefghijklmnopqrstuvwxyz",
  "1qaz",
  "2wsx",
  "3edc",
  "4rfv",
  "5tgb",
  "6yhn",
  "7ujm",
];

interface Person {
  username: string;
  full_name: string;
  email: string;
  stores: readonly { code: string; name: string }[];
}

/** What a password of this person must not contain: the names that a guesser would begin with. */
export function wordsAbout({ username, full_name, email, stores }: Person): string[] {
  const [local = ""] = email.split("@", 1);
  const parts = [full_name, ...stores.map(({ name }) => name)].flatMap((text) => text.split(/[^\p{L}\p{N}]+/u));
  return [username, local, ...stores.map(({ code }) => code), ...parts];
}

/** What is wrong with a new password, as what to do about it; null for a good one. `about`: see `wordsAbout`. */
export function findPasswordFault(password: string, about: readonly string[]): string | null {
  const characters = Array.from(password.normalize("NFC"));
  if (characters.length < MIN_LENGTH) return `needs at least ${String(MIN_LENGTH)} characters; a few words do well`;
  if (characters.length > MAX_LENGTH) return `can have at most ${String(MAX_LENGTH)} characters`;
  const text = fold(password);
  const name = [PRODUCT, ...about].map(fold).find((word) => isLong(word) && text.includes(word));
  if (name !== undefined) return "contains a name of yours, of your store or of this system; leave it out";
  if (new Set(text).size < MIN_DISTINCT) return "repeats too few characters; use a few words";
  if (isRun(text)) return "follows the keyboard, the alphabet or the digits; use a few words";
  if (isCommon(text)) return "is one that many people use, or such a one dressed up; use a few words of your own";
  return null;
}

function isLong(word: string): boolean {
  return Array.from(word).length >= MIN_WORD_LENGTH;
}

function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/** Whether most characters are the same as the one before, or its neighbour on one row, in either direction. */
function isRun(text: string): boolean {
  const pairs = Array.from(text).flatMap((one, index, all) => (index === 0 ? [] : [`${all[index - 1] ?? ""}${one}`]));
  const near = pairs.filter(([a = "", b = ""]) => a === b || ROWS.some((row) => areNeighbours(row, a, b)));
  return near.length >= pairs.length * RUN_SHARE;
}

function areNeighbours(row: string, a: string, b: string): boolean {
  const [from, to] = [row.indexOf(a), row.indexOf(b)];
  // The ends of a row meet: 9 and 0 are followed by 1.
  return from >= 0 && to >= 0 && [1, row.length - 1].includes(Math.abs(from - to));
}

/** Whether it is a common password dressed up, with or without what parts words, once or over again, or two in a row. */
function isCommon(text: string): boolean {
  const forms = [text, text.replaceAll(/[\s\-_.,]+/g, "")];
  const bases = new Set(forms.flatMap((form) => [form, unitOf(form), unitOf(withoutTail(withoutHead(form)))]));
  return isTwoCommon(text) || [...bases].some(isDressedUp);
}

/**
 * Whether it is a common password with only digits and signs before and behind, some of which may be its own (abc123) or
 * stand for letters. Where there are no letters at all, the common one must be half of it: every number has a common one
 * somewhere.
 */
function isDressedUp(text: string): boolean {
  const firstLetter = text.length - withoutHead(text).length;
  const afterLetters = withoutTail(text).length;
  const least = afterLetters === 0 ? Math.ceil(text.length / 2) : 1;
  for (let start = 0; start <= firstLetter; start += 1) {
    for (let end = Math.max(afterLetters, start + least); end <= text.length; end += 1) {
      if (isCommonPassword(text.slice(start, end))) return true;
    }
  }
  return false;
}

function withoutHead(text: string): string {
  return text.replace(/^[^\p{L}]+/u, "");
}

function withoutTail(text: string): string {
  return text.replace(/[^\p{L}]+$/u, "");
}

/** The shortest text that makes the whole when it is repeated; the last time it may be cut off. */
function unitOf(text: string): string {
  for (let length = 1; length < text.length; length += 1) {
    const unit = text.slice(0, length);
    if (unit.repeat(Math.ceil(text.length / length)).startsWith(text)) return unit;
  }
  return text;
}

function isTwoCommon(text: string): boolean {
  for (let cut = MIN_WORD_LENGTH; cut <= text.length - MIN_WORD_LENGTH; cut += 1) {
    if (isCommonPassword(text.slice(0, cut)) && isCommonPassword(text.slice(cut))) return true;
  }
  return false;
}
