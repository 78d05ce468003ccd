import { createMiddleware } from "hono/factory";
import type { Actor, Context } from "../context.ts";
import type { AppEnv } from "../http/app-env.ts";
import { readCookie } from "../http/cookies.ts";
import { Problem } from "../http/problem.ts";
import { type AccessClaims, verifyAccessToken } from "../modules/auth/access-token.ts";
import { findBuiltInRole, type RoleRights, withoutAdministration } from "../modules/auth/permissions.ts";
import type { SessionTransport } from "../modules/auth/session-kind.ts";

const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i;

/**
 * Names the actor by a bearer token (RFC 6750), or by a browser's cookie where no Authorization is sent. Whether the
 * session lives is the gate's to say.
 */
export function authenticate(options: { takes_expired: boolean }) {
  return createMiddleware<AppEnv>(async function authenticate(c, next) {
    const ctx = c.get("ctx");
    const credential = findCredential(ctx.request_headers);
    if (credential === null) {
      throw new Problem("unauthenticated", "Send an access token as `Authorization: Bearer`.", {
        headers: { "WWW-Authenticate": "Bearer" },
      });
    }
    ctx.actor = await identify(ctx, credential, options.takes_expired);
    await next();
  });
}

/** Whether the request brings something to sign in by, right or wrong. */
export function bringsCredential(headers: Headers): boolean {
  return headers.has("Authorization") || readCookie(headers, "access") !== null;
}

interface Credential {
  token: string;
  transport: SessionTransport;
}

/** A cookie is looked at only where no Authorization is sent, so that a wrong token is never made good by one. */
function findCredential(headers: Headers): Credential | null {
  const authorization = headers.get("Authorization");
  if (authorization !== null) {
    const [, token] = BEARER.exec(authorization) ?? [];
    return token === undefined ? null : { token, transport: "bearer" };
  }
  const cookie = readCookie(headers, "access");
  return cookie === null ? null : { token: cookie, transport: "cookie" };
}

async function identify(ctx: Context, { token, transport }: Credential, takesExpired: boolean): Promise<Actor> {
  const claims = await verifyAccessToken(ctx.settings, token, ctx.now, { takes_expired: takesExpired });
  if (claims.transport !== transport) throw new Problem("unauthenticated", "The access token is not valid here.");
  const { permissions, max_discount_ppm } = rightsOf(claims);
  return {
    user_id: claims.sub,
    session_id: claims.sid,
    gate: claims.gate,
    role: claims.role,
    method: claims.method,
    transport,
    terminal_id: claims.terminal_id ?? null,
    permissions,
    max_discount_ppm,
    store_ids: claims.stores === null ? null : new Set(claims.stores),
  };
}

const NONE: RoleRights = { permissions: new Set(), max_discount_ppm: 0 };

function rightsOf({ role, may, method, must_change_password }: AccessClaims): RoleRights {
  if (must_change_password) return NONE;
  const builtIn = findBuiltInRole(role);
  if (builtIn) return method === "pin" ? withoutAdministration(builtIn) : builtIn;
  if (!may) throw new Problem("unauthenticated", "The access token names a role that is no more.");
  return { permissions: new Set(may.permissions), max_discount_ppm: may.max_discount_ppm };
}
