import type { Context } from "../../context.ts";
import type { Statement } from "../../db/database.ts";
import { versionFromIfMatch } from "../../http/conditional.ts";
import { Problem } from "../../http/problem.ts";
import { type AuditEntry, auditStatement } from "../audit/index.ts";
import { commitEndingSessions, tellGatesAgain } from "../auth/index.ts";
import { requireRole, requireStores, storesOfRole } from "./assignment.ts";
import {
  deactivateUserStatement,
  keepPinsStatement,
  keepStoresStatement,
  reactivateUserStatement,
  updateUserStatement,
} from "./change-queries.ts";
import {
  insertUserStoresStatement,
  roleByNameStatement,
  type RoleRow,
  type StoreRow,
  storesByIdStatement,
  userByIdStatement,
} from "./queries.ts";
import type { User, UserPatch } from "./schemas.ts";
import { answerUser, toUserOrRefuse } from "./user.ts";

/** All sessions of a user. */
function everySessionOf(id: string) {
  return { by: "user", params: [id, ""] } as const;
}

/**
 * Changes the named fields of the version that If-Match names. Another role, or a store taken away, ends the user's
 * sessions everywhere; a store added does not. Refuses to demote the last active admin (`conflict`).
 */
export async function patchUser(ctx: Context, id: string, patch: UserPatch): Promise<User> {
  const claimed = versionFromIfMatch(ctx);
  const [users, roles = [], stores = []] = await ctx.db.readAll([
    userByIdStatement(id),
    roleByNameStatement(patch.role ?? ""),
    storesByIdStatement(patch.store_ids ?? []),
  ]);
  const before = toUserOrRefuse(users);
  if (before.version !== claimed) {
    // It may be the same change, sent again because a gate had not heard of it.
    await tellGatesAgain(ctx, everySessionOf(id));
    throw new Problem("stale_version", "The user was changed meanwhile; read it again.");
  }
  const after = reviseUser(before, patch);
  if (patch.role !== undefined) requireRole(roles as unknown as RoleRow[]);
  requireStores(storesOfRole(after.role, patch.store_ids ?? []), stores as unknown as StoreRow[]);
  const ends = after.role !== before.role || before.store_ids.some((one) => !after.store_ids.includes(one));
  const statements = [
    auditStatement(ctx, [userUpdated(before, after)]),
    updateUserStatement(after, claimed, ends, ctx.now),
    ...assignmentStatements(after),
  ];
  return commitAndRead(ctx, id, statements, ends);
}

/** Ends all that the user is signed in to. Twice is once. Refuses the last active admin (`conflict`). */
export async function deactivateUser(ctx: Context, id: string): Promise<User> {
  const user = toUserOrRefuse(await ctx.db.all(userByIdStatement(id)));
  if (!user.active) {
    await tellGatesAgain(ctx, everySessionOf(id));
    return answerUser(ctx, user);
  }
  const statements = [auditStatement(ctx, [activitySet(id, false)]), deactivateUserStatement(id, ctx.now)];
  return commitAndRead(ctx, id, statements, true);
}

/** Lets a user in again, with the password, PINs and stores of before. Twice is once. */
export async function reactivateUser(ctx: Context, id: string): Promise<User> {
  const user = toUserOrRefuse(await ctx.db.all(userByIdStatement(id)));
  if (user.active) return answerUser(ctx, user);
  const statements = [auditStatement(ctx, [activitySet(id, true)]), reactivateUserStatement(id, ctx.now)];
  return commitAndRead(ctx, id, statements, false);
}

function activitySet(id: string, active: boolean): AuditEntry {
  const action = active ? "user.reactivate" : "user.deactivate";
  return { action, entity_type: "user", entity_id: id, before: { active: !active }, after: { active } };
}

/** Commits, ends the user's sessions if it `ends` them, and answers the user as the batch left it. */
export async function commitAndRead(
  ctx: Context,
  id: string,
  statements: readonly Statement[],
  ends: boolean,
): Promise<User> {
  const rows = await commitEndingSessions(
    ctx,
    [...statements, userByIdStatement(id)],
    ends ? [everySessionOf(id)] : [],
  );
  return answerUser(ctx, toUserOrRefuse(rows.at(-1)));
}

function reviseUser(before: User, { full_name, email, role, store_ids }: UserPatch): User {
  const newRole = role ?? before.role;
  return {
    ...before,
    full_name: full_name ?? before.full_name,
    email: email ?? before.email,
    role: newRole,
    store_ids: storesOfRole(newRole, store_ids ?? before.store_ids),
  };
}

/** The stores, and no PIN beyond them: an admin's are good in every store. */
function assignmentStatements({ id, role, store_ids }: User): Statement[] {
  return [
    keepStoresStatement(id, store_ids),
    insertUserStoresStatement(id, store_ids),
    ...(role === "admin" ? [] : [keepPinsStatement(id, store_ids)]),
  ];
}

/** What changed; of an address only that it did, because the log is no place for contacts. */
function userUpdated(before: User, after: User): AuditEntry {
  const show = ({ full_name, role, store_ids }: User) => ({ full_name, role, store_ids });
  const email_changed = before.email !== after.email;
  return {
    action: "user.update",
    entity_type: "user",
    entity_id: before.id,
    before: show(before),
    after: { ...show(after), ...(email_changed ? { email_changed } : {}) },
  };
}
