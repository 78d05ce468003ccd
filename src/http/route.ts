import { zValidator } from "@hono/zod-validator";
import type { Context as HonoContext, Hono, MiddlewareHandler, ValidationTargets } from "hono";
import type * as z from "zod";
import type { Context } from "../context.ts";
import type { Permission } from "../modules/auth/permissions.ts";
import { authenticate, bringsCredential } from "../middleware/authenticate.ts";
import { checkCsrf } from "../middleware/csrf.ts";
import { passGate } from "../middleware/gate.ts";
import { takeIdempotencyKey } from "../middleware/idempotency-key.ts";
import { requireJsonBody } from "../middleware/json-body.ts";
import { requirePermission } from "../middleware/permission.ts";
import type { AppEnv, RateClass } from "./app-env.ts";
import { fromZodError } from "./errors.ts";
import type { ProblemCode } from "./problem.ts";
import type { Later } from "./schemas.ts";
import { guardAnswer, guardInput } from "./store-wall.ts";

/** How a route is declared: once. Validation, permission, limits, OpenAPI and the handler's types all come from it. */

export type App = Hono<AppEnv>;

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
  R extends Later | undefined = undefined,
> {
  method: "get" | "post" | "patch" | "put" | "delete";
  /** With parameters in braces: `/v1/sales/{sale_id}`. */
  path: `/${string}`;
  tag: string;
  summary: string;
  description?: string;
  /** `public` needs no sign-in; `anyone` takes who is signed in for that, and others too; `signed_in` any session. */
  permission: Permission | "public" | "anyone" | "signed_in";
  rate_class: RateClass;
  /** Whether it goes on when the gate is out of reach: selling and reading do, administration does not. */
  without_gate: "serve" | "refuse";
  budget: Budget;
  /** The Idempotency-Key header is required, or heeded where it is sent. */
  idempotent?: true | "where_sent";
  /** It takes a manager's approval: the X-Approval header. */
  takes_approval?: true;
  /** If-Match is required. */
  conditional?: true;
  /** The CSRF token of a session in cookies may stand in a form body. */
  csrf_in_form?: true;
  /** An access token that has expired is as good as one that has not: for what only ends its session. */
  takes_expired_token?: true;
  params?: P;
  query?: Q;
  body?: B;
  /** No body is as good as an empty object. */
  body_optional?: true;
  status: 200 | 201 | 204;
  response?: R;
  /** Media types beside JSON in which it answers. */
  also_answers?: readonly string[];
  /** What it may refuse with, beyond what every route may. */
  problems: ProblemCode[];
  handle: (ctx: Context, input: RouteInput<P, Q, B>) => Promise<Answer<R>>;
}

/** A body that is sent as it is: JSON as it was stored, text for a printer, a page. */
export class RawBody {
  readonly text: string;
  readonly content_type: string;
  /** Of a page: its one style, as a policy names it ('sha256-...'). Nothing else is let in. */
  readonly style_source: string | null;
  constructor(text: string, contentType = "application/json", styleSource?: string) {
    this.text = text;
    this.content_type = contentType;
    this.style_source = styleSource ?? null;
  }
}

/** A body that is no text: commands for a printer. */
export class RawBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly content_type: string;
  constructor(bytes: Uint8Array<ArrayBuffer>, contentType = "application/octet-stream") {
    this.bytes = bytes;
    this.content_type = contentType;
  }
}

type Answer<R> = R extends Later ? z.input<ReturnType<R>> | RawBody | RawBytes : undefined;

/** What a route declares, with the types of its handler put away. */
export interface Declared extends Omit<RouteDeclaration, "handle" | "params" | "query" | "body" | "response"> {
  params?: z.ZodObject | undefined;
  query?: z.ZodObject | undefined;
  body?: Schema | undefined;
  response?: Later | undefined;
}

/** A declared route, ready to be mounted and to be described. */
export interface Route {
  declaration: Declared;
  mount: (app: App) => void;
}

export function declareRoute<
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends Schema | undefined = undefined,
  R extends Later | undefined = undefined,
