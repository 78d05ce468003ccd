import type { Context } from "../../context.ts";
import { namedFields } from "../../core/named-fields.ts";
import { tagAnswer, versionFromIfMatch } from "../../http/conditional.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { Problem } from "../../http/problem.ts";
import { auditStatement } from "../audit/index.ts";
import { commitEndingSessions, findBuiltInRole, type Permission } from "../auth/index.ts";
import {
  insertRoleStatement,
  roleByIdStatement,
  rolePageStatement,
  type RoleRow,
  updateRoleStatement,
} from "./queries.ts";
import type { Role, RoleChange, RoleInput } from "./schemas.ts";

export async function readRole(ctx: Context, id: string): Promise<Role> {
  const role = await loadRole(ctx, id);
  tagAnswer(ctx, role.version);
  return role;
}

export async function listRoles(
  ctx: Context,
  { cursor, limit }: { limit: number; cursor?: string | undefined },
): Promise<{ data: Role[]; next_cursor: string | null }> {
  return toPage(await ctx.db.all<RoleRow>(rolePageStatement(readCursor(cursor), limit + 1)), limit, toRole);
}

/** Makes a role. Refuses a name that is taken (`conflict`). */
export async function createRole(ctx: Context, input: RoleInput): Promise<Role> {
  const at = ctx.now.toISOString();
  const made = { id: ctx.newId(), built_in: false, active: true, version: 1, created_at: at, updated_at: at };
  const role: Role = { ...input, ...made };
  const entry = { action: "role.create", entity_type: "role", entity_id: role.id, after: role } as const;
  await ctx.db.commit([auditStatement(ctx, [entry]), insertRoleStatement(role)]);
  return role;
}

/** Changes what a role permits. Who has it is signed out everywhere, since their tokens tell of the role as it was. */
export async function changeRole(ctx: Context, id: string, change: RoleChange): Promise<Role> {
  const version = versionFromIfMatch(ctx);
  const before = await loadOwnRole(ctx, id);
  if (before.version !== version) throw new Problem("stale_version", "The role was changed meanwhile; read it again.");
  return writeRole(ctx, "role.update", before, change);
}

/** Takes a role out of use or back into it; refuses (`conflict`) while active users have it. The same twice is once. */
export async function setRoleActive(ctx: Context, id: string, active: boolean): Promise<Role> {
  const before = await loadOwnRole(ctx, id);
  if (before.active === active) {
    tagAnswer(ctx, before.version);
    return before;
  }
  return writeRole(ctx, active ? "role.reactivate" : "role.deactivate", before, { active });
}

async function writeRole(
  ctx: Context,
  action: `role.${string}`,
  before: Role,
  change: RoleChange & { active?: boolean },
): Promise<Role> {
  const { description, permissions, max_discount_ppm, active } = { ...before, ...namedFields(change) };
  const named = { description, permissions, max_discount_ppm, active };
  const after: Role = { ...before, ...named, version: before.version + 1, updated_at: ctx.now.toISOString() };
  const entry = { action, entity_type: "role", entity_id: before.id, before, after } as const;
  await commitEndingSessions(
    ctx,
    [auditStatement(ctx, [entry]), updateRoleStatement(after)],
    [{ by: "role", params: [before.name] }],
  );
  tagAnswer(ctx, after.version);
  return after;
}

async function loadRole(ctx: Context, id: string): Promise<Role> {
  const row = await ctx.db.first<RoleRow>(roleByIdStatement(id));
  if (!row) throw new Problem("not_found", "There is no such role.");
  return toRole(row);
}

async function loadOwnRole(ctx: Context, id: string): Promise<Role> {
  const role = await loadRole(ctx, id);
  if (role.built_in) throw new Problem("conflict", "A built-in role can't be changed; make one of your own.");
  return role;
}

function toRole({ arrival: _, ...row }: RoleRow): Role {
  const builtIn = row.built_in === 1 ? findBuiltInRole(row.name) : undefined;
  return {
    ...row,
    permissions: builtIn ? [...builtIn.permissions] : (JSON.parse(row.permissions) as Permission[]),
    max_discount_ppm: builtIn?.max_discount_ppm ?? row.max_discount_ppm,
    built_in: row.built_in === 1,
    active: row.active === 1,
  };
}
