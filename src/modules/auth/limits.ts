import { createHash } from "node:crypto";
import type { Context } from "../../context.ts";
import { announceAllowances, askGate, refuseWhenLimited } from "../../durable-objects/gate/ask.ts";
import { SIGN_IN_GATE } from "../../durable-objects/gate/client.ts";
import type { Charge } from "../../durable-objects/gate/protocol.ts";
import { networkOf } from "./network.ts";

/**
 * How often may be guessed: attempts by address, failures by name. Without the gate nobody signs in.
 *
 * Only failures count, and guesses sent side by side all pass the question before the first of them is counted. So the
 * gate has the last word on both sides: a failure above the limit is told to wait, and so is the right guess that
 * comes when the failures are used up.
 */

const WINDOW_S = 60;

/** One call before the password is looked at: takes an attempt, and asks whether the name has failures left. */
export async function takeSignInAttempt(ctx: Context, username: string): Promise<void> {
  await charge(ctx, [attemptByAddress(ctx, 1), failureByName(ctx, username, 0)], "refuse");
}

/** Counts a wrong password. */
export async function countSignInFailure(ctx: Context, username: string): Promise<void> {
  await charge(ctx, [failureByName(ctx, username, 1)], "refuse");
}

/** Asks once more when the password was right. */
export async function confirmSignIn(ctx: Context, username: string): Promise<void> {
  await charge(ctx, [failureByName(ctx, username, 0)], "refuse");
}

/**
 * Where PINs are typed: at a till that signs in, by its token; or by someone signed in, for a manager's approval. The
 * name of the bucket keeps the two apart, because anything can be sent as a till's token.
 */
export interface PinPad {
  bucket: "pin" | "approval_pin";
  key: string;
}

/**
 * PINs are typed all day, so what counts are failures alone: of the address, and of the name at this pad. A stranger
 * without the till's token fills buckets that no till asks.
 */
export async function askPinAttempt(ctx: Context, username: string, pad: PinPad): Promise<void> {
  await chargePin(ctx, username, pad, 0);
}

/** Counts a wrong PIN. */
export async function countPinFailure(ctx: Context, username: string, pad: PinPad): Promise<void> {
  await chargePin(ctx, username, pad, 1);
}

async function chargePin(ctx: Context, username: string, pad: PinPad, cost: 0 | 1): Promise<void> {
  const key = hashKey(`${pad.key} ${username.toLowerCase()}`);
  const limit = ctx.settings.LIMIT_SIGN_IN_FAILURES_PER_MINUTE;
  const byName: Charge = { name: pad.bucket, key, limit, window_s: WINDOW_S, cost };
  await charge(ctx, [attemptByAddress(ctx, cost, "pin_address"), byName], "refuse");
}

/** Takes an attempt for what names no user: setup, pairing, a passkey's challenge. */
export async function takeAnonymousAttempt(ctx: Context): Promise<void> {
  await charge(ctx, [attemptByAddress(ctx, 1)], "refuse");
}

/** A till must be able to go on selling, so a refresh has a wide bucket of its own and goes on without the gate. */
export async function takeRefreshAttempt(ctx: Context): Promise<void> {
  const limit = ctx.settings.LIMIT_WRITE_PER_MINUTE;
  await charge(ctx, [{ name: "refresh", key: networkOf(ctx.ip), limit, window_s: WINDOW_S, cost: 1 }], "serve");
}

async function charge(ctx: Context, charges: Charge[], withoutGate: "serve" | "refuse"): Promise<void> {
  const answer = await askGate(ctx, SIGN_IN_GATE, { session_id: null, charges }, withoutGate);
  if (!answer) return;
  announceAllowances(ctx.answer_headers, answer.allowances);
  refuseWhenLimited(answer);
}

function attemptByAddress(ctx: Context, cost: 0 | 1, name = "sign_in_address"): Charge {
  const limit = ctx.settings.LIMIT_SIGN_IN_ATTEMPTS_PER_MINUTE;
  return { name, key: networkOf(ctx.ip), limit, window_s: WINDOW_S, cost };
}

function failureByName(ctx: Context, username: string, cost: 0 | 1): Charge {
  const limit = ctx.settings.LIMIT_SIGN_IN_FAILURES_PER_MINUTE;
  return { name: "sign_in_name", key: hashKey(username.toLowerCase()), limit, window_s: WINDOW_S, cost };
}

/** Names are hashed: people type passwords into the wrong field, and the gate writes its keys down. */
function hashKey(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
