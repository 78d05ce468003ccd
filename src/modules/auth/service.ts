import { actorOf, type Context } from "../../context.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { Problem } from "../../http/problem.ts";
import { logLine } from "../../telemetry/log.ts";
import { auditStatement } from "../audit/index.ts";
import { ACCESS_TOKEN_LIFE_S, signAccessToken } from "./access-token.ts";
import { claimsOf, findGate, logGate, toProfile, worksAt } from "./account.ts";
import { countSignInFailure, takeRefreshAttempt, takeSignInAttempt } from "./limits.ts";
import { verifyPassword } from "./password.ts";
import {
  accountByIdStatement,
  accountByNameStatement,
  type AccountRow,
  insertRefreshTokenStatement,
  insertSessionStatement,
  type RefreshTokenRow,
  refreshTokenStatement,
  revokeSessionStatement,
} from "./queries.ts";
import { hashRefreshToken, newRefreshToken } from "./refresh-token.ts";
import type { Profile, RefreshInput, SignInInput, Tokens } from "./schemas.ts";
import { revokeAtGate } from "./session.ts";

/**
 * Opens a session. An unknown name, a wrong password, an inactive user and a store the user does not work in are
 * one and the same `unauthenticated`, after the same work.
 */
export async function signIn(ctx: Context, input: SignInInput): Promise<Tokens> {
  const { username, password, store_code } = input;
  await takeSignInAttempt(ctx, username);
  const account = await ctx.db.first<AccountRow>(accountByNameStatement(username, store_code ?? null));
  const right = await verifyPassword(password, ctx.settings.PASSWORD_PEPPER, account?.password_hash ?? null);
  const gate = account && right && account.active === 1 ? findGate(account, store_code) : null;
  if (!account || gate === null) {
    await countSignInFailure(ctx, username);
    throw new Problem("unauthenticated", "The name or the password is wrong, or you do not work in this store.");
  }
  return openSession(ctx, account, gate);
}

/** The audit entry comes last here: before its session stands, the entry's guard would refuse it. */
async function openSession(ctx: Context, account: AccountRow, gate: string): Promise<Tokens> {
  const session = { id: ctx.newId(), gate };
  const { token, token_hash, expires_at } = newRefreshToken(ctx.now);
  const entry = {
    action: "session.open",
    entity_type: "session",
    entity_id: session.id,
    actor: { user_id: account.id, session_id: session.id },
  } as const;
  await ctx.db.commit([
    insertSessionStatement(session, account.id, ctx.now),
    insertRefreshTokenStatement({ token_hash, session_id: session.id, replaces: null, expires_at }, ctx.now),
    auditStatement(ctx, [entry]),
  ]);
  return answerTokens(ctx, account, session, token);
}

/**
 * Trades a refresh token for a new pair, with the user's role and stores of this moment. A token that is used a
 * second time has been in two hands, so its whole session ends (RFC 9700, 4.14.2).
 */
export async function refreshSession(ctx: Context, input: RefreshInput): Promise<Tokens> {
  await takeRefreshAttempt(ctx);
  const oldHash = hashRefreshToken(input.refresh_token);
  const row = await ctx.db.first<RefreshTokenRow>(refreshTokenStatement(oldHash));
  if (!row) throw new Problem("unauthenticated", "The refresh token is not valid.");
  if (row.used === 1) return refuseReuse(ctx, row);
  if (row.revoked_at !== null || row.active === 0 || !worksAt(row, row.gate)) throw sessionEnded();
  if (row.expires_at <= ctx.now.toISOString()) throw new Problem("unauthenticated", "The refresh token has expired.");
  const session = { id: row.session_id, gate: row.gate };
  const { token, token_hash, expires_at } = newRefreshToken(ctx.now);
  const entry = {
    action: "session.refresh",
    entity_type: "session",
    entity_id: session.id,
    actor: { user_id: row.id, session_id: session.id },
  } as const;
  try {
    await ctx.db.commit(
      [
        auditStatement(ctx, [entry]),
        insertRefreshTokenStatement({ token_hash, session_id: session.id, replaces: oldHash, expires_at }, ctx.now),
      ],
      // Sent twice, it would meet its own first success and take it for a theft.
      { retry: false },
    );
  } catch (error) {
    if (isViolationOf(error, "refresh_tokens.replaces")) return refuseReuse(ctx, row);
    throw error;
  }
  return answerTokens(ctx, row, session, token);
}

/** Nobody is named as the actor: who holds a used token can't be told. */
async function refuseReuse(ctx: Context, row: RefreshTokenRow): Promise<never> {
  if (row.revoked_at === null) {
    const session = { user_id: row.id, session_id: row.session_id };
    logLine("warn", "a refresh token was used twice; its session ends", { request_id: ctx.request_id, ...session });
    const entry = {
      action: "session.revoke",
      entity_type: "session",
      entity_id: row.session_id,
      after: { reason: "refresh_token_reused", user_id: row.id },
    } as const;
    await ctx.db.commit([auditStatement(ctx, [entry]), revokeSessionStatement(row.session_id, ctx.now)]);
  }
  await revokeAtGate(ctx, row.gate, row.session_id);
  throw sessionEnded();
}

/**
 * Ends the session: first where writes are proven, then at the gate where every request passes. Sent again after
 * the gate was out of reach, it finishes what is left.
 */
export async function signOut(ctx: Context): Promise<undefined> {
  const { session_id, gate } = actorOf(ctx);
  const entry = { action: "session.close", entity_type: "session", entity_id: session_id } as const;
  try {
    await ctx.db.commit([auditStatement(ctx, [entry]), revokeSessionStatement(session_id, ctx.now)]);
  } catch (error) {
    if (!isViolationOf(error, "session_revoked")) throw error;
  }
  await revokeAtGate(ctx, gate, session_id);
  return undefined;
}

/** Who is signed in, as the user is now. */
export async function readProfile(ctx: Context): Promise<Profile> {
  const row = await ctx.db.first<AccountRow>(accountByIdStatement(actorOf(ctx).user_id));
  if (!row) throw new Problem("unauthenticated", "There is no such user any more.");
  return toProfile(row);
}

async function answerTokens(
  ctx: Context,
  account: AccountRow,
  session: { id: string; gate: string },
  refreshToken: string,
): Promise<Tokens> {
  logGate(ctx, session.gate);
  return {
    access_token: await signAccessToken(ctx.settings, claimsOf(account, session), ctx.now),
    refresh_token: refreshToken,
    token_type: "Bearer",
    expires_in: ACCESS_TOKEN_LIFE_S,
    user: toProfile(account),
  };
}

function sessionEnded(): Problem {
  return new Problem("session_revoked", "This session has ended; sign in again.");
}
