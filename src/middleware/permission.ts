import { createMiddleware } from "hono/factory";
import { actorOf } from "../context.ts";
import type { AppEnv } from "../http/app-env.ts";
import { Problem } from "../http/problem.ts";
import type { Permission } from "../modules/auth/permissions.ts";

/** Refuses an actor whose role lacks the permission the route declares. */
export function requirePermission(permission: Permission) {
  return createMiddleware<AppEnv>(async function permissionCheck(c, next) {
    if (!actorOf(c.get("ctx")).permissions.has(permission)) {
      throw new Problem("forbidden", `This needs the permission ${permission}.`);
    }
    await next();
  });
}
