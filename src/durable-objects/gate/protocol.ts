/** What one request takes from a bucket: `limit` requests per `window_s` seconds, counted under `key`. */
export interface Charge {
  name: string;
  key: string;
  limit: number;
  window_s: number;
  /** 1 takes one request's worth; 0 only asks whether one would pass. */
  cost: 0 | 1;
}

export interface GateRequest {
  /** The session the request claims, or null when it has none. */
  session_id: string | null;
  charges: Charge[];
}

/** What is left in a bucket after the request, for the RateLimit header fields. */
export interface Allowance {
  name: string;
  limit: number;
  window_s: number;
  remaining: number;
  /** Seconds until the bucket is full again. */
  reset_s: number;
}

export interface GateAnswer {
  session_alive: boolean;
  /** Seconds to wait; 0 when the request passes. A refused request takes nothing from any bucket. */
  retry_after_s: number;
  allowances: Allowance[];
}
