import type { Context } from "../context.ts";
import { type Row, type Statement, statement } from "../db/database.ts";
import { Violation } from "../db/violation.ts";
import { isViolationOf } from "./constraints.ts";
import { type OnceRecord, refuseReusedKey, type StoredAnswer, storedAnswersStatement } from "./idempotency.ts";
import { Problem } from "./problem.ts";
import { RawBody } from "./route.ts";

/** Carrying out a command that bears a key: once, however often it is sent. */

/** What a refusal needs to read to say more, and how it then says it. */
export interface Explanation {
  statements: Statement[];
  explain: (rows: Row[][]) => Problem | null;
}

export const NO_EXPLANATION: Explanation = { statements: [], explain: () => null };

/** What a command comes to: its statements, the audit entry first, and the answer that is kept for a repeat. */
export interface Work {
  statements: readonly Statement[];
  response: object;
}

/**
 * Works a command out and commits it with its answer under its key, as one batch; a repeat is given the answer that was
 * kept. `explain` tells more of a refusal. Throws Problem and Violation.
 */
export async function doOnce(
  ctx: Context,
  once: OnceRecord,
  work: () => Promise<Work> | Work,
  explain: (error: Problem | Violation) => Explanation = () => NO_EXPLANATION,
): Promise<RawBody> {
  try {
    const { statements, response } = await work();
    const text = JSON.stringify(response);
    const batch = [...statements, keepAnswer(once, text, ctx.now.toISOString())];
    const rows = await ctx.db.commit([...batch, ...(ctx.alongside?.statements() ?? [])], { retry: true });
    if (ctx.alongside) ctx.alongside.rows = rows.slice(batch.length);
    return new RawBody(text);
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Violation)) throw error;
    return replayOrRefuse(ctx, once, error, explain(error));
  }
}

/**
 * A repeat may meet any refusal before its key is looked at, so the key is read, in one trip with what the refusal
 * needs to explain itself, before the refusal is told.
 */
export async function replayOrRefuse(
  ctx: Context,
  once: OnceRecord,
  error: unknown,
  told: Explanation,
): Promise<RawBody> {
  // Who is not let in any more is not told again what was done either.
  if (isViolationOf(error, "session_revoked")) throw error;
  const [stored = [], ...rows] = await ctx.db.readAll([
    storedAnswersStatement(once.store_id, [once.key]),
    ...told.statements,
  ]);
  const answer = stored[0] as StoredAnswer | undefined;
  if (!answer) throw told.explain(rows) ?? error;
  refuseReusedKey(once, answer);
  ctx.answer_headers.set("Idempotency-Replayed", "true");
  return new RawBody(answer.response);
}

const KEEP_ANSWER = `
  INSERT INTO idempotency_keys (store_id, key, operation, fingerprint, named_time, resource_id, response, created_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`;

function keepAnswer(once: OnceRecord, response: string, at: string) {
  const { store_id, key, operation, fingerprint, named_time = null, resource_id } = once;
  return statement(KEEP_ANSWER, store_id, key, operation, fingerprint, named_time, resource_id, response, at);
}
