import type { Context as HonoContext } from "hono";
import type * as z from "zod";
import { looksLikeCardNumber } from "../core/card-number.ts";
import { SettingsError } from "../env.ts";
import { describeError, logLine } from "../telemetry/log.ts";
import { problemOf } from "./constraints.ts";
import { type InputError, Problem, PROBLEMS } from "./problem.ts";
import type { AppEnv } from "./app-env.ts";

/** The one place where an error becomes an answer. */
export function toResponse(error: unknown, c: HonoContext<AppEnv>): Response {
  const problem = problemOf(error) ?? new Problem("internal", "It has been logged.");
  const ctx = c.get("ctx") as AppEnv["Variables"]["ctx"] | undefined;
  const requestId = ctx?.request_id ?? "";
  if (problem.status >= 500) {
    const cause = problem.cause ?? error;
    logLine("error", "request failed", { request_id: requestId, code: problem.code, ...describeError(cause) });
  }
  // What stops the Worker is named in the log alone: an answer must not tell which secret is missing.
  if (error instanceof SettingsError) logLine("error", error.message, {});
  const headers = new Headers(ctx?.answer_headers);
  headers.delete("ETag");
  headers.set("Cache-Control", "no-store");
  headers.set("Content-Type", "application/problem+json");
  // RFC 9110, 15.5.2: a 401 always says how to sign in.
  if (problem.status === 401) headers.set("WWW-Authenticate", "Bearer");
  for (const [name, value] of Object.entries(problem.headers)) headers.set(name, value);
  const body = {
    type: `/problems/${problem.code}`,
    title: PROBLEMS[problem.code].title,
    status: problem.status,
    detail: problem.detail,
    instance: new URL(c.req.url).pathname,
    code: problem.code,
    request_id: requestId,
    ...(problem.errors ? { errors: problem.errors } : {}),
    ...problem.members,
  };
  return new Response(JSON.stringify(body), { status: problem.status, headers });
}

const PLACES: Record<string, string> = { json: "", query: "#query", param: "#path", header: "#header" };

/** A refused input as a problem: one error for each issue, at most 50, each with a JSON Pointer. */
export function fromZodError(error: z.core.$ZodError, target: string): Problem {
  const errors = describeIssues(error, PLACES[target] ?? "");
  return new Problem("validation_failed", errors[0] ? `${errors[0].pointer} ${errors[0].detail}` : "It is not valid.", {
    errors,
  });
}

export function describeIssues(error: z.core.$ZodError, place: string): InputError[] {
  return error.issues.slice(0, 50).flatMap((issue): InputError[] => {
    const path = issue.path.map((part) => pointerPart(String(part)));
    const pointer = [place, ...path].join("/");
    if (issue.code === "unrecognized_keys") {
      return issue.keys
        .slice(0, 50)
        .map((key) => ({ pointer: `${pointer}/${pointerPart(key)}`, detail: "is not a known field" }));
    }
    return [{ pointer: pointer === "" ? "/" : pointer, detail: lowerFirst(issue.message) }];
  });
}

/** RFC 6901. A name that somebody gave a field may be a card's number, which is not said again. */
function pointerPart(name: string): string {
  return looksLikeCardNumber(name) ? "*" : name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
