import type { Route } from "./route.ts";

/** The methods that some route takes at this path; empty when nothing is there. */
export function allowedMethods(routes: readonly Route[], path: string): string[] {
  const parts = path.split("/");
  const methods = routes
    .filter(({ declaration }) => {
      const template = declaration.path.split("/");
      return (
        template.length === parts.length &&
        template.every((part, i) => (part.startsWith("{") ? parts[i] !== "" : part === parts[i]))
      );
    })
    .map(({ declaration }) => declaration.method.toUpperCase());
  return [...new Set(methods)].toSorted();
}
