import type { Context as HonoContext, MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { AppEnv } from "../http/app-env.ts";

/** Browsers may call from the origins in settings, matched whole; from anywhere else they learn nothing. */
export function corsForBrowsers(): MiddlewareHandler<AppEnv> {
  return cors({
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
}
