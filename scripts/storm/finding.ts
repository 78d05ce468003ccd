/** One thing that was tried, and what came of it. `held`: whether a limit held; null where it is only told. */
export interface Finding {
  what: string;
  figures: string[];
  held: boolean | null;
}

/** How often each answer came: `401: 10, 429: 9,990`. */
export function countStatuses(statuses: readonly number[]): string {
  const counts = Map.groupBy(statuses, (status) => status);
  return [...counts]
    .toSorted(([a], [b]) => a - b)
    .map(([status, all]) => `${String(status)}: ${all.length.toLocaleString("en")}`)
    .join(", ");
}
