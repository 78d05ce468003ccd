import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../http/app-env.ts";
import { Problem } from "../http/problem.ts";

const KEY = /^[\u0020-\u007e\u0080-\uffff]{1,200}$/;

/** Refuses a command that bears no Idempotency-Key (IETF draft-ietf-httpapi-idempotency-key-header). */
export function requireIdempotencyKey() {
  return createMiddleware<AppEnv>(async function idempotencyKey(c, next) {
    const key = c.req.header("Idempotency-Key")?.trim() ?? "";
    if (key === "") {
      throw new Problem("idempotency_key_missing", "This command needs an Idempotency-Key header.");
    }
    if (!KEY.test(key)) {
      throw new Problem("validation_failed", "The Idempotency-Key is not valid.", {
        errors: [
          { pointer: "#header/Idempotency-Key", detail: "is longer than 200 characters or has control characters" },
        ],
      });
    }
    c.get("ctx").idempotency_key = key;
    await next();
  });
}
