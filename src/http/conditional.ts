import type { Context } from "../context.ts";
import { Problem } from "./problem.ts";

/** Conditional requests (RFC 9110, 13): a record's entity tag is its version. */

const TAG = /^v(\d{1,15})(?:~[\w.~-]{0,200})?$/;

/**
 * Puts a record's entity tag on the answer; a GET that names it in If-None-Match is answered 304. `state` is what the
 * answer shows beside the record itself, such as a balance: that another state is another answer, and no other version.
 */
export function tagAnswer(ctx: Context, version: number, state?: string): void {
  ctx.answer_headers.set("ETag", `"v${String(version)}${state === undefined ? "" : `~${state}`}"`);
}

/** The version that If-Match names. */
export function versionFromIfMatch(ctx: Context): number {
  if (ctx.if_match === null) {
    throw new Problem("precondition_required", "Send If-Match with the ETag of what you read.");
  }
  const [, version] = TAG.exec(ctx.if_match) ?? [];
  if (version === undefined) throw new Problem("stale_version", "If-Match does not name a version of this record.");
  return Number(version);
}
