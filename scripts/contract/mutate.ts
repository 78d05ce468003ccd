import fc from "fast-check";
import { type Random, SEEDS } from "../support/random.ts";

/** Breaks data that was right, with values that fast-check makes. */

/** What parsers and databases have fallen over before, beside what fast-check thinks of. */
const NOTORIOUS = [
  null,
  true,
  "",
  0,
  -1,
  1.5,
  1e21,
  Number.MAX_SAFE_INTEGER + 1,
  "\u0000",
  "\uD800",
  "\u202E",
  "%",
  "' OR 1=1 --",
  "__proto__",
  "constructor",
  "NaN",
  "2026-02-30",
  "9999-12-31T23:59:59.999Z",
  "2026-01-01T00:00:00+23:59",
  "00000000-0000-7000-8000-000000000000",
  [],
  {},
  [[]],
];
const LONG = 70_000;

const HOSTILE = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...NOTORIOUS) },
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 3, noUnicodeString: false }) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.maxSafeInteger() },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.nat({ max: LONG }).map((length) => "a".repeat(length)) },
);

/** Text that can stand in a header: visible ASCII and blanks. */
const HEADER = fc.string({ unit: "grapheme-ascii", maxLength: 300 });

export function makeHostile(random: Random): unknown {
  return sample(HOSTILE, random);
}

export function makeHostileHeader(random: Random): string {
  return sample(HEADER, random);
}

function sample<T>(arbitrary: fc.Arbitrary<T>, random: Random): T {
  const [value] = fc.sample(arbitrary, { seed: random.below(SEEDS), numRuns: 1 });
  return value as T;
}

/** A copy in which one place, wherever it is, holds something else, is gone, stands twice or has a stranger beside it. */
export function mutate(value: unknown, random: Random): unknown {
  if (typeof value !== "object" || value === null || random.chance(0.1)) return makeHostile(random);
  return Array.isArray(value) ? mutateArray(value, random) : mutateObject(value as Record<string, unknown>, random);
}

function mutateArray(array: readonly unknown[], random: Random): unknown[] {
  const index = random.below(array.length);
  const change = random.below(5);
  if (change === 0) return array.toSpliced(index, 1);
  if (change === 1 && array.length > 0) return [...array, array[index]];
  if (array.length === 0) return [makeHostile(random)];
  return array.with(index, mutate(array[index], random));
}

function mutateObject(object: Record<string, unknown>, random: Random): Record<string, unknown> {
  const key = random.pick(Object.keys(object));
  const change = random.below(6);
  if (key === undefined || change === 0) {
    // From entries: a key such as __proto__ stays a key.
    const stranger = random.chance(0.3) ? "__proto__" : (JSON.stringify(makeHostile(random)) ?? "");
    return Object.fromEntries([...Object.entries(object), [stranger, makeHostile(random)]]);
  }
  if (change === 1) return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
  return { ...object, [key]: mutate(object[key], random) };
}
