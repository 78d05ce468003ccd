import { createRoute, type OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import type { Context as HonoContext, MiddlewareHandler } from "hono";
import type { Context } from "../context.ts";
import type { Permission } from "../modules/auth/permissions.ts";
import { authenticate } from "../middleware/authenticate.ts";
import { passGate } from "../middleware/gate.ts";
import { requireIdempotencyKey } from "../middleware/idempotency-key.ts";
import { requireJsonBody } from "../middleware/json-body.ts";
import { requirePermission } from "../middleware/permission.ts";
import type { AppEnv, RateClass } from "./app-env.ts";
import { PROBLEMS, type ProblemCode } from "./problem.ts";
import { problemSchema } from "./schemas.ts";

/** How a route is declared: once. Validation, permission, limits, OpenAPI and the handler's types all come from it. */

export type App = OpenAPIHono<AppEnv>;

/** Sequential calls a request may make at most. A test counts them. */
export interface Budget {
  d1: number;
  do: number;
}

type Schema = z.ZodType;
type Parsed<S> = S extends Schema ? z.output<S> : undefined;

export interface RouteInput<P, Q, B> {
  params: Parsed<P>;
  query: Parsed<Q>;
  body: Parsed<B>;
}

export interface RouteDeclaration<
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends Schema | undefined = undefined,
  R extends Schema | undefined = undefined,
> {
  method: "get" | "post" | "patch" | "put" | "delete";
  /** With parameters in braces: `/v1/sales/{sale_id}`. */
  path: `/${string}`;
  tag: string;
  summary: string;
  description?: string;
  /** `public` needs no sign-in; `signed_in` any session. */
  permission: Permission | "public" | "signed_in";
  rate_class: RateClass;
  /** Whether it goes on when the gate is out of reach: selling and reading do, administration does not. */
  without_gate: "serve" | "refuse";
  budget: Budget;
  /** The Idempotency-Key header is required. */
  idempotent?: true;
  /** If-Match is required. */
  conditional?: true;
  params?: P;
  query?: Q;
  body?: B;
  status: 200 | 201 | 204;
  response?: R;
  /** What it may refuse with, beyond what every route may. */
  problems: ProblemCode[];
  handle: (ctx: Context, input: RouteInput<P, Q, B>) => Promise<Answer<R>>;
}

/** A body that is sent as it is: JSON as it was stored, or text for a printer. */
export class RawBody {
  readonly text: string;
  readonly content_type: string;
  constructor(text: string, contentType = "application/json") {
    this.text = text;
    this.content_type = contentType;
  }
}

type Answer<R> = R extends Schema ? z.input<R> | RawBody : undefined;

/** A declared route with its types put away, ready to be mounted and to be listed by tests. */
export interface Route {
  declaration: Omit<RouteDeclaration, "handle" | "params" | "query" | "body" | "response"> & {
    has_body: boolean;
  };
  mount: (app: App) => void;
}

export function declareRoute<
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends Schema | undefined = undefined,
  R extends Schema | undefined = undefined,
>(declaration: RouteDeclaration<P, Q, B, R>): Route {
  const route = createRoute({ ...describeForOpenApi(declaration), middleware: middlewareOf(declaration) });
  const handler = async (c: HonoContext<AppEnv>): Promise<Response> => {
    const ctx = c.get("ctx");
    // The validators ran just before: what they left is what the declaration's schemas parsed.
    const valid = c.req.valid.bind(c.req) as unknown as (target: "param" | "query" | "json") => never;
    const input = {
      params: declaration.params ? valid("param") : undefined,
      query: declaration.query ? valid("query") : undefined,
      body: declaration.body ? valid("json") : undefined,
    } as RouteInput<P, Q, B>;
    return answer(ctx, declaration.status, await declaration.handle(ctx, input));
  };
  return {
    declaration: { ...declaration, has_body: declaration.body !== undefined },
    mount: (app) => {
      app.openapi(route, handler as never);
    },
  };
}

function answer(ctx: Context, status: 200 | 201 | 204, body: unknown): Response {
  const headers = ctx.answer_headers;
  if (namesTag(ctx.if_none_match, headers.get("ETag"))) {
    return new Response(null, { status: 304, headers });
  }
  if (body === undefined) return new Response(null, { status, headers });
  const raw = body instanceof RawBody ? body : new RawBody(JSON.stringify(body));
  headers.set("Content-Type", raw.content_type);
  return new Response(raw.text, { status, headers });
}

/** Whether If-None-Match names this tag, by the weak comparison of RFC 9110, 8.8.3.2: a proxy that compresses weakens tags. */
function namesTag(ifNoneMatch: string | null, tag: string | null): boolean {
  if (ifNoneMatch === null || tag === null) return false;
  return ifNoneMatch.split(",").some((one) => one.trim().replace(/^W\//, "") === tag);
}

function middlewareOf(declaration: {
  permission: Permission | "public" | "signed_in";
  rate_class: RateClass;
  without_gate: "serve" | "refuse";
  idempotent?: true;
  body?: Schema | undefined;
}): MiddlewareHandler<AppEnv>[] {
  const { permission, body, idempotent } = declaration;
  return [
    ...(permission === "public" ? [] : [authenticate(), passGate(declaration)]),
    ...(permission === "public" || permission === "signed_in" ? [] : [requirePermission(permission)]),
    ...(idempotent ? [requireIdempotencyKey()] : []),
    ...(body ? [requireJsonBody()] : []),
  ];
}

const ALWAYS: ProblemCode[] = ["internal", "overloaded"];
const SIGNED_IN: ProblemCode[] = ["unauthenticated", "session_revoked", "forbidden", "rate_limited"];
const WITH_BODY: ProblemCode[] = ["malformed_json", "payload_too_large", "unsupported_media_type", "validation_failed"];
const IDEMPOTENT: ProblemCode[] = ["idempotency_key_missing", "idempotency_key_reused", "outcome_unknown"];

type Described = Omit<RouteDeclaration, "handle" | "params" | "query" | "body" | "response"> & {
  params?: z.ZodObject | undefined;
  query?: z.ZodObject | undefined;
  body?: Schema | undefined;
  response?: Schema | undefined;
};

function describeForOpenApi(declaration: Described): RouteConfig {
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
      ...(body ? { body: { required: true, content: { "application/json": { schema: body } } } } : {}),
    },
    responses: {
      [status]: response
        ? { description: "Done", content: { "application/json": { schema: response } } }
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
          content: { "application/problem+json": { schema: problemSchema } },
        },
      ]),
  );
}
