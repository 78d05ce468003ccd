import type { Random } from "../../support/random.ts";

const SHORTEST = 3;
const LONGEST = 20;

/** For each of so many sales whether it is sold offline: exactly the share asked for, in spells. */
export function drawSpells(random: Random, sales: number, share: number): boolean[] {
  const offline = Math.round(sales * share);
  const spells: number[] = [];
  for (let left = offline; left > 0;) {
    const length = Math.min(left, SHORTEST + random.below(LONGEST - SHORTEST + 1));
    spells.push(length);
    left -= length;
  }
  const online = sales - offline;
  // Where each spell begins among the online sales; two in one place are one long spell.
  const places = spells.map(() => random.below(online + 1)).toSorted((a, b) => a - b);
  const result: boolean[] = [];
  for (let sale = 0, next = 0; sale <= online; sale += 1) {
    for (; places[next] === sale; next += 1) {
      for (let n = 0; n < (spells[next] ?? 0); n += 1) result.push(true);
    }
    if (sale < online) result.push(false);
  }
  return result;
}
