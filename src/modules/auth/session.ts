import type { Context } from "../../context.ts";
import type { Row, Statement } from "../../db/database.ts";
import { Problem } from "../../http/problem.ts";
import { describeError, logLine } from "../../telemetry/log.ts";
import { ACCESS_TOKEN_LIFE_S } from "./access-token.ts";
import { type EndedBy, type EndedSession, endSessionsStatements, liveSessionStatement } from "./session-queries.ts";

/** For clocks that do not agree: how long the gate remembers beyond the last access token's own end. */
const LEEWAY_S = 60;

/**
 * Commits `statements` together with the end of sessions, and then tells their gates: from the return on no request of
 * any of them passes, and none of their writes commits. The audit entry stands first in `statements`.
 *
 * Throws `overloaded` when a gate is out of reach: sent again, even where nothing is left to change, it tells the gates
 * of all that ended while an access token of theirs can still be valid. Returns the rows of `statements`.
 */
export async function commitEndingSessions(
  ctx: Context,
  statements: readonly Statement[],
  ends: readonly { by: EndedBy; params: readonly string[] }[],
): Promise<Row[][]> {
  const ending = ends.map(({ by, params }) => endSessionsStatements(by, params, ctx.now));
  const rows = await ctx.db.commit([...statements, ...ending.flat()]);
  const ended = ending.flatMap(
    (_, index) => (rows[statements.length + index * 2 + 1] ?? []) as unknown as EndedSession[],
  );
  await endAtGates(ctx, ended);
  return rows.slice(0, statements.length);
}

/** Tells the gates, side by side, of sessions that have ended in the database. */
export async function endAtGates(ctx: Context, sessions: readonly EndedSession[]): Promise<void> {
  const byGate = Map.groupBy(sessions, ({ gate }) => gate);
  const until = Date.now() + (ACCESS_TOKEN_LIFE_S + LEEWAY_S) * 1000;
  const told = await Promise.allSettled(
    [...byGate].map(async ([gate, ended]) => ctx.gates.revoke(gate, [...new Set(ended.map(({ id }) => id))], until)),
  );
  const failed = told.find((one) => one.status === "rejected");
  if (!failed) return;
  const gates = [...byGate.keys()].filter((_, index) => told[index]?.status === "rejected");
  logLine("error", "sessions could not be ended at their gates", {
    request_id: ctx.request_id,
    gates,
    ...describeError(failed.reason),
  });
  throw new Problem("overloaded", "The sessions can't be ended everywhere just now; send this again.", {
    headers: { "Retry-After": "2" },
    cause: failed.reason,
  });
}

/** Tells the gates once more of sessions that ended lately: for a command sent again whose record is gone already. */
export async function tellGatesAgain(ctx: Context, end: { by: EndedBy; params: readonly string[] }): Promise<void> {
  const [, selectEnded] = endSessionsStatements(end.by, end.params, ctx.now);
  await endAtGates(ctx, await ctx.db.all<EndedSession>(selectEnded));
}

/** Whether a session lives, by the database: for when its gate can't be asked. */
export async function isSessionLive(ctx: Context, sessionId: string): Promise<boolean> {
  return (await ctx.db.first(liveSessionStatement(sessionId))) !== null;
}
