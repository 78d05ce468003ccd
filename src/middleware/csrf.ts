import type { HonoRequest } from "hono";
import { createMiddleware } from "hono/factory";
import { actorOf } from "../context.ts";
import type { AppEnv } from "../http/app-env.ts";
import { readBody } from "../http/body.ts";
import { requireCsrfToken, requireOwnOrigin } from "../modules/auth/browser.ts";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

interface CsrfOptions {
  /** The token may stand in a form body as `csrf_token`, because `sendBeacon` can't set a header. */
  in_form: boolean;
}

/** Asks an unsafe request that came by cookie for its CSRF token. A bearer token is never sent by a browser itself. */
export function checkCsrf(options: CsrfOptions) {
  return createMiddleware<AppEnv>(async function csrf(c, next) {
    const ctx = c.get("ctx");
    const actor = actorOf(ctx);
    if (actor.transport === "cookie" && !SAFE_METHODS.has(c.req.method)) {
      requireOwnOrigin(ctx);
      const header = c.req.header("X-CSRF-Token") ?? null;
      const sent = header === null && options.in_form ? await readForm(c.req) : header;
      requireCsrfToken(ctx, actor.session_id, sent);
    }
    await next();
  });
}

async function readForm(request: HonoRequest): Promise<string | null> {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.header("Content-Type") ?? "")) return null;
  return new URLSearchParams(new TextDecoder().decode(await readBody(request))).get("csrf_token");
}
