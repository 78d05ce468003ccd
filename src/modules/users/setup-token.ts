import { createHash, timingSafeEqual } from "node:crypto";
import { createMiddleware } from "hono/factory";
import { Problem } from "../../http/problem.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { takeAnonymousAttempt } from "../auth/index.ts";

const BEARER = /^Bearer (\S{1,200})$/i;

/** Lets pass who bears the SETUP_TOKEN, before anything of the body is told to be right or wrong. */
export function requireSetupToken() {
  return createMiddleware<AppEnv>(async function setupToken(c, next) {
    const ctx = c.get("ctx");
    await takeAnonymousAttempt(ctx);
    const [, token = ""] = BEARER.exec(c.req.header("Authorization") ?? "") ?? [];
    if (!isSame(token, ctx.settings.SETUP_TOKEN)) {
      throw new Problem("unauthenticated", "Send the SETUP_TOKEN as `Authorization: Bearer`.", {
        headers: { "WWW-Authenticate": "Bearer" },
      });
    }
    await next();
  });
}

/** In the same time whatever differs: hashes are of one length, and are compared to the end. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(given), sha256(expected));
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
