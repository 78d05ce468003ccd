import type { Context } from "../../context.ts";
import { Problem } from "../../http/problem.ts";
import { accountIn } from "./account.ts";
import { findAdmission } from "./admission.ts";
import { requireOwnOrigin, wantsCookies } from "./browser.ts";
import { sentDeviceHash } from "./device.ts";
import { confirmSignIn, countSignInFailure, takeSignInAttempt } from "./limits.ts";
import { openSession } from "./open-session.ts";
import { hashPassword, needsRehash, verifyPassword } from "./password.ts";
import { type AccountRow, rehashStatement, type SignInRow, signInStatement } from "./queries.ts";
import type { SignedIn, SignInInput } from "./schemas.ts";

/**
 * Opens a session by password. An unknown name, a wrong password, an inactive user and a store the user does not work
 * in are one and the same `unauthenticated`, after the same work. On a paired till (X-Device-Token) the session is
 * bound to that till and its store.
 */
export async function signIn(ctx: Context, input: SignInInput): Promise<SignedIn> {
  const { username, password, store_code } = input;
  if (wantsCookies(ctx)) requireOwnOrigin(ctx);
  await takeSignInAttempt(ctx, username);
  const row = await ctx.db.first<SignInRow>(signInStatement(username, sentDeviceHash(ctx), store_code ?? null));
  const hash = accountIn(row)?.password_hash ?? null;
  const right = await verifyPassword(password, ctx.settings.PASSWORD_PEPPER, hash);
  const admission = findAdmission(ctx, row, store_code);
  if (!right || !admission) {
    await countSignInFailure(ctx, username);
    throw new Problem("unauthenticated", "The name or the password is wrong, or you do not work in this store.");
  }
  await confirmSignIn(ctx, username);
  const { account, gate, device } = admission;
  const also = await rehash(ctx, account, password);
  return openSession(ctx, account, { gate, method: "password", device, also });
}

/** The password is in hand only now, so this is when a hash of older parameters is made anew. */
async function rehash(ctx: Context, { id, password_hash }: AccountRow, password: string) {
  if (!needsRehash(password_hash)) return [];
  const fresh = await hashPassword(password, ctx.settings.PASSWORD_PEPPER);
  return [rehashStatement(id, fresh, password_hash)];
}
