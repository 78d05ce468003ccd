import { actorOf, type Context } from "../../context.ts";
import { HQ_GATE } from "../../durable-objects/gate/client.ts";
import { clearCookies, readCookie } from "../../http/cookies.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { readIdCursor, toIdPage } from "../../http/pagination.ts";
import { Problem } from "../../http/problem.ts";
import { auditStatement } from "../audit/index.ts";
import { toProfile } from "./account.ts";
import { accountByIdStatement, type AccountRow } from "./queries.ts";
import type { Csrf, Profile, Session } from "./schemas.ts";
import { commitEndingSessions, endAtGates } from "./session.ts";
import { ownSessionsStatement, ownSessionStatement, type SessionRow } from "./session-queries.ts";

/** Who is signed in, as the user is now. */
export async function readProfile(ctx: Context): Promise<Profile> {
  const { user_id, method } = actorOf(ctx);
  const row = await ctx.db.first<AccountRow>(accountByIdStatement(user_id));
  if (!row) throw new Problem("unauthenticated", "There is no such user any more.");
  return toProfile(row, method);
}

/**
 * The token a page must send with what it changes: after a reload the page asks for it again. Only a page that may
 * read this answer learns it, which CORS sees to.
 */
export async function readCsrfToken(ctx: Context): Promise<Csrf> {
  const csrf_token = readCookie(ctx.request_headers, "csrf");
  if (csrf_token === null) throw new Problem("unauthenticated", "No session was opened with cookies here.");
  return { csrf_token };
}

/**
 * Ends the session: first where writes are proven, then at the gate where every request passes. Sent again after
 * the gate was out of reach, it finishes what is left.
 */
export async function signOut(ctx: Context): Promise<undefined> {
  const { session_id, user_id, gate } = actorOf(ctx);
  const entry = { action: "session.close", entity_type: "session", entity_id: session_id } as const;
  try {
    await commitEndingSessions(ctx, [auditStatement(ctx, [entry])], [{ by: "session", params: [session_id, user_id] }]);
  } catch (error) {
    if (!isViolationOf(error, "session_revoked")) throw error;
    await endAtGates(ctx, [{ id: session_id, gate }]);
  }
  clearCookies(ctx.answer_headers);
  return undefined;
}

/** The sessions of the actor that have not ended. */
export async function listSessions(
  ctx: Context,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ data: Session[]; next_cursor: string | null }> {
  const { user_id, session_id } = actorOf(ctx);
  const rows = await ctx.db.all<SessionRow>(ownSessionsStatement(user_id, readIdCursor(cursor), limit + 1, ctx.now));
  return toIdPage(rows, limit, (row) => toSession(row, session_id));
}

/** Ends one session of the actor; `not_found` for any other. The session in use may end itself. */
export async function revokeSession(ctx: Context, id: string): Promise<undefined> {
  const { user_id } = actorOf(ctx);
  const entry = { action: "session.revoke", entity_type: "session", entity_id: id } as const;
  const own = await ctx.db.first(ownSessionStatement(id, user_id));
  if (!own) throw new Problem("not_found", "You have no such session.");
  await commitEndingSessions(ctx, [auditStatement(ctx, [entry])], [{ by: "session", params: [id, user_id] }]);
  return undefined;
}

/** Ends every session of the actor but the one in use. */
export async function revokeOtherSessions(ctx: Context): Promise<undefined> {
  const { user_id, session_id } = actorOf(ctx);
  const entry = { action: "session.revoke_others", entity_type: "user", entity_id: user_id } as const;
  await commitEndingSessions(ctx, [auditStatement(ctx, [entry])], [{ by: "user", params: [user_id, session_id] }]);
  return undefined;
}

function toSession(row: SessionRow, currentId: string): Session {
  const { id, gate, method, terminal_id, ip, user_agent, created_at, refreshed_at } = row;
  const store_id = gate === HQ_GATE ? null : gate;
  return { id, store_id, terminal_id, method, ip, user_agent, created_at, refreshed_at, current: id === currentId };
}
