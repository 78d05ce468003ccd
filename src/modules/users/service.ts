import type { Context } from "../../context.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { Problem } from "../../http/problem.ts";
import { type AuditEntry, auditStatement } from "../audit/index.ts";
import { hashPassword, requireGoodPassword } from "../auth/index.ts";
import { requireRole, requireStores, storesOfRole } from "./assignment.ts";
import {
  firstStoresStatement,
  insertFirstUserStatement,
  insertUserStatement,
  insertUserStoresStatement,
  roleByNameStatement,
  type RoleRow,
  type StoreRow,
  storesByIdStatement,
  userByIdStatement,
  userPageStatement,
} from "./queries.ts";
import type { SetupInput, User, UserInput, UserQuery } from "./schemas.ts";
import { answerUser, toUser, toUserOrRefuse, type UserRow } from "./user.ts";

export async function readUser(ctx: Context, id: string): Promise<User> {
  return answerUser(ctx, toUserOrRefuse(await ctx.db.all(userByIdStatement(id))));
}

export async function listUsers(
  ctx: Context,
  { limit, cursor, ...filters }: UserQuery,
): Promise<{ data: User[]; next_cursor: string | null }> {
  const rows = await ctx.db.all<UserRow>(userPageStatement(filters, readCursor(cursor), limit + 1));
  return toPage(rows, limit, toUser);
}

/** Adds a user. Refuses a name that is taken (`conflict`), a role or store that does not exist, and a weak password. */
export async function createUser(ctx: Context, input: UserInput): Promise<User> {
  const user = newUser(ctx, input);
  const [roles = [], stores = []] = await ctx.db.readAll([
    roleByNameStatement(user.role),
    user.role === "admin" ? firstStoresStatement() : storesByIdStatement(user.store_ids),
  ]);
  const found = stores as unknown as StoreRow[];
  requireRole(roles as unknown as RoleRow[]);
  requireStores(user.store_ids, found);
  requireGoodPassword("password", input.password, { ...user, stores: found });
  const hash = await hashPassword(input.password, ctx.settings.PASSWORD_PEPPER);
  await ctx.db.commit([
    auditStatement(ctx, [userCreated(user)]),
    insertUserStatement(user, hash),
    insertUserStoresStatement(user.id, user.store_ids),
  ]);
  return answerUser(ctx, user);
}

/** Adds the first admin, on a database that has no user yet; `conflict` on any other. */
export async function createFirstAdmin(ctx: Context, input: SetupInput): Promise<User> {
  const user = newUser(ctx, { ...input, role: "admin", store_ids: [] });
  requireGoodPassword("password", input.password, { ...user, stores: [] });
  const hash = await hashPassword(input.password, ctx.settings.PASSWORD_PEPPER);
  try {
    await ctx.db.commit([auditStatement(ctx, [userCreated(user)]), insertFirstUserStatement(user, hash)]);
  } catch (error) {
    if (!isViolationOf(error, "users.arrival", "users.username")) throw error;
    throw new Problem("conflict", "The first admin has been made already; an admin makes the other users.", {
      cause: error,
    });
  }
  return answerUser(ctx, user);
}

function newUser(ctx: Context, { username, full_name, email, role, store_ids }: UserInput): User {
  const at = ctx.now.toISOString();
  return {
    id: ctx.newId(),
    username,
    full_name,
    email,
    role,
    // In the order in which the database tells them.
    store_ids: storesOfRole(role, store_ids).toSorted(),
    pin_store_ids: [],
    must_change_password: false,
    active: true,
    version: 1,
    created_at: at,
    updated_at: at,
  };
}

/** The audit entry of a new user: no more of the person than the name they sign in with. */
function userCreated({ id, username, role, store_ids }: User): AuditEntry {
  return { action: "user.create", entity_type: "user", entity_id: id, after: { username, role, store_ids } };
}
