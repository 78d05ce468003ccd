import stringWidth from "string-width";

/** Fixed-width text: lines of so many columns, where a wide character takes two. */

/**
 * How a line of a cell is written out: `cell` is all of the text that the line is of. It must take the columns that
 * the line takes.
 */
export type WriteLine = (line: string, cell: string) => string;

const asItIs: WriteLine = (line) => line;
const graphemes = new Intl.Segmenter();

/** How many columns text takes (Unicode Standard Annex 11; a character that is put together of several counts once). */
export function widthOf(text: string): number {
  return stringWidth(text, { countAnsiEscapeCodes: true });
}

/**
 * Breaks text into lines of at most so many columns (at least 2) between words; a word longer than a line is broken
 * inside.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (widthOf(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line.trimEnd());
    line = word;
    while (widthOf(line) > width) {
      const part = cut(line, width);
      lines.push(part);
      line = line.slice(part.length);
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** The beginning of text that fits: whole characters, as people count them, or part of one that is wider than a line. */
function cut(text: string, width: number): string {
  const whole = Array.from(graphemes.segment(text), ({ segment }) => segment);
  return fill(whole, width) || fill(Array.from(whole[0] ?? ""), width);
}

function fill(parts: readonly string[], width: number): string {
  let taken = "";
  for (const part of parts) {
    if (widthOf(taken + part) > width) break;
    taken += part;
  }
  return taken;
}

export interface PairOptions {
  width: number;
  /** Blanks before each line of the left cell. */
  indent?: number;
  write?: WriteLine;
}

/**
 * A cell at the left and one at the right of a line, with at least a blank between. Nothing is cut: what does not fit is
 * carried over. The right cell, the amount, stands on the last line of the left one, or below it.
 */
export function pair(left: string, right: string, { width, indent = 0, write = asItIs }: PairOptions): string[] {
  const lefts = wrap(left, width - indent).map((line) => ({
    written: " ".repeat(indent) + write(line, left),
    taken: indent + widthOf(line),
  }));
  const rights = wrap(right, width).map((line) => ({ written: write(line, right), taken: widthOf(line) }));
  const [last, first] = [lefts.at(-1), rights[0]];
  const shared = last !== undefined && first !== undefined && last.taken + 1 + first.taken <= width;
  const lines = (shared ? lefts.slice(0, -1) : lefts).map(({ written }) => written);
  for (const [index, { written, taken }] of rights.entries()) {
    const before = shared && index === 0 ? last : { written: "", taken: 0 };
    lines.push(before.written + " ".repeat(width - before.taken - taken) + written);
  }
  return lines;
}

/** A cell in the middle, on as many lines as it needs. */
export function centre(text: string, { width, write = asItIs }: Omit<PairOptions, "indent">): string[] {
  return wrap(text, width).map((line) => " ".repeat(Math.floor((width - widthOf(line)) / 2)) + write(line, text));
}
