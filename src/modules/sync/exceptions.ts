import { actorOf, type Context, ofOwnStore, requireStore, storeFilter } from "../../context.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { auditStatement } from "../audit/index.ts";
import { resolveException, selectException, selectExceptions } from "./queries.ts";
import type { SyncException } from "./schemas.ts";

/** What offline tills left for someone to look at. */

interface ExceptionFilter {
  store_id?: string | undefined;
  terminal_id?: string | undefined;
  type?: string | undefined;
  state?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

type ExceptionRow = SyncException & { arrival: number; number_kind: string | null };

/** In order of arrival, of one store or of all the actor's. */
export async function listExceptions(
  ctx: Context,
  filter: ExceptionFilter,
): Promise<{ data: SyncException[]; next_cursor: string | null }> {
  if (filter.store_id !== undefined) requireStore(ctx, filter.store_id);
  const rows = await ctx.db.all<ExceptionRow>(
    selectExceptions({ ...filter, own_stores: storeFilter(ctx) }, readCursor(filter.cursor), filter.limit + 1),
  );
  return toPage(rows, filter.limit, toException);
}

/** Says what was made of an exception. `conflict` when it is resolved already. */
export async function resolveExceptionBy(ctx: Context, exceptionId: string, note: string): Promise<SyncException> {
  const found = ofOwnStore(ctx, (await ctx.db.all<ExceptionRow>(selectException(exceptionId)))[0], "exception");
  const [, rows = []] = await ctx.db.commit([
    auditStatement(ctx, [
      {
        action: "sync_exception.resolve",
        entity_type: "sync_exception",
        entity_id: exceptionId,
        store_id: found.store_id,
        after: { note },
      },
    ]),
    resolveException(exceptionId, ctx.now.toISOString(), actorOf(ctx).user_id, note),
  ]);
  return toException((rows[0] as ExceptionRow | undefined) ?? found);
}

function toException(row: ExceptionRow): SyncException {
  return {
    id: row.id,
    type: row.type,
    state: row.state,
    store_id: row.store_id,
    terminal_id: row.terminal_id,
    seq: row.seq,
    seq_to: row.number_kind === null ? row.seq_to : null,
    sale_id: row.sale_id,
    detail: row.detail,
    opened_at: row.opened_at,
    resolved_at: row.resolved_at,
    resolved_by: row.resolved_by,
    note: row.note,
  };
}
