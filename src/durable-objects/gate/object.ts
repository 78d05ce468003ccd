import { DurableObject } from "cloudflare:workers";
import { type Taken, takeFromBucket } from "./bucket.ts";
import type { Charge, GateAnswer, GateRequest } from "./protocol.ts";

/** How long a level that only memory holds may be lost in a crash. */
const FLUSH_AFTER_MS = 1000;

interface KeyedTaken extends Taken {
  key: string;
}

/**
 * The gate of one store (or of `hq`): it charges the rate limit and says whether a session is alive, in one call.
 * Revoked sessions are remembered until no access token of theirs can be valid any more; every answer about a
 * session reads storage, because an object that has been replaced may still hear calls but can't touch storage.
 * Buckets live in memory and are written down once a second, so that they outlast hibernation without a write
 * for each request.
 */
export class Gate extends DurableObject<Env> {
  readonly #buckets = new Map<string, number>();
  readonly #unwritten = new Set<string>();
  #flush: ReturnType<typeof setTimeout> | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec(`
      CREATE TABLE IF NOT EXISTS revoked_sessions (session_id TEXT PRIMARY KEY, until_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS revoked_sessions_by_age ON revoked_sessions (until_ms);
      CREATE TABLE IF NOT EXISTS buckets (key TEXT PRIMARY KEY, full_at_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS buckets_by_age ON buckets (full_at_us);`);
    const rows = ctx.storage.sql.exec<{ key: string; full_at_us: number }>("SELECT key, full_at_us FROM buckets");
    for (const { key, full_at_us } of rows) this.#buckets.set(key, full_at_us);
  }

  /** May this request pass, and is its session alive? A refused request takes nothing. */
  pass(request: GateRequest): GateAnswer {
    const sessionAlive = request.session_id !== null && !this.#isRevoked(request.session_id);
    const now = Date.now();
    const asked = this.#take(request.charges, now);
    const allowed = asked.every((one) => one.allowed);
    if (allowed) this.#keep(asked);
    // Of what one bucket refuses, the others give nothing either, so all that was there is left.
    const left = allowed ? asked : this.#take(request.charges.map(onlyAsk), now);
    return {
      session_alive: sessionAlive,
      retry_after_s: Math.max(0, ...asked.map((one) => one.retry_after_s)),
      allowances: left.map((one) => one.allowance),
    };
  }

  /** From this answer on the session is dead here. `until_ms`: when its last access token has expired anyway. */
  revoke(sessionIds: string[], untilMs: number): void {
    const sql = this.ctx.storage.sql;
    sql.exec("DELETE FROM revoked_sessions WHERE until_ms < ?", Date.now());
    for (const id of sessionIds) {
      sql.exec("INSERT OR REPLACE INTO revoked_sessions (session_id, until_ms) VALUES (?, ?)", id, untilMs);
    }
  }

  #isRevoked(sessionId: string): boolean {
    const rows = this.ctx.storage.sql.exec("SELECT 1 FROM revoked_sessions WHERE session_id = ?", sessionId);
    return rows.toArray().length > 0;
  }

  #take(charges: readonly Charge[], now: number): KeyedTaken[] {
    return charges.map((charge) => {
      const key = `${charge.name}:${charge.key}`;
      return { key, ...takeFromBucket(this.#buckets.get(key), now, charge) };
    });
  }

  #keep(taken: readonly KeyedTaken[]): void {
    for (const { key, full_at_us, allowance } of taken) {
      // A full bucket needs no memory.
      if (allowance.remaining === allowance.limit) continue;
      this.#buckets.set(key, full_at_us);
      this.#unwritten.add(key);
    }
    if (this.#unwritten.size > 0) this.#flushSoon();
  }

  #flushSoon(): void {
    this.#flush ??= setTimeout(() => {
      this.#flush = undefined;
      const sql = this.ctx.storage.sql;
      for (const key of this.#unwritten) {
        const fullAt = this.#buckets.get(key) ?? 0;
        sql.exec("INSERT OR REPLACE INTO buckets (key, full_at_us) VALUES (?, ?)", key, fullAt);
      }
      this.#unwritten.clear();
      const now = Date.now() * 1000;
      for (const [key, fullAt] of this.#buckets) if (fullAt <= now) this.#buckets.delete(key);
      sql.exec("DELETE FROM buckets WHERE full_at_us <= ?", now);
    }, FLUSH_AFTER_MS);
  }
}

function onlyAsk(charge: Charge): Charge {
  return { ...charge, cost: 0 };
}
