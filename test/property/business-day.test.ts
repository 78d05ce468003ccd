import fc from "fast-check";
import { DateTime } from "luxon";
import { expect, test } from "vitest";
import { businessDate } from "../../src/core/business-day.ts";

/** Half and quarter hours, both hemispheres, both ends of the date line, no summer time, and one that skipped a day. */
const zone = fc.constantFrom(
  "UTC",
  "Europe/London",
  "Europe/Berlin",
  "America/New_York",
  "America/St_Johns",
  "America/Havana",
  "America/Santiago",
  "America/Los_Angeles",
  "Africa/Casablanca",
  "Africa/Cairo",
  "Asia/Karachi",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Asia/Beirut",
  "Asia/Tokyo",
  "Australia/Lord_Howe",
  "Australia/Sydney",
  "Pacific/Apia",
  "Pacific/Chatham",
  "Pacific/Kiritimati",
  "Pacific/Pago_Pago",
);

const MIN_MS = Date.UTC(2000, 0, 1);
const MAX_MS = Date.UTC(2037, 11, 31);
const DAY_MS = 86_400_000;

const cutoff = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((time) => time.map((part) => String(part).padStart(2, "0")).join(":"));

/** The instant within the 400 days from `from` at which the zone's offset changes, by bisection; null for none. */
function findOffsetChange(from: number, name: string): number | null {
  const offsetAt = (ms: number) => DateTime.fromMillis(ms, { zone: name }).offset;
  for (let day = 0; day < 400; day += 1) {
    let low = from + day * DAY_MS;
    let high = low + DAY_MS;
    if (offsetAt(low) === offsetAt(high)) continue;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offsetAt(middle) === offsetAt(low)) low = middle;
      else high = middle;
    }
    return high;
  }
  return null;
}

function oracle(ms: number, name: string, dayCutoff: string): string | null {
  const local = DateTime.fromMillis(ms, { zone: name });
  const [hour = 0, minute = 0] = dayCutoff.split(":").map(Number);
  const isBefore = local.hour * 60 + local.minute < hour * 60 + minute;
  // Calendar days, apart from any zone: of a day that the zone left out, the date still exists.
  const date = DateTime.utc(local.year, local.month, local.day);
  return (isBefore ? date.minus({ days: 1 }) : date).toISODate();
}

test("is what another library makes of the wall clock", () => {
  fc.assert(
    fc.property(fc.integer({ min: MIN_MS, max: MAX_MS }), zone, cutoff, (ms, name, dayCutoff) => {
      expect(businessDate(new Date(ms).toISOString(), name, dayCutoff)).toBe(oracle(ms, name, dayCutoff));
    }),
    { numRuns: 2000 },
  );
});

test("also in the hours about a change of the clocks", () => {
  const nearby = fc.integer({ min: -4 * 3_600_000, max: 4 * 3_600_000 });
  fc.assert(
    fc.property(fc.integer({ min: MIN_MS, max: MAX_MS }), zone, nearby, cutoff, (from, name, off, dayCutoff) => {
      const change = findOffsetChange(from, name);
      fc.pre(change !== null);
      for (const ms of [change - 1, change, change + off]) {
        expect(businessDate(new Date(ms), name, dayCutoff)).toBe(oracle(ms, name, dayCutoff));
      }
    }),
    { numRuns: 60 },
  );
});

test("lies at the wall clock's date or the one before, and a later cutoff never makes it later", () => {
  fc.assert(
    fc.property(fc.integer({ min: MIN_MS, max: MAX_MS }), zone, cutoff, cutoff, (ms, name, one, other) => {
      const [early, late] = [one, other].toSorted();
      const atMidnight = businessDate(new Date(ms), name, "00:00");
      const byEarly = businessDate(new Date(ms), name, early ?? "");
      const byLate = businessDate(new Date(ms), name, late ?? "");
      expect(atMidnight).toBe(DateTime.fromMillis(ms, { zone: name }).toISODate());
      expect(byLate <= byEarly && byEarly <= atMidnight).toBe(true);
      expect((Date.parse(atMidnight) - Date.parse(byLate)) / DAY_MS).toBeLessThanOrEqual(1);
    }),
    { numRuns: 500 },
  );
});
