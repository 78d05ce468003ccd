/** Walks over JSON values, to change them in one place at a time. */

export type Path = readonly (string | number)[];

/** The places of all values of a document that `is` takes, with the values. */
export function findPlaces(value: unknown, is: (value: unknown) => boolean, at: Path = []): [Path, unknown][] {
  const inner =
    typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([name, one]) =>
          findPlaces(one, is, [...at, Array.isArray(value) ? Number(name) : name]),
        )
      : [];
  return is(value) ? [[at, value], ...inner] : inner;
}

/** The same document with another value in one place. */
export function replaceAt(document: unknown, [head, ...tail]: Path, value: unknown): unknown {
  if (head === undefined) return value;
  const copy = structuredClone(document) as Record<string | number, unknown>;
  copy[head] = replaceAt(copy[head], tail, value);
  return copy;
}

/** A place as a JSON Pointer (RFC 6901). */
export function pointerTo(path: Path): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

export function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isText(value: unknown): boolean {
  return typeof value === "string";
}
