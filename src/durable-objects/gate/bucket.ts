import type { Allowance, Charge } from "./protocol.ts";

/**
 * The generic cell rate algorithm (ITU-T I.371), exact: a bucket is one number, the theoretical arrival time at
 * which it would be full again, in milliseconds.
 */
export function takeFromBucket(
  fullAtMs: number | undefined,
  nowMs: number,
  charge: Charge,
): { allowed: boolean; full_at_ms: number; retry_after_s: number; allowance: Allowance } {
  const interval = (charge.window_s * 1000) / charge.limit;
  const burst = charge.window_s * 1000;
  const start = Math.max(fullAtMs ?? 0, nowMs);
  const after = start + interval;
  // A thousandth of a millisecond forgives the rounding of `interval`, never a whole request.
  const excess = after - nowMs - burst;
  const allowed = excess <= 0.001;
  const fullAt = allowed && charge.cost === 1 ? after : start;
  return {
    allowed,
    full_at_ms: fullAt,
    retry_after_s: allowed ? 0 : Math.max(1, Math.ceil(excess / 1000)),
    allowance: {
      name: charge.name,
      limit: charge.limit,
      window_s: charge.window_s,
      remaining: Math.max(0, Math.floor((burst - (fullAt - nowMs) + 0.001) / interval)),
      reset_s: Math.ceil((fullAt - nowMs) / 1000),
    },
  };
}
