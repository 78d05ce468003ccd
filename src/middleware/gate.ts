import { createMiddleware } from "hono/factory";
import { type Actor, actorOf, type Context } from "../context.ts";
import { announceAllowances, askGate, refuseWhenLimited } from "../durable-objects/gate/ask.ts";
import type { Charge } from "../durable-objects/gate/protocol.ts";
import type { AppEnv, RateClass } from "../http/app-env.ts";
import { Problem } from "../http/problem.ts";
import { isSessionLive } from "../modules/auth/session.ts";

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
    const charges = chargesFor(ctx, options.rate_class, actor);
    const answer = await askGate(ctx, actor.gate, { session_id: actor.session_id, charges }, options.without_gate);
    if (answer) {
      announceAllowances(ctx.answer_headers, answer.allowances);
      if (!answer.session_alive) throw sessionEnded();
      refuseWhenLimited(answer);
    } else if (options.rate_class !== "write" && !(await isSessionLive(ctx, actor.session_id))) {
      // What is ended stays ended without the gate too. A write needs no question: its own batch proves it.
      throw sessionEnded();
    }
    await next();
  });
}

function sessionEnded(): Problem {
  return new Problem("session_revoked", "This session has ended; sign in again.");
}

/** Reading and writing are counted by till, where the session was opened on one; reports always by user. */
function chargesFor({ settings }: Context, rateClass: RateClass, actor: Actor): Charge[] {
  const user = `user:${actor.user_id}`;
  const till = actor.terminal_id === null ? user : `till:${actor.terminal_id}`;
  const buckets = {
    read: { key: till, limit: settings.LIMIT_READ_PER_MINUTE },
    write: { key: till, limit: settings.LIMIT_WRITE_PER_MINUTE },
    report: { key: user, limit: settings.LIMIT_REPORT_PER_MINUTE },
    none: null,
  };
  const bucket = buckets[rateClass];
  return bucket === null ? [] : [{ name: rateClass, ...bucket, window_s: 60, cost: 1 }];
}
