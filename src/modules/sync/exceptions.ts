import { and, asc, eq, gt, sql } from "drizzle-orm";
import { actorOf, type Context, ofOwnStore, requireStore, storeFilter } from "../../context.ts";
import type { Row } from "../../db/database.ts";
import { given, queryBuilder, toStatement } from "../../db/query-builder.ts";
import { syncExceptions } from "../../db/schema/sync.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { auditStatement } from "../audit/index.ts";
import { resolveException, selectException } from "./queries.ts";
import { exceptionSchema, type SyncException } from "./schemas.ts";

/** What offline tills left for someone to look at. */

interface ExceptionFilter {
  store_id?: string | undefined;
  terminal_id?: string | undefined;
  type?: string | undefined;
  state?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** In order of arrival, of one store or of all the actor's. By sync_exceptions_by_store or by row number. */
export async function listExceptions(
  ctx: Context,
  filter: ExceptionFilter,
): Promise<{ data: SyncException[]; next_cursor: string | null }> {
  if (filter.store_id !== undefined) requireStore(ctx, filter.store_id);
  const own = storeFilter(ctx);
  const wanted = given(
    gt(syncExceptions.arrival, readCursor(filter.cursor)),
    filter.store_id !== undefined && eq(syncExceptions.store_id, filter.store_id),
    filter.store_id === undefined &&
      own !== null &&
      sql`${syncExceptions.store_id} IN (SELECT value FROM json_each(${own}))`,
    filter.terminal_id !== undefined && eq(syncExceptions.terminal_id, filter.terminal_id),
    filter.type !== undefined && eq(syncExceptions.type, filter.type),
    filter.state !== undefined && eq(syncExceptions.state, filter.state),
  );
  const query = queryBuilder.select().from(syncExceptions).where(and(...wanted));
  const rows = await ctx.db.all<Row & { arrival: number }>(
    toStatement(query.orderBy(asc(syncExceptions.arrival)).limit(filter.limit + 1)),
  );
  return toPage(rows, filter.limit, toException);
}

/** Says what was made of an exception. `conflict` when it is resolved already. */
export async function resolveExceptionBy(ctx: Context, exceptionId: string, note: string): Promise<SyncException> {
  const found = ofOwnStore(ctx, (await ctx.db.first<Row>(selectException(exceptionId))) ?? undefined, "exception");
  const [, rows = []] = await ctx.db.commit(
    [
      auditStatement(ctx, [
        {
          action: "sync_exception.resolve",
          entity_type: "sync_exception",
          entity_id: exceptionId,
          store_id: String(found["store_id"]),
          after: { note },
        },
      ]),
      resolveException(exceptionId, ctx.now.toISOString(), actorOf(ctx).user_id, note),
    ],
    { retry: false },
  );
  return toException(rows[0] ?? found);
}

function toException(row: Row): SyncException {
  return exceptionSchema.parse(row);
}
