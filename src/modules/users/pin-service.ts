import { actorOf, type Context } from "../../context.ts";
import type { Statement } from "../../db/database.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { Problem } from "../../http/problem.ts";
import { type AuditEntry, auditStatement } from "../audit/index.ts";
import { commitEndingSessions, findPinFault, hashPassword, refusedField, tellGatesAgain } from "../auth/index.ts";
import {
  pinOwnerStatement,
  type PinOwnerRow,
  removePinStatements,
  setPinStatements,
  unlockPinStatement,
} from "./pin-queries.ts";
import type { PinInput } from "./schemas.ts";

/**
 * Sets the PIN of a user in one store, and ends the sessions that were opened there with the last one. By an admin, or
 * by the user: never from a session that a PIN opened, or whoever has seen it typed could keep it.
 */
export async function setPin(ctx: Context, userId: string, { store_id, pin }: PinInput): Promise<undefined> {
  const owner = await readOwner(ctx, userId, store_id);
  if (owner.works_there === 0) throw refusedField("store_id", "is not a store the user works in; assign it first");
  const fault = findPinFault(pin);
  if (fault !== null) throw refusedField("pin", fault);
  const hash = await hashPassword(pin, ctx.settings.PASSWORD_PEPPER);
  const statements = setPinStatements({ user_id: userId, store_id, hash }, owner.version, ctx.now);
  await commitPin(ctx, "user.set_pin", userId, store_id, statements);
  return undefined;
}

/** Takes the PIN of a user in one store away, under the same conditions. One that is not there is gone already. */
export async function removePin(ctx: Context, userId: string, store_id: string): Promise<undefined> {
  const owner = await readOwner(ctx, userId, store_id);
  if (owner.has_pin === 0) {
    await tellGatesAgain(ctx, { by: "user_pin", params: [userId, store_id] });
    return undefined;
  }
  const statements = removePinStatements(userId, store_id, owner.version, ctx.now);
  await commitPin(ctx, "user.remove_pin", userId, store_id, statements);
  return undefined;
}

/**
 * Lifts the lock after too many wrong PINs. An admin's is lifted by admins alone: else an employee could guess at it,
 * unlock it, and guess on.
 */
export async function unlockPin(ctx: Context, userId: string, store_id: string): Promise<undefined> {
  const owner = await findOwner(ctx, userId, store_id);
  if (!owner || owner.works_there === 0) throw new Problem("not_found", "Nobody with this id works in the store.");
  if (owner.role === "admin" && !isAdmin(ctx)) throw new Problem("forbidden", "Another admin unlocks an admin's PIN.");
  if (owner.has_pin === 0) throw new Problem("not_found", "The user has no PIN in this store.");
  const entry = entryOf("user.unlock_pin", userId, store_id);
  await ctx.db.commit([auditStatement(ctx, [entry]), unlockPinStatement(userId, store_id)]);
  return undefined;
}

/** The user and the store, for who may set or take away the PIN. */
async function readOwner(ctx: Context, userId: string, storeId: string): Promise<PinOwnerRow> {
  const { user_id, method } = actorOf(ctx);
  const own = user_id === userId;
  if (!own && !isAdmin(ctx)) throw new Problem("forbidden", "The PIN of another needs the permission users:manage.");
  if (method === "pin") throw new Problem("forbidden", "Sign in by password or passkey for this; a PIN is not enough.");
  const owner = await findOwner(ctx, userId, storeId);
  if (!owner) throw new Problem("not_found", "There is no such user.");
  if (own && owner.must_change_password === 1) throw new Problem("forbidden", "Change your password first.");
  if (owner.store_known === 0) throw new Problem("not_found", "There is no such store.");
  return owner;
}

async function findOwner(ctx: Context, userId: string, storeId: string): Promise<PinOwnerRow | null> {
  return ctx.db.first<PinOwnerRow>(pinOwnerStatement(userId, storeId));
}

function isAdmin(ctx: Context): boolean {
  return actorOf(ctx).permissions.has("users:manage");
}

async function commitPin(
  ctx: Context,
  action: AuditEntry["action"],
  userId: string,
  storeId: string,
  statements: readonly Statement[],
): Promise<void> {
  try {
    await commitEndingSessions(
      ctx,
      [auditStatement(ctx, [entryOf(action, userId, storeId)]), ...statements],
      [{ by: "user_pin", params: [userId, storeId] }],
    );
  } catch (error) {
    if (!isViolationOf(error, "stale_version")) throw error;
    throw new Problem("conflict", "The user was changed meanwhile; send it again.", { cause: error });
  }
}

function entryOf(action: AuditEntry["action"], userId: string, store_id: string): AuditEntry {
  return { action, entity_type: "user", entity_id: userId, store_id };
}
