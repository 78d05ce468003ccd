import { join, relative } from "node:path";

/** The repository's root folder. */
export const ROOT = join(import.meta.dirname, "../..");

/** A path as a person reads it: relative to the repository where it stands inside it. */
export function readablePath(path: string): string {
  const inside = relative(ROOT, path);
  return inside.startsWith("..") ? path : inside;
}
