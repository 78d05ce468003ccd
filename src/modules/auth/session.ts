import type { Context } from "../../context.ts";
import { Problem } from "../../http/problem.ts";
import { describeError, logLine } from "../../telemetry/log.ts";
import { ACCESS_TOKEN_LIFE_S } from "./access-token.ts";

/** For clocks that do not agree: how long the gate remembers beyond the last access token's own end. */
const LEEWAY_S = 60;

/**
 * From its return on, no request of the session passes its gate. Called after the session is revoked in the
 * database, so that no token can be issued later than the time it counts from.
 * Throws `overloaded` when the gate is out of reach: the caller sends the same again.
 */
export async function revokeAtGate(ctx: Context, gate: string, sessionId: string): Promise<void> {
  try {
    await ctx.gates.revoke(gate, [sessionId], Date.now() + (ACCESS_TOKEN_LIFE_S + LEEWAY_S) * 1000);
  } catch (error) {
    logLine("error", "a session could not be revoked at its gate", {
      request_id: ctx.request_id,
      gate,
      session_id: sessionId,
      ...describeError(error),
    });
    throw new Problem("overloaded", "The session can't be ended everywhere just now; send this again.", {
      headers: { "Retry-After": "2" },
      cause: error,
    });
  }
}
