import { createMiddleware } from "hono/factory";
import { isCardNumber } from "../core/card-number.ts";
import type { AppEnv } from "../http/app-env.ts";
import { Problem } from "../http/problem.ts";
import { LOOKS_LIKE_CARD_NUMBER } from "../http/schemas.ts";

const KEY = /^[\u0020-\u007e\u0080-\uffff]{1,200}$/;

/** The command's Idempotency-Key (IETF draft-ietf-httpapi-idempotency-key-header); one that needs it and has none is refused. */
export function takeIdempotencyKey(options: { required: boolean }) {
  return createMiddleware<AppEnv>(async function idempotencyKey(c, next) {
    const sent = c.req.header("Idempotency-Key");
    if (sent === undefined && !options.required) return next();
    const key = sent?.trim() ?? "";
    if (key === "") {
      throw new Problem("idempotency_key_missing", "This command needs an Idempotency-Key header.");
    }
    if (!KEY.test(key)) throw notValid("is longer than 200 characters or has control characters");
    if (isCardNumber(key)) throw notValid(LOOKS_LIKE_CARD_NUMBER);
    c.get("ctx").idempotency_key = key;
    return next();
  });
}

function notValid(detail: string): Problem {
  return new Problem("validation_failed", "The Idempotency-Key is not valid.", {
    errors: [{ pointer: "#header/Idempotency-Key", detail }],
  });
}
