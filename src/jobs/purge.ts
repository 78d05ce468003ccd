import { Database, statement } from "../db/database.ts";
import { APPROVAL_SHOWN_LATE_MS } from "../modules/approvals/index.ts";
import { logLine } from "../telemetry/log.ts";
import { Meter } from "../telemetry/meter.ts";

/** What is kept for a time only: each statement deletes at most ?2 of the rows from before ?1, oldest first. */

const DAY_MS = 86_400_000;
const ROWS_AT_ONCE = 1000;

interface Purge {
  what: string;
  /** How long after the moment by which the statement goes. */
  kept_ms: number;
  sql: string;
}

const PURGES: readonly Purge[] = [
  {
    what: "idempotency keys",
    kept_ms: 90 * DAY_MS,
    // By index idempotency_keys_by_age.
    sql: `
      DELETE FROM idempotency_keys WHERE (store_id, key) IN (
        SELECT store_id, key FROM idempotency_keys WHERE created_at < ?1 ORDER BY created_at LIMIT ?2)
      RETURNING 1 AS gone`,
  },
  {
    what: "spent challenges",
    // Beyond their expiry, because a request that came before it may still be on its way.
    kept_ms: DAY_MS,
    // By index spent_challenges_by_age.
    sql: `
      DELETE FROM spent_challenges WHERE challenge_hash IN (
        SELECT challenge_hash FROM spent_challenges WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2)
      RETURNING 1 AS gone`,
  },
  {
    what: "spent approvals",
    // A day longer than a token can be shown, which an offline till may do late: then it could be spent once more.
    kept_ms: APPROVAL_SHOWN_LATE_MS + DAY_MS,
    // By index spent_approvals_by_age.
    sql: `
      DELETE FROM spent_approvals WHERE id IN (
        SELECT id FROM spent_approvals WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2)
      RETURNING 1 AS gone`,
  },
];

/** Forgets what has been kept long enough, a thousand rows at a time so that no sale waits long behind it. */
export async function purgeOldRows(env: Env, now: Date): Promise<void> {
  const db = new Database(env.DB, new Meter(), () => undefined);
  for (const purge of PURGES)
    logLine("info", "old rows purged", { what: purge.what, purged: await run(db, purge, now) });
}

async function run(db: Database, { sql, kept_ms }: Purge, now: Date): Promise<number> {
  const before = new Date(now.getTime() - kept_ms).toISOString();
  let purged = 0;
  for (;;) {
    const [rows] = await db.commit([statement(sql, before, ROWS_AT_ONCE)], { retry: true });
    const gone = rows?.length ?? 0;
    purged += gone;
    if (gone < ROWS_AT_ONCE) return purged;
  }
}
