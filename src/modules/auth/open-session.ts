import type { Context } from "../../context.ts";
import { looksLikeCardNumber } from "../../core/card-number.ts";
import type { Statement } from "../../db/database.ts";
import { setCookie } from "../../http/cookies.ts";
import { auditStatement } from "../audit/index.ts";
import { ACCESS_TOKEN_LIFE_S, signAccessToken } from "./access-token.ts";
import { claimsOf, logGate, type SessionFacts, toProfile } from "./account.ts";
import { wantsCookies } from "./browser.ts";
import { makeCsrfToken } from "./csrf.ts";
import { type AccountRow, insertRefreshTokenStatement } from "./queries.ts";
import { newRefreshToken } from "./refresh-token.ts";
import type { SignedIn } from "./schemas.ts";
import { commitEndingSessions } from "./session.ts";
import type { SessionMethod } from "./session-kind.ts";
import { insertSessionStatement } from "./session-queries.ts";

const MAX_USER_AGENT_LENGTH = 200;

export interface Opening {
  gate: string;
  method: SessionMethod;
  /** The paired till it is opened on, or null. */
  device: { device_id: string; terminal_id: string } | null;
  /** What else the sign-in changes. */
  also?: readonly Statement[];
}

/**
 * Opens a session for an account whose credential has been found right, and answers as the caller asked: tokens, or
 * cookies. Refused by constraint when the account, the till or the PIN changed since it was read.
 *
 * The audit entry comes last here: before its session stands, the entry's guard would refuse it.
 */
export async function openSession(ctx: Context, account: AccountRow, opening: Opening): Promise<SignedIn> {
  const { gate, method, device, also = [] } = opening;
  const session: SessionFacts = {
    id: ctx.newId(),
    gate,
    method,
    transport: wantsCookies(ctx) ? "cookie" : "bearer",
    terminal_id: device?.terminal_id ?? null,
  };
  const { token, token_hash, expires_at } = newRefreshToken(ctx.now);
  const row = {
    ...session,
    user_id: account.id,
    credential_version: account.credential_version,
    device_id: device?.device_id ?? null,
    ip: ctx.ip,
    user_agent: userAgentOf(ctx),
  };
  const entry = {
    action: "session.open",
    entity_type: "session",
    entity_id: session.id,
    after: { method, transport: session.transport, terminal_id: session.terminal_id },
    actor: { user_id: account.id, session_id: session.id },
  } as const;
  await commitEndingSessions(
    ctx,
    [
      ...also,
      insertSessionStatement(row, ctx.now),
      insertRefreshTokenStatement({ token_hash, session_id: session.id, replaces: null, expires_at }, ctx.now),
      auditStatement(ctx, [entry]),
    ],
    // On a till the next cashier takes over from the last.
    method === "pin" && device ? [{ by: "device_pin", params: [device.device_id, session.id] }] : [],
  );
  return answerSession(ctx, account, session, token);
}

/** The tokens of a session that stands, in the body or in cookies. */
export async function answerSession(
  ctx: Context,
  account: AccountRow,
  session: SessionFacts,
  refreshToken: string,
): Promise<SignedIn> {
  logGate(ctx, session.gate);
  const accessToken = await signAccessToken(ctx.settings, claimsOf(account, session), ctx.now);
  const common = { expires_in: ACCESS_TOKEN_LIFE_S, user: toProfile(account, session.method) } as const;
  if (session.transport === "bearer") {
    return { access_token: accessToken, refresh_token: refreshToken, token_type: "Bearer", ...common };
  }
  const csrfToken = makeCsrfToken(ctx.settings, session.id);
  setCookie(ctx.answer_headers, "access", accessToken);
  setCookie(ctx.answer_headers, "refresh", refreshToken);
  setCookie(ctx.answer_headers, "csrf", csrfToken);
  return { token_type: "Cookie", csrf_token: csrfToken, ...common };
}

/** What a person is shown to know a session by. */
function userAgentOf(ctx: Context): string | null {
  const sent = ctx.request_headers.get("User-Agent");
  return sent === null || looksLikeCardNumber(sent)
    ? null
    : sent.replaceAll(/[^\x20-\x7e]/g, "").slice(0, MAX_USER_AGENT_LENGTH);
}
