import type { Context } from "../../context.ts";
import { readCookie } from "../../http/cookies.ts";
import { Problem } from "../../http/problem.ts";
import { isCsrfTokenOf } from "./csrf.ts";

/** What is asked of a request whose credential a browser sends by itself. */

/** Whether the caller asks for cookies in place of tokens. */
export function wantsCookies(ctx: Context): boolean {
  return ctx.request_headers.get("X-Session-Transport") === "cookie";
}

/**
 * Refuses (`csrf_failed`) what another site made the browser send. A browser tells where a request comes from by
 * Origin (RFC 6454) and Sec-Fetch-Site (W3C Fetch Metadata); one that tells neither is left to the token.
 */
export function requireOwnOrigin(ctx: Context): void {
  const origin = ctx.request_headers.get("Origin");
  const allowed = origin === null || origin === ctx.own_origin || ctx.settings.CORS_ORIGINS.includes(origin);
  const site = ctx.request_headers.get("Sec-Fetch-Site");
  // Of the same site, but another origin, only those in the settings; and then Origin has been checked above.
  const near = site === null || site === "same-origin" || site === "none" || (site === "same-site" && origin !== null);
  if (!allowed || !near) throw new Problem("csrf_failed", "This page may not call in the name of who is signed in.");
}

/** Refuses (`csrf_failed`) unless the token sent beside the cookie is that of the cookie, and of this session. */
export function requireCsrfToken(ctx: Context, sessionId: string, sent: string | null): void {
  const cookie = readCookie(ctx.request_headers, "csrf");
  if (sent === null || sent !== cookie || !isCsrfTokenOf(ctx.settings, sessionId, sent)) {
    throw new Problem("csrf_failed", "Send the session's csrf_token as X-CSRF-Token.");
  }
}