>(declaration: RouteDeclaration<P, Q, B, R>): Route {
  const handler = async (c: HonoContext<AppEnv>): Promise<Response> => {
    const ctx = c.get("ctx");
    // The validators ran just before: what they left is what the declaration's schemas parsed.
    const valid = c.req.valid.bind(c.req) as unknown as (target: "param" | "query" | "json") => never;
    const input = {
      params: declaration.params ? valid("param") : undefined,
      query: declaration.query ? valid("query") : undefined,
      body: declaration.body ? valid("json") : undefined,
    } as RouteInput<P, Q, B>;
    for (const part of Object.values(input)) guardInput(ctx, part);
    const body = await declaration.handle(ctx, input);
    guardAnswer(ctx, body);
    if (body instanceof RawBody && body.style_source !== null) c.set("style_source", body.style_source);
    return answer(ctx, declaration, body);
  };
  return {
    declaration,
    mount: (app) => {
      app.on(
        [declaration.method],
        [declaration.path.replaceAll(/\{(.+?)\}/g, ":$1")],
        ...middlewareOf(declaration),
        ...validatorsOf(declaration),
        handler,
      );
    },
  };
}

function answer(ctx: Context, { method, status }: Declared, body: unknown): Response {
  const headers = ctx.answer_headers;
  // Only of a read: what has written something says so (RFC 9110, 13.1.2 knows 304 for GET and HEAD alone).
  if (method === "get" && namesTag(ctx.if_none_match, headers.get("ETag"))) {
    return new Response(null, { status: 304, headers });
  }
  if (body === undefined) return new Response(null, { status, headers });
  const isRaw = body instanceof RawBody || body instanceof RawBytes;
  const raw = isRaw ? body : new RawBody(JSON.stringify(body));
  headers.set("Content-Type", raw.content_type);
  return new Response(raw instanceof RawBytes ? raw.bytes : raw.text, { status, headers });
}

/** Whether If-None-Match names this tag, by the weak comparison of RFC 9110, 8.8.3.2: a proxy that compresses weakens tags. */
function namesTag(ifNoneMatch: string | null, tag: string | null): boolean {
  if (ifNoneMatch === null || tag === null) return false;
  return ifNoneMatch.split(",").some((one) => one.trim().replace(/^W\//, "") === tag);
}

function middlewareOf(declaration: Declared): MiddlewareHandler<AppEnv>[] {
  const { permission, body, body_optional, idempotent } = declaration;
  const { csrf_in_form = false, takes_expired_token = false } = declaration;
  const signedIn = [
    authenticate({ takes_expired: takes_expired_token }),
    passGate(declaration),
    checkCsrf({ in_form: csrf_in_form }),
  ];
  const named = permission !== "public" && permission !== "anyone" && permission !== "signed_in";
  return [
    ...(permission === "public" ? [] : permission === "anyone" ? signedIn.map(ifCredential) : signedIn),
    ...(named ? [requirePermission(permission)] : []),
    ...(idempotent ? [takeIdempotencyKey({ required: idempotent === true })] : []),
    ...(body ? [body_optional ? ifBody(requireJsonBody()) : requireJsonBody()] : []),
  ];
}

/** The same middleware for who brings a credential; who brings none is nobody. */
function ifCredential(middleware: MiddlewareHandler<AppEnv>): MiddlewareHandler<AppEnv> {
  return async (c, next) => (bringsCredential(c.req.raw.headers) ? middleware(c, next) : next());
}

/** The same middleware for a request that brings a body, by what its header fields say (RFC 9112, 6.3). */
function ifBody(middleware: MiddlewareHandler<AppEnv>): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const { headers } = c.req.raw;
    const none = !headers.has("Content-Type") && !headers.has("Transfer-Encoding");
    return none && Number(headers.get("Content-Length") ?? 0) === 0 ? next() : middleware(c, next);
  };
}

/** Each refuses with `validation_failed` what its schema does not take, and leaves what the schema made of the rest. */
function validatorsOf({ query, params, body }: Declared): MiddlewareHandler[] {
  return [
    ...(query ? [validate("query", query)] : []),
    ...(params ? [validate("param", params)] : []),
    ...(body ? [validate("json", body)] : []),
  ];
}

function validate(target: keyof ValidationTargets, schema: Schema): MiddlewareHandler {
  return zValidator(target, schema, (result) => {
    if (!result.success) throw fromZodError(result.error, result.target);
  });
}
