import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../http/app-env.ts";
import { Problem } from "../http/problem.ts";
import { verifyAccessToken } from "../modules/auth/access-token.ts";
import { findRole } from "../modules/auth/permissions.ts";

const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i;

/** Reads the bearer token (RFC 6750) and names the actor; whether the session lives is the gate's to say. */
export function authenticate() {
  return createMiddleware<AppEnv>(async function authenticate(c, next) {
    const ctx = c.get("ctx");
    const [, token] = BEARER.exec(c.req.header("Authorization") ?? "") ?? [];
    if (token === undefined) {
      throw new Problem("unauthenticated", "Send an access token as `Authorization: Bearer`.", {
        headers: { "WWW-Authenticate": "Bearer" },
      });
    }
    const claims = await verifyAccessToken(ctx.settings, token, ctx.now);
    const role = findRole(claims.role);
    if (!role) throw new Problem("unauthenticated", "The access token names a role that is no more.");
    ctx.actor = {
      user_id: claims.sub,
      session_id: claims.sid,
      gate: claims.gate,
      role: claims.role,
      permissions: role.permissions,
      max_discount_ppm: role.max_discount_ppm,
      store_ids: claims.stores === null ? null : new Set(claims.stores),
    };
    await next();
  });
}
