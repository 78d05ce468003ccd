import type { RouteConfig } from "@hono/zod-openapi";
import { PROBLEMS, type ProblemCode } from "../../src/http/problem.ts";
import type { Declared } from "../../src/http/route.ts";
import { problemSchema } from "../../src/http/schemas.ts";

/** What a route may answer: its success, 304 where it answers with an entity tag, and a response for each problem. */

type Responses = RouteConfig["responses"];
type Headers = Record<string, { $ref: string }>;

interface Header {
  description: string;
  /** Whether an answer that is described with it always bears it. */
  required?: true;
  schema: { type: "string" };
}

/** Every header that is described, under the name that a response refers to it by. */
export const HEADERS = {
  "X-Request-Id": {
    description: "The request's id, as it stands in the log",
    required: true,
    schema: { type: "string" },
  },
  ETag: {
    description: "The record's version, for If-Match and If-None-Match",
    required: true,
    schema: { type: "string" },
  },
  "WWW-Authenticate": { description: "How to sign in (RFC 9110, 11.6.1)", required: true, schema: { type: "string" } },
  "Retry-After": { description: "Seconds to wait", schema: { type: "string" } },
  RateLimit: { description: "What is left of each allowance", schema: { type: "string" } },
  "RateLimit-Policy": { description: "Each allowance", schema: { type: "string" } },
  "Idempotency-Replayed": {
    description: "`true`: it was done before, and this is its answer",
    schema: { type: "string" },
  },
} as const satisfies Record<string, Header>;

type HeaderName = keyof typeof HEADERS;

/** On answers that passed a gate which counts. */
const LIMITED: HeaderName[] = ["RateLimit", "RateLimit-Policy"];
const OF_STATUS: Partial<Record<number, HeaderName[]>> = {
  401: ["WWW-Authenticate"],
  429: ["Retry-After", ...LIMITED],
  503: ["Retry-After"],
};

const TEXT = { type: "string" as const };
/** Bytes as they are have no type (OpenAPI 3.1, Considerations for File Uploads): the media type alone tells of them. */
const BYTES = {};

/** Every response of a route that may refuse with these codes. */
export function describeAnswers(declaration: Declared, codes: Set<ProblemCode>): Responses {
  const { status, response, idempotent, also_answers = [] } = declaration;
  const tagged: HeaderName[] = answersTagged(declaration) ? ["ETag"] : [];
  const limited = declaration.permission === "public" || declaration.rate_class === "none" ? [] : LIMITED;
  const replayed: HeaderName[] = idempotent ? ["Idempotency-Replayed"] : [];
  const others = also_answers.map((type) => [type, { schema: type.startsWith("text/") ? TEXT : BYTES }] as const);
  const success = response
    ? {
        description: "Done",
        content: { "application/json": { schema: response() }, ...Object.fromEntries(others) },
      }
    : { description: "Done, without a body" };
  return {
    [status]: { ...success, headers: headersOf(...tagged, ...replayed, ...limited) },
    ...(tagged.length > 0
      ? { 304: { description: "It is as If-None-Match has it", headers: headersOf(...tagged) } }
      : {}),
    ...describeProblems(codes),
  };
}

/** A GET of one record that has a version answers with it as the entity tag. */
function answersTagged({ method, path, response }: Declared): boolean {
  if (method !== "get" || !path.endsWith("}")) return false;
  const schema = response?.();
  return schema !== undefined && "shape" in schema && "version" in (schema.shape as object);
}

/** One response a status, listing the codes that come with it. */
function describeProblems(codes: Set<ProblemCode>): Responses {
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    [...byStatus]
      .toSorted(([a], [b]) => a - b)
      .map(([status, list]) => [
        status,
        {
          description: list.map((code) => `\`${code}\``).join(", "),
          headers: headersOf(...(OF_STATUS[status] ?? [])),
          content: { "application/problem+json": { schema: problemSchema() } },
        },
      ]),
  );
}

/** The header that every answer bears, and these. */
function headersOf(...names: HeaderName[]): Headers {
  const all: HeaderName[] = ["X-Request-Id", ...names];
  return Object.fromEntries(all.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
