import type { Context } from "../../context.ts";
import { readCookie } from "../../http/cookies.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { Problem } from "../../http/problem.ts";
import { logLine } from "../../telemetry/log.ts";
import { auditStatement } from "../audit/index.ts";
import { worksAt } from "./account.ts";
import { requireCsrfToken, requireOwnOrigin } from "./browser.ts";
import { takeRefreshAttempt } from "./limits.ts";
import { answerSession } from "./open-session.ts";
import { insertRefreshTokenStatement, type RefreshTokenRow, refreshTokenStatement } from "./queries.ts";
import { hashRefreshToken, newRefreshToken } from "./refresh-token.ts";
import type { RefreshInput, SignedIn } from "./schemas.ts";
import { commitEndingSessions, endAtGates } from "./session.ts";
import { touchSessionStatement } from "./session-queries.ts";

/**
 * Trades a refresh token, from the body or from its cookie, for a new pair, with the user's role and stores of this
 * moment. A token that is used a second time has been in two hands, so its whole session ends (RFC 9700, 4.14.2).
 */
export async function refreshSession(ctx: Context, input: RefreshInput): Promise<SignedIn> {
  const sent = input.refresh_token ?? readCookie(ctx.request_headers, "refresh");
  const transport = input.refresh_token === undefined ? "cookie" : "bearer";
  if (sent === null) throw new Problem("unauthenticated", "Send a refresh_token.");
  await takeRefreshAttempt(ctx);
  const oldHash = hashRefreshToken(sent);
  const row = await ctx.db.first<RefreshTokenRow>(refreshTokenStatement(oldHash));
  if (!row || row.transport !== transport) throw new Problem("unauthenticated", "The refresh token is not valid.");
  if (transport === "cookie") {
    requireOwnOrigin(ctx);
    requireCsrfToken(ctx, row.session_id, ctx.request_headers.get("X-CSRF-Token"));
  }
  if (row.used === 1) return refuseReuse(ctx, row);
  if (row.revoked_at !== null || row.active === 0 || !worksAt(row, row.gate)) throw sessionEnded();
  if (row.expires_at <= ctx.now.toISOString()) throw new Problem("unauthenticated", "The refresh token has expired.");
  const { token, token_hash, expires_at } = newRefreshToken(ctx.now);
  const entry = {
    action: "session.refresh",
    entity_type: "session",
    entity_id: row.session_id,
    actor: { user_id: row.id, session_id: row.session_id },
  } as const;
  try {
    // Not sent again after a fault: it would meet its own first success and take it for a theft.
    await ctx.db.commit([
      auditStatement(ctx, [entry]),
      insertRefreshTokenStatement({ token_hash, session_id: row.session_id, replaces: oldHash, expires_at }, ctx.now),
      touchSessionStatement(row.session_id, ctx.now),
    ]);
  } catch (error) {
    if (isViolationOf(error, "refresh_tokens.replaces")) return refuseReuse(ctx, row);
    throw error;
  }
  return answerSession(ctx, row, { ...row, id: row.session_id }, token);
}

/** Nobody is named as the actor: who holds a used token can't be told. */
async function refuseReuse(ctx: Context, row: RefreshTokenRow): Promise<never> {
  const { id: user_id, session_id, gate } = row;
  if (row.revoked_at !== null) {
    await endAtGates(ctx, [{ id: session_id, gate }]);
    throw sessionEnded();
  }
  logLine("warn", "a refresh token was used twice; its session ends", {
    request_id: ctx.request_id,
    user_id,
    session_id,
  });
  const entry = {
    action: "session.revoke",
    entity_type: "session",
    entity_id: session_id,
    after: { reason: "refresh_token_reused", user_id },
  } as const;
  await commitEndingSessions(ctx, [auditStatement(ctx, [entry])], [{ by: "session", params: [session_id, user_id] }]);
  throw sessionEnded();
}

function sessionEnded(): Problem {
  return new Problem("session_revoked", "This session has ended; sign in again.");
}
