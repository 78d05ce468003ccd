import type { Allowance, Charge } from "./protocol.ts";

/** What a bucket says to one charge. */
export interface Taken {
  allowed: boolean;
  /** The bucket afterwards: as it was, unless something was taken. */
  full_at_us: number;
  /** Seconds until one would pass; 0 when it does. */
  retry_after_s: number;
  allowance: Allowance;
}

const US_PER_S = 1_000_000;
const US_PER_MS = 1000;

/**
 * The generic cell rate algorithm (ITU-T I.371): a bucket is one number, the moment at which it will be full again.
 * Moments are whole microseconds since 1970, because fractions of a millisecond add up to wrong sums; a request's
 * share of the window is rounded up to one, so the pace is never above the limit.
 */
export function takeFromBucket(fullAtUs: number | undefined, nowMs: number, charge: Charge): Taken {
  const now = nowMs * US_PER_MS;
  const share = Math.ceil((charge.window_s * US_PER_S) / charge.limit);
  const capacity = share * charge.limit;
  const before = Math.max(fullAtUs ?? 0, now);
  const after = before + share;
  const excess = after - now - capacity;
  const allowed = excess <= 0;
  const fullAt = allowed && charge.cost === 1 ? after : before;
  return {
    allowed,
    full_at_us: fullAt,
    retry_after_s: allowed ? 0 : Math.ceil(excess / US_PER_S),
    allowance: {
      name: charge.name,
      limit: charge.limit,
      window_s: charge.window_s,
      remaining: Math.max(0, Math.floor((capacity - (fullAt - now)) / share)),
      reset_s: Math.ceil((fullAt - now) / US_PER_S),
    },
  };
}
