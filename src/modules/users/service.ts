import type { Context } from "../../context.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { Problem } from "../../http/problem.ts";
import { type AuditEntry, auditStatement } from "../audit/index.ts";
import { hashPassword } from "../auth/index.ts";
import {
  insertFirstUserStatement,
  insertUserStatement,
  insertUserStoresStatement,
  userByIdStatement,
  userPageStatement,
  type UserRow,
} from "./queries.ts";
import type { SetupInput, User, UserInput } from "./schemas.ts";

export async function readUser(ctx: Context, id: string): Promise<User> {
  const row = await ctx.db.first<UserRow>(userByIdStatement(id));
  if (!row) throw new Problem("not_found", "There is no such user.");
  return toUser(row);
}

export async function listUsers(
  ctx: Context,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ data: User[]; next_cursor: string | null }> {
  const rows = await ctx.db.all<UserRow>(userPageStatement(readCursor(page.cursor), page.limit + 1));
  return toPage(rows, page.limit, toUser);
}

/** Adds a user. Refuses a name that is taken (`conflict`) and a store that does not exist. */
export async function createUser(ctx: Context, input: UserInput): Promise<User> {
  const user = newUser(ctx, input);
  const hash = await hashPassword(input.password, ctx.settings.PASSWORD_PEPPER);
  try {
    await ctx.db.commit([
      auditStatement(ctx, [userCreated(user)]),
      insertUserStatement(user, hash),
      insertUserStoresStatement(user),
    ]);
  } catch (error) {
    if (!isViolationOf(error, "FOREIGN KEY")) throw error;
    throw new Problem("validation_failed", "A store of `store_ids` does not exist.", {
      errors: [{ pointer: "/store_ids", detail: "names a store that does not exist" }],
      cause: error,
    });
  }
  return user;
}

/** Adds the first admin, on a database that has no user yet; `conflict` on any other. */
export async function createFirstAdmin(ctx: Context, input: SetupInput): Promise<User> {
  const user = newUser(ctx, { ...input, role: "admin", store_ids: [] });
  const hash = await hashPassword(input.password, ctx.settings.PASSWORD_PEPPER);
  try {
    await ctx.db.commit([auditStatement(ctx, [userCreated(user)]), insertFirstUserStatement(user, hash)]);
  } catch (error) {
    if (!isViolationOf(error, "users.arrival", "users.username")) throw error;
    throw new Problem("conflict", "The first admin has been made already; an admin makes the other users.", {
      cause: error,
    });
  }
  return user;
}

function newUser(ctx: Context, { username, full_name, email, role, store_ids }: UserInput): User {
  const at = ctx.now.toISOString();
  const stores = role === "admin" ? [] : store_ids;
  return {
    id: ctx.newId(),
    username,
    full_name,
    email,
    role,
    store_ids: stores,
    active: true,
    created_at: at,
    updated_at: at,
  };
}

/** The audit entry of a new user: no more of the person than the name they sign in with. */
function userCreated({ id, username, role, store_ids }: User): AuditEntry {
  return { action: "user.create", entity_type: "user", entity_id: id, after: { username, role, store_ids } };
}

function toUser(row: UserRow): User {
  const { id, username, full_name, email, role, active, created_at, updated_at } = row;
  const store_ids = role === "admin" ? [] : (JSON.parse(row.store_ids) as string[]);
  return { id, username, full_name, email, role, store_ids, active: active === 1, created_at, updated_at };
}
