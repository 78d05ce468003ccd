import { actorOf, type Context, requireStore, storeFilter } from "../../context.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { Problem } from "../../http/problem.ts";
import { auditStatement } from "../audit/index.ts";
import { insertTerminalStatement, terminalByIdStatement, terminalPageStatement, type TerminalRow } from "./queries.ts";
import type { Terminal, TerminalInput, TerminalQuery } from "./schemas.ts";

/** A terminal of a store the actor works in; `not_found` for any other. */
export async function readTerminal(ctx: Context, id: string): Promise<Terminal> {
  const row = await ctx.db.first<TerminalRow>(terminalByIdStatement(id));
  const { store_ids } = actorOf(ctx);
  if (!row || (store_ids !== null && !store_ids.has(row.store_id))) {
    throw new Problem("not_found", "There is no such terminal.");
  }
  ctx.log.store_id = row.store_id;
  return toTerminal(row);
}

/** The terminals of one store, or of all the actor works in. */
export async function listTerminals(
  ctx: Context,
  { store_id, cursor, limit }: TerminalQuery,
): Promise<{ data: Terminal[]; next_cursor: string | null }> {
  if (store_id !== undefined) requireStore(ctx, store_id);
  const among = store_id === undefined ? storeFilter(ctx) : JSON.stringify([store_id]);
  const rows = await ctx.db.all<TerminalRow>(terminalPageStatement(readCursor(cursor), limit + 1, among));
  return toPage(rows, limit, toTerminal);
}

/** Puts a terminal in a store. Refuses a code the store has already (`conflict`) and an unknown store. */
export async function createTerminal(ctx: Context, input: TerminalInput): Promise<Terminal> {
  requireStore(ctx, input.store_id);
  const terminal = { ...input, id: ctx.newId(), active: true, created_at: ctx.now.toISOString(), last_seq: 0 };
  const entry = {
    action: "terminal.create",
    entity_type: "terminal",
    entity_id: terminal.id,
    after: terminal,
  } as const;
  try {
    await ctx.db.commit([auditStatement(ctx, [entry]), insertTerminalStatement(terminal)]);
  } catch (error) {
    if (isViolationOf(error, "FOREIGN KEY"))
      throw new Problem("not_found", "There is no such store.", { cause: error });
    throw error;
  }
  return terminal;
}

function toTerminal({ id, code, name, store_id, active, created_at, last_seq }: TerminalRow): Terminal {
  return { id, code, name, store_id, active: active === 1, created_at, last_seq };
}
