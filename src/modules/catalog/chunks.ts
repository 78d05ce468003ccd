/** D1 takes at most 2 MB in one parameter; a UTF-16 unit is at most three bytes of UTF-8, so this stays below it. */
const MAX_CHUNK_LENGTH = 600_000;

/** Cuts items into runs whose JSON fits into one parameter each, in their order. None for no items. */
export function chunkBySize<T>(items: readonly T[], maxLength: number = MAX_CHUNK_LENGTH): T[][] {
  const chunks: T[][] = [];
  let room = 0;
  for (const item of items) {
    const length = JSON.stringify(item).length + 1;
    const last = chunks.at(-1);
    if (last && length <= room) {
      last.push(item);
      room -= length;
    } else {
      chunks.push([item]);
      room = maxLength - length;
    }
  }
  return chunks;
}
