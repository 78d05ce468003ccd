import type { Context } from "../../context.ts";
import type { Row, Statement } from "../../db/database.ts";
import type { OnceRecord } from "../../http/idempotency.ts";
import { type AuditEntry, auditStatement } from "../audit/index.ts";
import { stockMovementsStatement } from "../inventory/index.ts";
import { ledgerStatement } from "../ledgers/index.ts";
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
} from "./commit-queries.ts";

/** What one draft became: its answer as JSON text, with the number that the batch gave it. */
export interface Committed {
  id: string;
  answer: string;
}

/** What else goes into the batch: an offline till brings its own records, and may bring new customers. */
export interface Alongside {
  audit: readonly AuditEntry[];
  /** Before the drafts, which may refer to them. */
  first: readonly Statement[];
  answers: readonly (OnceRecord & { response: object })[];
  /** After the drafts; their rows are given back. */
  last: readonly Statement[];
}

const NOTHING: Alongside = { audit: [], first: [], answers: [], last: [] };

/** Commits drafts as one batch, in the order given: all of them or none. Throws Violation. */
export async function commitDrafts(
  ctx: Context,
  drafts: readonly Draft[],
  alongside: Alongside = NOTHING,
): Promise<{ committed: Committed[]; rows: Row[][] }> {
  const batch = draftStatements(ctx, drafts, alongside);
  const rows = await ctx.db.commit([...batch, ...alongside.last], { retry: true });
  const kept = new Map(rows[batch.length - 1]?.map((row) => [row["resource_id"], String(row["response"])]));
  const committed = drafts.map(({ id }) => ({ id, answer: kept.get(id) ?? "" }));
  return { committed, rows: rows.slice(batch.length) };
}

/** Commits one draft; its answer as JSON text. Throws Violation. */
export async function commitDraft(ctx: Context, draft: Draft): Promise<string> {
  const { alongside } = ctx;
  const { committed, rows } = await commitDrafts(ctx, [draft], { ...NOTHING, last: alongside?.statements() ?? [] });
  if (alongside) alongside.rows = rows;
  return committed[0]?.answer ?? "";
}

/** The batch: the audit entries authorize it, the last statement keeps the answers. */
function draftStatements(ctx: Context, drafts: readonly Draft[], alongside: Alongside): Statement[] {
  const sales = drafts.filter(({ kind }) => kind === "sale");
  const refunds = drafts.filter(({ kind }) => kind === "refund");
  const movements = drafts.flatMap((draft) => draft.movements);
  const entries = drafts.flatMap((draft) => draft.entries);
  const createdAt = ctx.now.toISOString();
  return [
    auditStatement(ctx, [...alongside.audit, ...drafts.map(describeForAudit)]),
    ...drafts.flatMap(({ leave }) => leave.statements),
    ...alongside.first,
    ...drafts.flatMap(({ before }) => before),
    ...takeNumbers(drafts.map((draft) => draft.number)),
    ...whenAny(sales, () => [
      insertSales(JSON.stringify(withNumbers(sales))),
      insertSaleLines(JSON.stringify(sales.flatMap((draft) => draft.lines))),
      insertPayments("sale", JSON.stringify(sales.flatMap((draft) => draft.payments))),
    ]),
    ...whenAny(refunds, () => [
      insertRefunds(JSON.stringify(withNumbers(refunds))),
      insertRefundLines(JSON.stringify(refunds.flatMap((draft) => draft.lines))),
      insertPayments("refund", JSON.stringify(refunds.flatMap((draft) => draft.payments))),
    ]),
    // In the order in which it happened, whatever it was; and before the schema lets a sale or refund be finished.
    ...whenAny(entries, () => [ledgerStatement(entries, createdAt)]),
    ...whenAny(sales, () => [completeSales(JSON.stringify(sales.map(({ id }) => id)))]),
    ...whenAny(refunds, () => [sealRefunds(JSON.stringify(refunds.map(({ id }) => id)))]),
    ...whenAny(movements, () => [stockMovementsStatement(movements, createdAt)]),
    ...drafts.flatMap(({ after }) => after),
    keepAnswers(
      JSON.stringify([...alongside.answers, ...drafts.map(({ once, answer }) => ({ ...once, response: answer }))]),
      createdAt,
    ),
  ];
}

function describeForAudit({ kind, id, once, audit_total, leave }: Draft): AuditEntry {
  return {
    action: `${kind}.create`,
    entity_type: kind,
    entity_id: id,
    store_id: once.store_id,
    after: { total: audit_total, ...leave.audit },
  };
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
