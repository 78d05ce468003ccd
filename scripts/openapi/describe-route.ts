import { type RouteConfig, z } from "@hono/zod-openapi";
import { PROBLEMS, type ProblemCode } from "../../src/http/problem.ts";
import type { Declared } from "../../src/http/route.ts";
import { problemSchema } from "../../src/http/schemas.ts";

const ALWAYS: ProblemCode[] = ["internal", "overloaded"];
const SIGNED_IN: ProblemCode[] = ["unauthenticated", "session_revoked", "forbidden", "rate_limited"];
const WITH_BODY: ProblemCode[] = ["malformed_json", "payload_too_large", "unsupported_media_type", "validation_failed"];
const IDEMPOTENT: ProblemCode[] = ["idempotency_key_missing", "idempotency_key_reused", "outcome_unknown"];

/** A route as OpenAPI has it: all that it declares, and every problem that it may answer with. */
export function describeRoute(declaration: Declared): RouteConfig {
  const { params, query, body, response, idempotent, conditional, permission, status } = declaration;
  const headers = z.object({
    ...(idempotent
      ? {
          "idempotency-key": z
            .string()
            .optional()
            .openapi({ description: "Unique per store; the same for each retry (required)" }),
        }
      : {}),
    ...(conditional
      ? { "if-match": z.string().optional().openapi({ description: "The ETag that was read (required)" }) }
      : {}),
  });
  const codes = new Set<ProblemCode>([
    ...ALWAYS,
    ...(permission === "public" ? [] : SIGNED_IN),
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
    ...(permission === "public" ? {} : { security: [{ bearer: [] }] }),
    "x-permission": permission,
    "x-rate-class": declaration.rate_class,
    "x-round-trips": declaration.budget,
    request: {
      ...(params ? { params } : {}),
      ...(query ? { query } : {}),
      ...(idempotent || conditional ? { headers } : {}),
      ...(body
        ? { body: { required: declaration.body_optional !== true, content: { "application/json": { schema: body } } } }
        : {}),
    },
    responses: {
      [status]: response
        ? { description: "Done", content: { "application/json": { schema: response() } } }
        : { description: "Done, without a body" },
      ...problemResponses(codes),
    },
  };
}

/** One response a status, listing the codes that come with it. */
function problemResponses(codes: Set<ProblemCode>): RouteConfig["responses"] {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus]
      .toSorted(([a], [b]) => a - b)
      .map(([status, list]) => [
        status,
        {
          description: list.map((code) => `\`${code}\``).join(", "),
          content: { "application/problem+json": { schema: problemSchema() } },
        },
      ]),
  );
}
