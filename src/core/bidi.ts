import bidiFactory, { type Bidi } from "bidi-js";

/**
 * Text that runs from right to left, within lines that run from left to right (Unicode Standard Annex 9). A cell of a
 * line is one piece of such text: what stands in it must not move what stands beside it.
 */

export type Direction = "ltr" | "rtl";

/** Hebrew, Arabic and the other scripts of that direction, with Arabic's digits and the mark U+200F. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const LETTER = /[\p{L}\u200e\u200f]/u;

/** The mark before is for what takes the direction of a whole line from the first letter that it finds in an isolate. */
const ISOLATES: Record<Direction, string> = { ltr: "\u200e\u2066", rtl: "\u200e\u2067" };
const END_OF_ISOLATE = "\u2069";

/** The direction of the first letter; left to right where there is none. */
export function directionOf(text: string): Direction {
  return RIGHT_TO_LEFT.exec(LETTER.exec(text)?.[0] ?? "") === null ? "ltr" : "rtl";
}

/**
 * A line of a cell for what orders text by itself (a browser, most terminals): in the order that it is read in, shut
 * off from what stands beside it. The marks that do it take no column. `cell` is all of the text that the line is of.
 */
export function isolate(line: string, cell: string): string {
  return RIGHT_TO_LEFT.test(cell) ? ISOLATES[directionOf(cell)] + line + END_OF_ISOLATE : line;
}

let bidi: Bidi | undefined;

/**
 * A line of a cell for what prints one character after the other and knows no direction: in the order of the columns,
 * brackets turned. `line` has no character above U+FFFF: halves of one would change places.
 */
export function toVisualOrder(line: string, cell: string): string {
  if (!RIGHT_TO_LEFT.test(cell)) return line;
  // Made when first needed: it unpacks its tables then.
  bidi ??= bidiFactory();
  return bidi.getReorderedString(line, bidi.getEmbeddingLevels(line, directionOf(cell)));
}
