/** Fixed-width text: lines of so many columns, where a wide character takes two. */

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
// What stands on, or joins, the character before it.
const NONE = /[\p{Mark}\p{Format}]/u;

/** How many columns text takes (Unicode Standard Annex 11, its wide and full-width ranges). */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += NONE.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** Cuts text to at most so many columns. */
function cut(text: string, width: number): string {
  let taken = "";
  for (const character of text) {
    if (widthOf(taken + character) > width) break;
    taken += character;
  }
  return taken;
}

/** Text at the left and at the right of one line; the left gives way, because the right is the amount. */
export function columns(left: string, right: string, width: number): string {
  const room = Math.max(0, width - widthOf(right) - (right === "" ? 0 : 1));
  const shown = cut(left, room);
  return `${shown}${" ".repeat(Math.max(0, width - widthOf(shown) - widthOf(right)))}${right}`.trimEnd();
}

export function centre(text: string, width: number): string {
  const shown = cut(text, width);
  return `${" ".repeat(Math.floor((width - widthOf(shown)) / 2))}${shown}`;
}

/** Breaks text into lines between words; a word longer than a line is broken inside. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (widthOf(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
    while (widthOf(line) > width) {
      const part = cut(line, width);
      lines.push(part);
      line = line.slice(part.length);
    }
  }
  return line === "" ? lines : [...lines, line];
}
