import { Database, statement } from "../db/database.ts";
import { logLine } from "../telemetry/log.ts";
import { Meter } from "../telemetry/meter.ts";

const KEPT_DAYS = 90;
const ROWS_AT_ONCE = 1000;

// By index idempotency_keys_by_age.
const DELETE_OLD = `
  DELETE FROM idempotency_keys WHERE (store_id, key) IN (
    SELECT store_id, key FROM idempotency_keys WHERE created_at < ?1 ORDER BY created_at LIMIT ?2)
  RETURNING 1 AS gone`;

/** Forgets keys older than 90 days, a thousand at a time so that no sale waits long behind it. Returns how many. */
export async function purgeIdempotencyKeys(env: Env, now: Date): Promise<number> {
  const db = new Database(env.DB, new Meter(), () => undefined);
  const before = new Date(now.getTime() - KEPT_DAYS * 86_400_000).toISOString();
  let purged = 0;
  for (;;) {
    const [rows] = await db.commit([statement(DELETE_OLD, before, ROWS_AT_ONCE)], { retry: true });
    const gone = rows?.length ?? 0;
    purged += gone;
    if (gone < ROWS_AT_ONCE) break;
  }
  logLine("info", "idempotency keys purged", { purged });
  return purged;
}
