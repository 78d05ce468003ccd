import type { Context } from "../../context.ts";
import { Problem } from "../../http/problem.ts";
import { type AuditEntry, auditStatement } from "../audit/index.ts";
import { findAdmission } from "./admission.ts";
import { requireOwnOrigin, wantsCookies } from "./browser.ts";
import { findDevice, hashDeviceToken, sentDeviceToken } from "./device.ts";
import { askPinAttempt, countPinFailure, type PinPad } from "./limits.ts";
import { openSession } from "./open-session.ts";
import { verifyPassword } from "./password.ts";
import { countFailureStatement, forgetFailuresStatement, MAX_PIN_FAILURES } from "./pin-queries.ts";
import { type SignInRow, signInStatement } from "./queries.ts";
import type { PinInput, SignedIn } from "./schemas.ts";

/**
 * Switches the cashier of a paired till, in one call: the session that a PIN opened there before ends. An unknown
 * name, a wrong PIN, none at this store and a user who does not work there are one and the same `unauthenticated`,
 * after the same work; a PIN that is locked is `forbidden`, right or wrong.
 */
export async function signInByPin(ctx: Context, { username, pin }: PinInput): Promise<SignedIn> {
  const token = sentDeviceToken(ctx);
  if (token === null) throw new Problem("unauthenticated", "Send the till's X-Device-Token; pair the till first.");
  if (wantsCookies(ctx)) requireOwnOrigin(ctx);
  const pad: PinPad = { bucket: "pin", key: token };
  await askPinAttempt(ctx, username, pad);
  const row = await ctx.db.first<SignInRow>(signInStatement(username, hashDeviceToken(token), null));
  // A stranger's tokens count against the address that sends them.
  if ((row?.device_id ?? null) === null) await countPinFailure(ctx, username, pad);
  const device = findDevice(row);
  const right = await verifyPassword(pin, ctx.settings.PASSWORD_PEPPER, row?.pin_hash ?? null);
  const admission = findAdmission(ctx, row, undefined);
  const failures = row?.pin_failures ?? 0;
  if (failures >= MAX_PIN_FAILURES) {
    await countPinFailure(ctx, username, pad);
    throw pinLocked();
  }
  if (!right || !admission) {
    await countWrongPin(ctx, row, device.till_store_id);
    await countPinFailure(ctx, username, pad);
    throw new Problem("unauthenticated", "The name or the PIN is wrong, or it is for another store.");
  }
  await askPinAttempt(ctx, username, pad);
  const also = failures === 0 ? [] : [forgetFailuresStatement(admission.account.id, device.till_store_id)];
  return openSession(ctx, admission.account, { gate: admission.gate, method: "pin", device, also });
}

/** Counted in the database too, where nothing forgets it: twenty in a row lock the PIN. */
async function countWrongPin(ctx: Context, row: SignInRow | null, storeId: string): Promise<void> {
  if (row === null || row.id === null || row.pin_hash === null) return;
  const entry: AuditEntry = {
    action: "pin.fail",
    entity_type: "user",
    entity_id: row.id,
    store_id: storeId,
    after: { terminal_id: row.terminal_id },
  };
  await ctx.db.commit([auditStatement(ctx, [entry]), countFailureStatement(row.id, storeId)]);
}

export function pinLocked(): Problem {
  return new Problem("forbidden", "The PIN is locked after too many wrong ones; a manager can unlock it.");
}
