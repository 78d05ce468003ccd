import type { Context } from "../../context.ts";
import { HQ_GATE } from "../../durable-objects/gate/client.ts";
import { Problem } from "../../http/problem.ts";
import { accountIn, worksAt } from "./account.ts";
import { requireOwnOrigin, wantsCookies } from "./browser.ts";
import { findDevice, hashDeviceToken, sentDeviceToken } from "./device.ts";
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
  const deviceToken = sentDeviceToken(ctx);
  const deviceHash = deviceToken === null ? null : hashDeviceToken(deviceToken);
  const row = await ctx.db.first<SignInRow>(signInStatement(username, deviceHash, store_code ?? null));
  const account = accountIn(row);
  const right = await verifyPassword(password, ctx.settings.PASSWORD_PEPPER, account?.password_hash ?? null);
  const device = deviceToken === null ? null : findDevice(row);
  const gate = findGate(row, device, store_code);
  if (!account || !right || account.active === 0 || gate === null || !worksAt(account, gate)) {
    await countSignInFailure(ctx, username);
    throw new Problem("unauthenticated", "The name or the password is wrong, or you do not work in this store.");
  }
  await confirmSignIn(ctx, username);
  const also = await rehash(ctx, account, password);
  return openSession(ctx, account, { gate, method: "password", device, also });
}

/** The gate of the session: the till's store, that of the code, or `hq`. Null where the two name different stores. */
function findGate(
  row: SignInRow | null,
  device: { till_store_id: string } | null,
  storeCode: string | undefined,
): string | null {
  const asked = storeCode === undefined ? undefined : (row?.asked_store_id ?? null);
  if (device) return asked === undefined || asked === device.till_store_id ? device.till_store_id : null;
  return asked === undefined ? HQ_GATE : asked;
}

/** The password is in hand only now, so this is when a hash of older parameters is made anew. */
async function rehash(ctx: Context, { id, password_hash }: AccountRow, password: string) {
  if (!needsRehash(password_hash)) return [];
  const fresh = await hashPassword(password, ctx.settings.PASSWORD_PEPPER);
  return [rehashStatement(id, fresh, password_hash)];
}
