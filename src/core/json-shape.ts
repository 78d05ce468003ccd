/** What parsed JSON may be shaped like, before any field of it is looked at. */

const MAX_DEPTH = 32;
/** A megabyte of the smallest sensible records has fewer. */
const MAX_VALUES = 200_000;
/** Names by which an object reaches what all objects share. */
const FORBIDDEN_NAMES = new Set(["__proto__", "constructor", "prototype"]);

export interface ShapeFault {
  /** JSON Pointer (RFC 6901). */
  pointer: string;
  detail: string;
}

/** The first thing wrong with the shape, or null. It walks without recursion, so that no depth exhausts the stack. */
export function findShapeFault(root: unknown): ShapeFault | null {
  const open: { value: unknown; pointer: string; depth: number }[] = [{ value: root, pointer: "", depth: 0 }];
  let values = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, pointer, depth } = next;
    values += 1;
    if (values > MAX_VALUES) return { pointer: "/", detail: `has more than ${MAX_VALUES.toLocaleString("en")} values` };
    if (typeof value !== "object" || value === null) continue;
    if (depth === MAX_DEPTH) return { pointer, detail: `is nested deeper than ${String(MAX_DEPTH)}` };
    for (const [name, inner] of Object.entries(value)) {
      const place = `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      if (FORBIDDEN_NAMES.has(name)) return { pointer: place, detail: "is a name that no field may have" };
      open.push({ value: inner, pointer: place, depth: depth + 1 });
    }
  }
  return null;
}
