/** Chance that repeats: the same seed gives the same choices. */
export interface Random {
  /** A whole number from 0 to `end - 1`. */
  below: (end: number) => number;
  chance: (probability: number) => boolean;
  /** One of them; undefined of none. */
  pick: <T>(list: readonly T[]) => T | undefined;
}

/** What the seeds of fast-check and of the faker are drawn from. */
export const SEEDS = 2 ** 31;

/** The generator mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number) => Math.floor(next() * end);
  return { below, chance: (probability) => next() < probability, pick: (list) => list[below(list.length)] };
}
