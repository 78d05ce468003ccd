import { type RouteConfig, z } from "@hono/zod-openapi";
import type { ProblemCode } from "../../src/http/problem.ts";
import type { Declared } from "../../src/http/route.ts";
import { describeAnswers } from "./answers.ts";

const ALWAYS: ProblemCode[] = ["internal", "overloaded"];
const SIGNED_IN: ProblemCode[] = ["unauthenticated", "session_revoked", "forbidden", "rate_limited"];
const WITH_BODY: ProblemCode[] = ["malformed_json", "payload_too_large", "unsupported_media_type", "validation_failed"];
const IDEMPOTENT: ProblemCode[] = ["idempotency_key_missing", "idempotency_key_reused", "outcome_unknown"];

/** As src/middleware/idempotency-key.ts takes it. */
const IDEMPOTENCY_KEY = z
  .string()
  .min(1)
  .max(200)
  .openapi({ description: "Unique per store; the same for each retry" });
const IF_MATCH = z.string().openapi({ description: "The ETag that was read" });

/** As src/middleware/request-context.ts takes it. */
const APPROVAL = z
  .string()
  .max(4000)
  .optional()
  .openapi({ description: "Tokens of `POST /v1/approvals`, at most 4, separated by commas" });

/** A route as OpenAPI has it: all that it declares, and every problem that it may answer with. */
export function describeRoute(declaration: Declared): RouteConfig {
  const { params, query, body, body_optional, idempotent, conditional, takes_approval, permission } = declaration;
  const headers = z.object({
    ...(idempotent ? { "idempotency-key": idempotent === true ? IDEMPOTENCY_KEY : IDEMPOTENCY_KEY.optional() } : {}),
    ...(conditional ? { "if-match": IF_MATCH } : {}),
    ...(takes_approval ? { "x-approval": APPROVAL } : {}),
  });
  const codes = new Set<ProblemCode>([
    ...ALWAYS,
    ...(permission === "public" ? [] : SIGNED_IN),
    ...(permission === "public" || declaration.method === "get" ? [] : (["csrf_failed"] as const)),
    ...(body ? WITH_BODY : []),
    ...(params || query ? (["validation_failed"] as const) : []),
    ...(idempotent ? IDEMPOTENT : []),
    ...(conditional ? (["precondition_required", "stale_version"] as const) : []),
    ...declaration.problems,
  ]);
  return {
    method: declaration.method,
    path: declaration.path,
    tags: [declaration.tag],
    summary: declaration.summary,
    ...(declaration.description ? { description: declaration.description } : {}),
    ...(permission === "public" ? {} : { security: securityOf(permission) }),
    "x-permission": permission,
    "x-rate-class": declaration.rate_class,
    "x-round-trips": declaration.budget,
    request: {
      ...(params ? { params } : {}),
      ...(query ? { query } : {}),
      ...(idempotent || conditional || takes_approval ? { headers } : {}),
      ...(body
        ? { body: { required: body_optional !== true, content: { "application/json": { schema: body } } } }
        : {}),
    },
    responses: describeAnswers(declaration, codes),
  };
}

/** A token or a cookie; for `anyone` also nothing. */
function securityOf(permission: Declared["permission"]): Record<string, string[]>[] {
  return [{ bearer: [] }, { cookie: [] }, ...(permission === "anyone" ? [{}] : [])];
}
