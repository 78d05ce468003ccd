import type { Random } from "../support/random.ts";

/** Values that the Worker has answered with, by the name of their field: ids that exist, codes, prices, days. */
export interface Pool {
  /** Takes in every text and number of an answer; `resource` names what the answer is of, in the singular. */
  harvest: (answer: unknown, resource: string) => void;
  put: (name: string, value: string | number) => void;
  /** From now on the one value of this name, whatever else is answered. */
  pin: (name: string, value: string) => void;
  /** A value known under the first of these names that has any. */
  draw: (random: Random, ...names: string[]) => string | number | undefined;
}

/** Of each name: the first, which are of the shop as it was opened, and the latest, which the scan itself has made. */
const KEPT_FIRST = 20;
const KEPT_LATEST = 10;

/** A pool that never takes any of the `secret` values. */
export function createPool(secret: ReadonlySet<unknown>): Pool {
  const values = new Map<string, (string | number)[]>();
  const pinned = new Set<string>();
  const put = (name: string, value: string | number) => {
    if (secret.has(value) || pinned.has(name)) return;
    const known = values.get(name) ?? [];
    if (known.includes(value)) return;
    known.push(value);
    if (known.length > KEPT_FIRST + KEPT_LATEST) known.splice(KEPT_FIRST, 1);
    values.set(name, known);
  };
  const harvest = (answer: unknown, resource: string): void => {
    if (typeof answer !== "object" || answer === null) return;
    for (const [name, value] of Object.entries(answer)) {
      if (Array.isArray(value)) {
        for (const item of value as unknown[]) {
          const of = name === "data" ? resource : singular(name);
          if (typeof item === "string" || typeof item === "number") put(of, item);
          else harvest(item, of);
        }
      } else if (typeof value === "string" || typeof value === "number") {
        put(name, value);
        put(`${resource}_${name}`, value);
      } else harvest(value, name);
    }
  };
  return {
    harvest,
    put,
    pin: (name, value) => {
      values.set(name, [value]);
      pinned.add(name);
    },
    draw: (random, ...names) => {
      const known = names.map((name) => values.get(name)).find((found) => found !== undefined);
      return known && random.pick(known);
    },
  };
}

/** What one of a path's records is called: `/v1/categories/{id}` is about a `category`. */
export function resourceOf(path: string): string {
  const named = path.split("/").filter((part) => part !== "" && !part.startsWith("{"));
  return singular(named.at(-1) ?? "");
}

/** `categories` -> `category`, as far as English is regular. */
export function singular(plural: string): string {
  const name = plural.replaceAll("-", "_");
  if (name.endsWith("people")) return name.replace(/people$/, "person");
  return name.replace(/ies$/, "y").replace(/s$/, "");
}
