import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { takeFromBucket } from "../../../src/durable-objects/gate/bucket.ts";
import type { Charge } from "../../../src/durable-objects/gate/protocol.ts";

const START_MS = 1_770_000_000_000;

function chargeOf(limit: number, window_s: number, cost: 0 | 1 = 1): Charge {
  return { name: "write", key: "ann", limit, window_s, cost };
}

/** Asks once at each of these times; returns the times at which it was let pass. */
function passedAt(charge: Charge, times: readonly number[]): number[] {
  let level: number | undefined;
  return times.filter((now) => {
    const taken = takeFromBucket(level, now, charge);
    level = taken.full_at_us;
    return taken.allowed;
  });
}

const gaps = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 300 });

function timesOf(steps: readonly number[]): number[] {
  let now = START_MS;
  return steps.map((step) => (now += step));
}

describe("takeFromBucket", () => {
  it("lets exactly the limit pass at once, and tells the next how long to wait", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 3600 }), (limit, window_s) => {
        const charge = chargeOf(limit, window_s);
        const times = Array.from({ length: limit + 5 }, () => START_MS);
        expect(passedAt(charge, times)).toHaveLength(limit);
      }),
    );
  });

  it("never lets more pass in any span than the limit and what flowed back in it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 60 }), gaps, (limit, window_s, steps) => {
        const passed = passedAt(chargeOf(limit, window_s), timesOf(steps));
        for (const [first, from] of passed.entries()) {
          for (const [more, to] of passed.slice(first).entries()) {
            const refill = ((to - from) * limit) / (window_s * 1000);
            expect(more + 1).toBeLessThanOrEqual(limit + refill);
          }
        }
      }),
    );
  });

  it("never refuses who keeps to the pace", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 60 }), (limit, window_s) => {
        const pace = (window_s * 1000) / limit;
        const times = Array.from({ length: 200 }, (_, index) => START_MS + Math.ceil(index * pace));
        expect(passedAt(chargeOf(limit, window_s), times)).toEqual(times);
      }),
    );
  });

  it("takes nothing when it refuses, and nothing when it is only asked", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), gaps, fc.constantFrom<0 | 1>(0, 1), (limit, steps, cost) => {
        let level: number | undefined;
        for (const now of timesOf(steps)) {
          const before = Math.max(level ?? 0, now * 1000);
          const taken = takeFromBucket(level, now, chargeOf(limit, 10, cost));
          const takes = taken.allowed && cost === 1;
          expect(taken.full_at_us > before).toBe(takes);
          level = taken.full_at_us;
        }
      }),
    );
  });

  it("lets pass after the wait it names, and names none that is too long by a second", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 600 }),
        gaps,
        (limit, window_s, steps) => {
          const charge = chargeOf(limit, window_s);
          let level: number | undefined;
          for (const now of timesOf(steps)) {
            const taken = takeFromBucket(level, now, charge);
            level = taken.full_at_us;
            if (taken.allowed) {
              expect(taken.retry_after_s).toBe(0);
              continue;
            }
            const wait = taken.retry_after_s;
            expect(wait).toBeGreaterThanOrEqual(1);
            expect(takeFromBucket(level, now + wait * 1000, charge).allowed).toBe(true);
            if (wait > 1) expect(takeFromBucket(level, now + (wait - 1) * 1000 - 1, charge).allowed).toBe(false);
          }
        },
      ),
    );
  });

  it("tells what is left: as many more pass, and no more", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 120 }), gaps, (limit, window_s, steps) => {
        const charge = chargeOf(limit, window_s);
        let level: number | undefined;
        for (const now of timesOf(steps)) level = takeFromBucket(level, now, charge).full_at_us;
        const now = timesOf(steps).at(-1) ?? START_MS;
        const { allowance } = takeFromBucket(level, now, { ...charge, cost: 0 });
        let passed = 0;
        for (;;) {
          const taken = takeFromBucket(level, now, charge);
          if (!taken.allowed) break;
          level = taken.full_at_us;
          passed += 1;
        }
        expect(allowance).toMatchObject({ name: "write", limit, window_s, remaining: passed });
        expect(allowance.reset_s).toBeLessThanOrEqual(window_s);
      }),
    );
  });
});
