import { type Actor, actorOf, type Context } from "../../context.ts";
import type { Statement } from "../../db/database.ts";
import { Problem } from "../../http/problem.ts";
import { type AuditEntry, auditStatement } from "../audit/index.ts";
import { accountIn, rightsOf, worksAt } from "./account.ts";
import { askPinAttempt, countPinFailure, type PinPad } from "./limits.ts";
import { verifyPassword } from "./password.ts";
import type { Permission } from "./permissions.ts";
import { acceptPinStatement, countFailureStatement, MAX_PIN_FAILURES } from "./pin-queries.ts";
import { pinLocked } from "./pin-sign-in.ts";
import { type AccountRow, type ManagerRow, managerStatement } from "./queries.ts";

/** A manager at somebody else's till, who types a name and a PIN. */

export interface ManagerPin {
  username: string;
  pin: string;
  store_id: string;
  /** What the manager must be permitted. */
  permission: Permission;
}

export interface Manager {
  user_id: string;
  /** To go into the batch that rests on it, after the audit entry: refused when the PIN was locked meanwhile. */
  acceptPin: Statement;
}

const NOBODY = "";

/**
 * The active user of this name and PIN who works in the store and has the permission, or null, whatever was wrong and
 * after the same work: one read, one PIN verified, one batch, two questions to the gate. Throws `not_found` for a store
 * that is not there, `rate_limited`, and `forbidden` for a PIN that is locked, right or wrong.
 */
export async function recognizeManager(ctx: Context, asked: ManagerPin): Promise<Manager | null> {
  const { username, pin, store_id } = asked;
  const pad = padOf(actorOf(ctx));
  await askPinAttempt(ctx, username, pad);
  const row = await ctx.db.first<ManagerRow>(managerStatement(username, store_id));
  if (!row) throw new Problem("not_found", "There is no such store.");
  const right = await verifyPassword(pin, ctx.settings.PASSWORD_PEPPER, row.pin_hash);
  if ((row.pin_failures ?? 0) >= MAX_PIN_FAILURES) {
    await countPinFailure(ctx, username, pad);
    throw pinLocked();
  }
  const account = accountIn(row);
  if (right && account && mayApprove(account, asked)) {
    await askPinAttempt(ctx, username, pad);
    return { user_id: account.id, acceptPin: acceptPinStatement(account.id, store_id) };
  }
  // A right PIN of somebody who may not does not bring that PIN nearer to its lock.
  const guessedAt = right ? NOBODY : (row.id ?? NOBODY);
  await ctx.db.commit([
    auditStatement(ctx, [describeRefusal(row, right, asked)]),
    countFailureStatement(guessedAt, store_id),
  ]);
  await countPinFailure(ctx, username, pad);
  return null;
}

function mayApprove(account: AccountRow, { store_id, permission }: ManagerPin): boolean {
  if (account.active === 0 || account.must_change_password === 1) return false;
  return worksAt(account, store_id) && rightsOf(account).permissions.has(permission);
}

/** The name that was typed is not kept: people type passwords into the wrong field. */
function describeRefusal({ id }: ManagerRow, right: boolean, { store_id, permission }: ManagerPin): AuditEntry {
  return {
    action: right ? "pin.refuse" : "pin.fail",
    ...(id === null ? { entity_type: "store", entity_id: store_id } : { entity_type: "user", entity_id: id }),
    store_id,
    after: { permission },
  };
}

function padOf({ terminal_id, user_id }: Actor): PinPad {
  return { bucket: "approval_pin", key: terminal_id === null ? `user:${user_id}` : `till:${terminal_id}` };
}
