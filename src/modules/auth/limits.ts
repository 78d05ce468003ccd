import { createHash } from "node:crypto";
import type { Context } from "../../context.ts";
import { askGate, refuseWhenLimited } from "../../durable-objects/gate/ask.ts";
import { SIGN_IN_GATE } from "../../durable-objects/gate/client.ts";
import type { Charge } from "../../durable-objects/gate/protocol.ts";

/** How often may be guessed: attempts by address, failures by name. Without the gate nobody signs in. */

const WINDOW_S = 60;

/** One call before the password is looked at: takes an attempt, and asks whether the name has failures left. */
export async function takeSignInAttempt(ctx: Context, username: string): Promise<void> {
  await charge(ctx, [attemptByAddress(ctx), failureByName(ctx, username, 0)], "refuse");
}

/**
 * Counts a failure. Guesses sent side by side all pass the question before the first of them is counted, so the
 * count has the last word: those above the limit are told to wait, not that they guessed wrong.
 */
export async function countSignInFailure(ctx: Context, username: string): Promise<void> {
  await charge(ctx, [failureByName(ctx, username, 1)], "refuse");
}

/** Takes an attempt for what names no user: the setup of the first admin. */
export async function takeSetupAttempt(ctx: Context): Promise<void> {
  await charge(ctx, [attemptByAddress(ctx)], "refuse");
}

/** A till must be able to go on selling, so a refresh has a wide bucket of its own and goes on without the gate. */
export async function takeRefreshAttempt(ctx: Context): Promise<void> {
  const limit = ctx.settings.LIMIT_WRITE_PER_MINUTE;
  await charge(ctx, [{ name: "refresh", key: addressOf(ctx), limit, window_s: WINDOW_S, cost: 1 }], "serve");
}

async function charge(ctx: Context, charges: Charge[], withoutGate: "serve" | "refuse"): Promise<void> {
  const answer = await askGate(ctx, SIGN_IN_GATE, { session_id: null, charges }, withoutGate);
  if (answer) refuseWhenLimited(answer);
}

function attemptByAddress(ctx: Context): Charge {
  const limit = ctx.settings.LIMIT_SIGN_IN_ATTEMPTS_PER_MINUTE;
  return { name: "sign_in_address", key: addressOf(ctx), limit, window_s: WINDOW_S, cost: 1 };
}

/** The name is hashed: people type passwords into the wrong field, and the gate writes its keys down. */
function failureByName(ctx: Context, username: string, cost: 0 | 1): Charge {
  const key = createHash("sha256").update(username.toLowerCase()).digest("base64url");
  const limit = ctx.settings.LIMIT_SIGN_IN_FAILURES_PER_MINUTE;
  return { name: "sign_in_name", key, limit, window_s: WINDOW_S, cost };
}

function addressOf(ctx: Context): string {
  return ctx.ip ?? "unknown";
}
