/** What people write for a letter. `1` is i as well as l, so those two are taken for one letter. */
const SWAPS: Record<string, string> = {
  "0": "o",
  "1": "i",
  l: "i",
  "!": "i",
  "3": "e",
  "4": "a",
  "@": "a",
  "5": "s",
  $: "s",
  "7": "t",
};

/** A text in lower case with letters for what stands for them; of the same length. Compare only with others like it. */
export function undoSwaps(text: string): string {
  return text.replaceAll(/[01l!34@5$7]/g, (character) => SWAPS[character] ?? character);
}
