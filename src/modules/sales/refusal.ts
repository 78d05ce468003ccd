import type { Context } from "../../context.ts";
import type { Row, Statement } from "../../db/database.ts";
import { type OnceRecord, refuseReusedKey, type StoredAnswer, storedAnswersStatement } from "../../http/idempotency.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { Problem } from "../../http/problem.ts";
import { RawBody } from "../../http/route.ts";
import type { Draft } from "./draft.ts";
import { selectOnHand, selectPeople } from "./queries.ts";
import type { SaleInput } from "./schemas.ts";

/** What happens when a sale or refund is refused: a repeat is answered as before, a refusal says what it can. */

/** What a refusal needs to read to say more, and how it then says it. */
export interface Explanation {
  statements: Statement[];
  explain: (rows: Row[][]) => Problem | null;
}

export const NO_EXPLANATION: Explanation = { statements: [], explain: () => null };

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

/** Says which lines want more than is on hand, or which person is unknown. */
export function explainRefusal(
  input: Pick<SaleInput, "customer_id" | "salesperson_id">,
  draft: Draft,
  error: unknown,
): Explanation {
  if (isViolationOf(error, "insufficient_stock")) {
    const { movements } = draft;
    return {
      statements: [selectOnHand(draft.once.store_id, [...new Set(movements.map((one) => one.product_id))])],
      explain: ([levels = []]) => explainShortage(draft, levels),
    };
  }
  if (isViolationOf(error, "FOREIGN KEY")) {
    return {
      statements: [selectPeople(input.customer_id ?? null, input.salesperson_id ?? null)],
      explain: ([counts = []]) => explainPeople(input, counts[0] ?? {}),
    };
  }
  return NO_EXPLANATION;
}

function explainShortage(draft: Draft, levels: Row[]): Problem {
  const onHand = new Map(levels.map((level) => [String(level["product_id"]), Number(level["on_hand"])]));
  const left = new Map(onHand);
  const errors = draft.movements.flatMap((movement) => {
    const before = left.get(movement.product_id) ?? 0;
    left.set(movement.product_id, before + movement.quantity);
    if (before + movement.quantity >= 0) return [];
    const known = onHand.get(movement.product_id) ?? 0;
    const detail = `wants more than the ${String(known)} on hand`;
    return [
      {
        pointer: `/lines/${String(movement.line_no - 1)}/quantity`,
        detail,
        product_id: movement.product_id,
        on_hand: known,
      },
    ];
  });
  // Stock that came back since the refusal leaves nothing to point at; the refusal stands.
  return new Problem("insufficient_stock", "There is not enough stock.", errors.length > 0 ? { errors } : {});
}

function explainPeople(input: Pick<SaleInput, "customer_id" | "salesperson_id">, counts: Row): Problem | null {
  const errors = [
    ...(input.customer_id !== undefined && counts["customers"] === 0
      ? [{ pointer: "/customer_id", detail: "names no customer" }]
      : []),
    ...(input.salesperson_id !== undefined && counts["salespeople"] === 0
      ? [{ pointer: "/salesperson_id", detail: "names no salesperson" }]
      : []),
  ];
  const [first] = errors;
  return first ? new Problem("validation_failed", `${first.pointer} ${first.detail}`, { errors }) : null;
}
