import type { Context } from "../../context.ts";
import { Problem } from "../../http/problem.ts";
import { describeError, logLine } from "../../telemetry/log.ts";
import type { GateAnswer, GateRequest } from "./protocol.ts";

/** Asks a gate. When it is out of reach: null for what goes on without it, `overloaded` for what does not. */
export async function askGate(
  ctx: Context,
  gate: string,
  request: GateRequest,
  withoutGate: "serve" | "refuse",
): Promise<GateAnswer | null> {
  try {
    return await ctx.gates.pass(gate, request);
  } catch (error) {
    logLine("error", "the gate is out of reach", { request_id: ctx.request_id, gate, ...describeError(error) });
    if (withoutGate === "serve") return null;
    throw new Problem("overloaded", "The session can't be checked just now.", {
      headers: { "Retry-After": "2" },
      cause: error,
    });
  }
}

/** Throws `rate_limited` with the wait that the gate named. */
export function refuseWhenLimited(answer: GateAnswer): void {
  if (answer.retry_after_s === 0) return;
  throw new Problem("rate_limited", `Too many requests; wait ${String(answer.retry_after_s)} seconds.`, {
    headers: { "Retry-After": String(answer.retry_after_s) },
  });
}
