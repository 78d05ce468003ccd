import { actorOf, type Context } from "../../context.ts";
import { Problem } from "../../http/problem.ts";
import type { Permission } from "../auth/index.ts";

/** Throws Problem `forbidden` for a command whose endpoint asks for a permission that who brings it lacks. */
export function requirePermission(ctx: Context, permission: Permission): void {
  if (actorOf(ctx).permissions.has(permission)) return;
  throw new Problem("forbidden", `This needs the permission ${permission}.`);
}
