import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../http/app-env.ts";

/**
 * Browsers may call from the origins in settings, matched whole, with cookies or without; from anywhere else they learn
 * nothing.
 */
export function corsForBrowsers(): MiddlewareHandler<AppEnv> {
  const answerBrowser = cors({
    origin: (origin) => origin,
    credentials: true,
    allowMethods: ["GET", "POST", "PATCH", "PUT", "DELETE"],
    allowHeaders: [
      "Authorization",
      "Content-Type",
      "Idempotency-Key",
      "If-Match",
      "If-None-Match",
      "X-Approval",
      "X-CSRF-Token",
      "X-Device-Token",
      "X-Request-Id",
      "X-Session-Transport",
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
    const origin = c.req.header("Origin");
    if (origin !== undefined && c.get("ctx").settings.CORS_ORIGINS.includes(origin)) return answerBrowser(c, next);
    await next();
    // Whoever keeps this answer must not give it to a browser of another origin. Said last: a header set before there
    // is an answer makes hono build one, and build the true one twice.
    c.res.headers.append("Vary", "Origin");
    return undefined;
  });
}
