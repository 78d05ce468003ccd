import { randomBytes } from "node:crypto";
import type { Settings } from "../../env.ts";
import { isSigned, signText } from "./signature.ts";

/** Signed double-submit tokens bound to a session (OWASP Cross-Site Request Forgery Prevention Cheat Sheet). */

const NONCE_BYTES = 16;

/** `nonce.kid.mac` */
export function makeCsrfToken(settings: Settings, sessionId: string): string {
  const nonce = randomBytes(NONCE_BYTES).toString("base64url");
  return `${nonce}.${signText(settings, "csrf", `${sessionId} ${nonce}`)}`;
}

/** Whether a token was given to this session. */
export function isCsrfTokenOf(settings: Settings, sessionId: string, token: string): boolean {
  const dot = token.indexOf(".");
  return dot > 0 && isSigned(settings, "csrf", `${sessionId} ${token.slice(0, dot)}`, token.slice(dot + 1));
}
