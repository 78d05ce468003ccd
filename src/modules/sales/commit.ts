import type { Context } from "../../context.ts";
import type { Statement } from "../../db/database.ts";
import { auditStatement } from "../audit/index.ts";
import { stockMovementsStatement } from "../inventory/index.ts";
import type { Draft } from "./draft.ts";
import {
  completeSales,
  insertPayments,
  insertRefundLines,
  insertRefunds,
  insertSaleLines,
  insertSales,
  keepAnswers,
  sealRefunds,
  takeNumbers,
} from "./queries.ts";

/** What one draft became: the number the batch gave it, and its answer as JSON text. */
export interface Committed {
  id: string;
  /** `invoice_no` or `refund_no`. */
  number: string;
  answer: string;
}

/**
 * Commits drafts as one batch, in the order given: all of them or none. `further` statements go with them (an
 * offline till's own records); their rows come back after the drafts'.
 */
export async function commitDrafts(
  ctx: Context,
  drafts: readonly Draft[],
  further: readonly Statement[] = [],
): Promise<Committed[]> {
  const batch = [...draftStatements(ctx, drafts), ...further];
  const keepIndex = batch.length - further.length - 1;
  const rows = await ctx.db.commit(batch);
  const kept = new Map(rows[keepIndex]?.map((row) => [String(row["resource_id"]), String(row["response"])]));
  return drafts.map(({ id, kind }) => {
    const answer = kept.get(id) ?? "";
    const { invoice_no, refund_no } = JSON.parse(answer) as { invoice_no?: string; refund_no?: string };
    return { id, number: (kind === "sale" ? invoice_no : refund_no) ?? "", answer };
  });
}

/** The batch: the audit entries authorize it, the last statement keeps the answers. */
function draftStatements(ctx: Context, drafts: readonly Draft[]): Statement[] {
  const sales = drafts.filter(({ kind }) => kind === "sale");
  const refunds = drafts.filter(({ kind }) => kind === "refund");
  const movements = drafts.flatMap((draft) => draft.movements);
  const createdAt = ctx.now.toISOString();
  return [
    auditStatement(
      ctx,
      drafts.map((draft) => ({
        action: `${draft.kind}.create`,
        entity_type: draft.kind,
        entity_id: draft.id,
        store_id: draft.once.store_id,
        after: { total: draft.audit_total },
      })),
    ),
    ...takeNumbers(drafts.map((draft) => draft.number)),
    ...whenAny(sales, () => [
      insertSales(JSON.stringify(withNumbers(sales))),
      insertSaleLines(JSON.stringify(sales.flatMap((draft) => draft.lines))),
      insertPayments("sale", JSON.stringify(sales.flatMap((draft) => draft.payments))),
      completeSales(JSON.stringify(sales.map(({ id }) => id))),
    ]),
    ...whenAny(refunds, () => [
      insertRefunds(JSON.stringify(withNumbers(refunds))),
      insertRefundLines(JSON.stringify(refunds.flatMap((draft) => draft.lines))),
      insertPayments("refund", JSON.stringify(refunds.flatMap((draft) => draft.payments))),
      sealRefunds(JSON.stringify(refunds.map(({ id }) => id))),
    ]),
    ...whenAny(movements, () => [stockMovementsStatement(movements, createdAt)]),
    keepAnswers(JSON.stringify(drafts.map(({ once, answer }) => ({ ...once, response: answer }))), createdAt),
  ];
}

function whenAny<T>(items: readonly T[], statements: () => Statement[]): Statement[] {
  return items.length > 0 ? statements() : [];
}

/** Each header with its place in the numbers its sequence gives out, counted from the last. */
function withNumbers(drafts: readonly Draft[]): object[] {
  const left = new Map<string, number>();
  const sequenceOf = ({ number }: Draft) => `${number.store_id} ${number.terminal_code}`;
  for (const draft of drafts) {
    if (draft.number.own_number === null) left.set(sequenceOf(draft), (left.get(sequenceOf(draft)) ?? 0) + 1);
  }
  return drafts.map((draft) => {
    const back = (left.get(sequenceOf(draft)) ?? 1) - 1;
    if (draft.number.own_number === null) left.set(sequenceOf(draft), back);
    return {
      ...draft.header,
      store_code: draft.store_code,
      terminal_code: draft.number.terminal_code,
      number_back: back,
    };
  });
}
