/** The search box: what is typed is cut into the same words as what is stored, so that the two can meet. */

const WORD = /[\p{L}\p{N}]+/gu;
const MARKS = /\p{M}+/gu;
const MAX_WORD_LENGTH = 64;
/** No name of 200 characters and SKU of 64 has more words than this. */
const MAX_WORDS = 132;

/** The distinct words of a text, lower case and without diacritics (Unicode NFKD), in order of appearance. */
export function searchWords(text: string): string[] {
  // Once more after lowering: it can bring forth marks of its own, as in the Turkish dotted capital I.
  const plain = text.normalize("NFKD").toLowerCase().normalize("NFKD").replace(MARKS, "");
  const words = (plain.match(WORD) ?? []).map((word) => word.slice(0, MAX_WORD_LENGTH));
  return [...new Set(words)].slice(0, MAX_WORDS);
}
