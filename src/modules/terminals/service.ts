import { actorOf, type Context, requireStore, storeFilter } from "../../context.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { Problem } from "../../http/problem.ts";
import { tagAnswer, versionFromIfMatch } from "../../http/conditional.ts";
import { auditStatement } from "../audit/index.ts";
import { makePairingCode } from "./new-pairing-code.ts";
import {
  insertTerminalStatement,
  terminalByIdStatement,
  terminalPageStatement,
  type TerminalRow,
  updateTerminalStatement,
} from "./queries.ts";
import type { PairingCode, Terminal, TerminalChange, TerminalInput, TerminalQuery } from "./schemas.ts";

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

/** The same, with its entity tag. */
export async function getTerminal(ctx: Context, id: string): Promise<Terminal> {
  const terminal = await readTerminal(ctx, id);
  tagAnswer(ctx, terminal.version);
  return terminal;
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

/** Gives a terminal another name. Its code is on every bill and stays. */
export async function renameTerminal(ctx: Context, id: string, { name }: TerminalChange): Promise<Terminal> {
  const version = versionFromIfMatch(ctx);
  const before = await readTerminal(ctx, id);
  if (before.version !== version) {
    throw new Problem("stale_version", "The terminal was changed meanwhile; read it again.");
  }
  const after = { ...before, name, version: version + 1 };
  const entry = {
    action: "terminal.update",
    entity_type: "terminal",
    entity_id: id,
    store_id: before.store_id,
    before: { name: before.name },
    after: { name },
  } as const;
  await ctx.db.commit([auditStatement(ctx, [entry]), updateTerminalStatement(after)]);
  tagAnswer(ctx, after.version);
  return after;
}

/** Puts a terminal in a store, with the code to pair its till by. Refuses a code the store has already (`conflict`) and an unknown store. */
export async function createTerminal(ctx: Context, input: TerminalInput): Promise<Terminal & PairingCode> {
  requireStore(ctx, input.store_id);
  const at = ctx.now.toISOString();
  const nothingYet = { paired_at: null, last_seq: 0 };
  const terminal = { ...input, id: ctx.newId(), active: true, version: 1, created_at: at, ...nothingYet };
  const { code, statements } = makePairingCode(ctx, terminal.id);
  const entry = {
    action: "terminal.create",
    entity_type: "terminal",
    entity_id: terminal.id,
    after: terminal,
  } as const;
  try {
    await ctx.db.commit([auditStatement(ctx, [entry]), insertTerminalStatement(terminal), ...statements]);
  } catch (error) {
    if (isViolationOf(error, "FOREIGN KEY"))
      throw new Problem("not_found", "There is no such store.", { cause: error });
    throw error;
  }
  return { ...terminal, ...code };
}

export function toTerminal({ arrival: _, active, ...row }: TerminalRow): Terminal {
  return { ...row, active: active === 1 };
}
