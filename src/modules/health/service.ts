import type { Context } from "../../context.ts";
import { statement } from "../../db/database.ts";
import { HQ_GATE } from "../../durable-objects/gate/client.ts";
import { Problem } from "../../http/problem.ts";
import { describeError, logLine } from "../../telemetry/log.ts";

/** What a dependency said when it was asked. */
interface Check {
  ok: boolean;
  latency_ms: number;
}

/** A dependency that has not answered by then counts as out of reach. */
const DEADLINE_MS = 2000;

// Reads no table.
const SELECT_NOTHING = statement("SELECT 1");

export async function readHealth(ctx: Context): Promise<{ status: "ok"; environment: string }> {
  return { status: "ok", environment: ctx.settings.ENVIRONMENT };
}

/**
 * Asks each dependency. Without the gate the shop still sells, so that alone is `degraded`; without D1 nothing is
 * ready, and it throws Problem `overloaded` with the same `checks`.
 */
export async function readReadiness(
  ctx: Context,
): Promise<{ status: "ready" | "degraded"; checks: { d1: Check; gate: Check } }> {
  const [d1, gate] = await Promise.all([
    check(ctx, "d1", () => ctx.db.all(SELECT_NOTHING)),
    check(ctx, "gate", () => ctx.gates.pass(HQ_GATE, { session_id: null, charges: [] })),
  ]);
  const checks = { d1, gate };
  if (!d1.ok) {
    throw new Problem("overloaded", "The database is out of reach.", {
      headers: { "Retry-After": "5" },
      members: { checks },
    });
  }
  return { status: gate.ok ? "ready" : "degraded", checks };
}

async function check(ctx: Context, dependency: string, ask: () => Promise<unknown>): Promise<Check> {
  const startedAt = performance.now();
  let ok = true;
  try {
    await withinDeadline(ask());
  } catch (error) {
    ok = false;
    logLine("error", "a dependency is out of reach", {
      request_id: ctx.request_id,
      dependency,
      ...describeError(error),
    });
  }
  return { ok, latency_ms: Math.round((performance.now() - startedAt) * 100) / 100 };
}

async function withinDeadline(work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error("no answer within the deadline"));
    }, DEADLINE_MS);
  });
  try {
    await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
