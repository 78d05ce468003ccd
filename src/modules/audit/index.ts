import type { Context } from "../../context.ts";
import { type Statement, statement } from "../../db/database.ts";

/** One line of the audit log: who did what to which entity, and what it looked like before and after. */
export interface AuditEntry {
  /** `entity.verb` */
  action: `${string}.${string}`;
  entity_type: string;
  entity_id: string;
  store_id?: string | null;
  before?: unknown;
  after?: unknown;
  /** For what happens while nobody is signed in yet, such as the sign-in itself. */
  actor?: { user_id: string; session_id: string };
}

// Reads only its parameter; the trigger audit_entries_session_live looks up the session by primary key.
const INSERT_ENTRIES = `
  INSERT INTO audit_entries (at, action, entity_type, entity_id, store_id, actor_id, session_id, request_id, ip, before, after)
  SELECT ?1, e.value ->> 'action', e.value ->> 'entity_type', e.value ->> 'entity_id', e.value ->> 'store_id',
    e.value ->> 'actor_id', e.value ->> 'session_id', ?2, ?3, e.value -> 'before', e.value -> 'after'
  FROM json_each(?4) e`;

/**
 * The statement that writes entries. It belongs first in every batch that changes anything: by a trigger it aborts
 * the batch (`session_revoked`) when the actor's session has ended meanwhile.
 */
export function auditStatement(
  ctx: Pick<Context, "now" | "request_id" | "ip" | "actor">,
  entries: readonly AuditEntry[],
): Statement {
  const rows = entries.map((entry) => ({
    action: entry.action,
    entity_type: entry.entity_type,
    entity_id: entry.entity_id,
    store_id: entry.store_id ?? null,
    actor_id: (entry.actor ?? ctx.actor)?.user_id ?? null,
    session_id: (entry.actor ?? ctx.actor)?.session_id ?? null,
    ...(entry.before === undefined ? {} : { before: entry.before }),
    ...(entry.after === undefined ? {} : { after: entry.after }),
  }));
  return statement(INSERT_ENTRIES, ctx.now.toISOString(), ctx.request_id, ctx.ip, JSON.stringify(rows));
}
