import { createMiddleware } from "hono/factory";
import { actorOf, type Context } from "../context.ts";
import { askGate, refuseWhenLimited } from "../durable-objects/gate/ask.ts";
import type { Allowance, Charge } from "../durable-objects/gate/protocol.ts";
import type { AppEnv, RateClass } from "../http/app-env.ts";
import { Problem } from "../http/problem.ts";

interface GateOptions {
  rate_class: RateClass;
  /** What to do when the gate is out of reach. */
  without_gate: "serve" | "refuse";
}

/** One call to the session's gate: it charges the rate limit and says whether the session is alive. */
export function passGate(options: GateOptions) {
  return createMiddleware<AppEnv>(async function gate(c, next) {
    const ctx = c.get("ctx");
    const actor = actorOf(ctx);
    const charges = chargesFor(ctx, options.rate_class, actor.user_id);
    const answer = await askGate(ctx, actor.gate, { session_id: actor.session_id, charges }, options.without_gate);
    if (answer) {
      announceAllowances(ctx.answer_headers, answer.allowances);
      if (!answer.session_alive) throw new Problem("session_revoked", "This session has ended; sign in again.");
      refuseWhenLimited(answer);
    }
    await next();
  });
}

function chargesFor(ctx: Context, rateClass: RateClass, key: string): Charge[] {
  const { settings } = ctx;
  const limits = {
    read: settings.LIMIT_READ_PER_MINUTE,
    write: settings.LIMIT_WRITE_PER_MINUTE,
    report: settings.LIMIT_REPORT_PER_MINUTE,
    none: null,
  };
  const limit = limits[rateClass];
  return limit === null ? [] : [{ name: rateClass, key, limit, window_s: 60, cost: 1 }];
}

/** IETF draft-ietf-httpapi-ratelimit-headers. */
function announceAllowances(headers: Headers, allowances: Allowance[]): void {
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
