import type { Context } from "../../context.ts";
import { Problem } from "../../http/problem.ts";
import { describeError, logLine } from "../../telemetry/log.ts";
import type { Allowance, GateAnswer, GateRequest } from "./protocol.ts";

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

/** Puts what is left on the answer (IETF draft-ietf-httpapi-ratelimit-headers). */
export function announceAllowances(headers: Headers, allowances: Allowance[]): void {
  if (allowances.length === 0) return;
  headers.set(
    "RateLimit-Policy",
    allowances.map((one) => `"${one.name}";q=${String(one.limit)};w=${String(one.window_s)}`).join(", "),
  );
  headers.set(
    "RateLimit",
    allowances.map((one) => `"${one.name}";r=${String(one.remaining)};t=${String(one.reset_s)}`).join(", "),
  );
}
