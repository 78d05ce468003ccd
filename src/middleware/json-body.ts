import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../http/app-env.ts";
import { Problem } from "../http/problem.ts";

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/** Refuses a body that is not JSON before its fields are looked at. */
export function requireJsonBody() {
  return createMiddleware<AppEnv>(async function jsonBody(c, next) {
    if (!JSON_TYPE.test(c.req.header("Content-Type") ?? "")) {
      throw new Problem("unsupported_media_type", "The body must be sent as application/json.");
    }
    try {
      await c.req.json();
    } catch (error) {
      if (error instanceof Problem) throw error;
      throw new Problem("malformed_json", "The body is empty or not valid JSON.", { cause: error });
    }
    await next();
  });
}
