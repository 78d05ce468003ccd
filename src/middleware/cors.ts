import type { Context as HonoContext, MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../http/app-env.ts";

/** Browsers may call from the origins in settings, matched whole; from anywhere else they learn nothing. */
export function corsForBrowsers(): MiddlewareHandler<AppEnv> {
  const answerBrowser = cors({
    origin: (origin, c: HonoContext<AppEnv>) => (c.get("ctx").settings.CORS_ORIGINS.includes(origin) ? origin : null),
    allowMethods: ["GET", "POST", "PATCH", "PUT", "DELETE"],
    allowHeaders: [
      "Authorization",
      "Content-Type",
      "Idempotency-Key",
      "If-Match",
      "If-None-Match",
      "X-Request-Id",
      "traceparent",
    ],
    exposeHeaders: [
      "ETag",
      "Idempotency-Replayed",
      "RateLimit",
      "RateLimit-Policy",
      "Retry-After",
      "X-Request-Id",
      "traceparent",
    ],
    maxAge: 600,
  });
  return createMiddleware<AppEnv>(async function corsForBrowsers(c, next) {
    if (c.req.header("Origin") !== undefined) return answerBrowser(c, next);
    await next();
    // Whoever keeps this answer must not give it to a browser of another origin. Said last: a header set before there
    // is an answer makes hono build one, and build the true one twice.
    c.res.headers.append("Vary", "Origin");
    return undefined;
  });
}
