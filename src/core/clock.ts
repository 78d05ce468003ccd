/** How far a till's clock may be ahead of ours, or behind it. */
export const CLOCK_SKEW_MS = 5 * 60_000;
