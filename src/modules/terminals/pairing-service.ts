import type { Context } from "../../context.ts";
import type { Row, Statement } from "../../db/database.ts";
import { Problem } from "../../http/problem.ts";
import { auditStatement } from "../audit/index.ts";
import { commitEndingSessions, hashDeviceToken, newDeviceToken, takeAnonymousAttempt } from "../auth/index.ts";
import { storeByIdStatement, type StoreRow, toStore, toStoreAnswer } from "../stores/index.ts";
import { makePairingCode } from "./new-pairing-code.ts";
import { hashPairingCode } from "./pairing-code.ts";
import {
  expireCodesStatement,
  insertDeviceStatement,
  type OpenCode,
  openCodeStatement,
  revokeDeviceStatement,
} from "./pairing-queries.ts";
import { terminalByIdStatement, type TerminalRow, updateTerminalStatement } from "./queries.ts";
import type { Paired, PairingCode, Terminal } from "./schemas.ts";
import { readTerminal, toTerminal } from "./service.ts";

/** A new code for a terminal, which makes older ones worthless. The device it has stays until the code is used. */
export async function renewPairingCode(ctx: Context, id: string): Promise<PairingCode> {
  const terminal = await readTerminal(ctx, id);
  if (!terminal.active) throw new Problem("conflict", "The terminal is out of use; reactivate it first.");
  const { code, statements } = makePairingCode(ctx, id);
  await ctx.db.commit([auditStatement(ctx, [entryOf("terminal.make_pairing_code", terminal)]), ...statements]);
  return code;
}

/**
 * Trades a code for a device token, once. The terminal's device before it, and all that was opened on it, end. A wrong
 * code, an old one and a used one are the same `not_found`.
 */
export async function pairTerminal(ctx: Context, typed: string): Promise<Paired> {
  await takeAnonymousAttempt(ctx);
  const codeHash = hashPairingCode(typed, ctx.settings.PASSWORD_PEPPER);
  const code = await ctx.db.first<OpenCode>(openCodeStatement(codeHash, ctx.now));
  if (!code) throw new Problem("not_found", "There is no such pairing code, or it has been used or has expired.");
  const { terminal_id, store_id } = code;
  const device_token = newDeviceToken();
  const device = {
    id: ctx.newId(),
    terminal_id,
    token_hash: hashDeviceToken(device_token),
    code_hash: codeHash,
  };
  const entry = {
    action: "terminal.pair",
    entity_type: "terminal",
    entity_id: terminal_id,
    after: { device_id: device.id },
  } as const;
  const rows = await commitEndingSessions(
    ctx,
    [
      auditStatement(ctx, [entry]),
      revokeDeviceStatement(terminal_id, ctx.now),
      insertDeviceStatement(device, ctx.now),
      terminalByIdStatement(terminal_id),
      storeByIdStatement(store_id),
    ],
    [{ by: "terminal", params: [terminal_id] }],
  );
  return { device_token, ...readPaired(ctx, rows) };
}

function readPaired(ctx: Context, rows: Row[][]): Omit<Paired, "device_token"> {
  const [terminal] = (rows[3] ?? []) as unknown as TerminalRow[];
  const [store] = (rows[4] ?? []) as unknown as StoreRow[];
  if (!terminal || !store) throw new Error("a paired terminal has no store");
  ctx.log.store_id = terminal.store_id;
  return { terminal: toTerminal(terminal), store: toStoreAnswer(toStore(store)) };
}

/** Cuts a till off: its device, every session opened on it, its open codes. The one call for a till that was stolen. */
export async function unpairTerminal(ctx: Context, id: string): Promise<Terminal> {
  const terminal = await readTerminal(ctx, id);
  await commitEndingSessions(
    ctx,
    [auditStatement(ctx, [entryOf("terminal.unpair", terminal)]), ...cutOffStatements(ctx, id)],
    [{ by: "terminal", params: [id] }],
  );
  return { ...terminal, paired_at: null };
}

/** Takes a terminal out of use, which cuts it off, or back into use. The same twice is once. */
export async function setTerminalActive(ctx: Context, id: string, active: boolean): Promise<Terminal> {
  const before = await readTerminal(ctx, id);
  const after = before.active === active ? before : { ...before, active, version: before.version + 1 };
  const action = active ? "terminal.reactivate" : "terminal.deactivate";
  await commitEndingSessions(
    ctx,
    [
      auditStatement(ctx, [entryOf(action, before)]),
      ...(after === before ? [] : [updateTerminalStatement(after)]),
      ...(active ? [] : cutOffStatements(ctx, id)),
    ],
    active ? [] : [{ by: "terminal", params: [id] }],
  );
  return active ? after : { ...after, paired_at: null };
}

function cutOffStatements(ctx: Context, terminalId: string): Statement[] {
  return [revokeDeviceStatement(terminalId, ctx.now), expireCodesStatement(terminalId, ctx.now)];
}

function entryOf(action: `terminal.${string}`, { id, store_id }: Terminal) {
  return { action, entity_type: "terminal", entity_id: id, store_id } as const;
}
