import { createHash, randomBytes } from "node:crypto";
import { base64url } from "jose";
import type { Context } from "../../context.ts";
import { isSigned, signText } from "../auth/index.ts";

/** Challenges are signed and not kept: anyone may ask for one, and that must not fill the database. */

export const CHALLENGE_LIFE_MS = 5 * 60 * 1000;
const NONCE_BYTES = 16;
const FORM = /^([\w-]{22}\.(\d{13}))\.(.+)$/;

/**
 * What a challenge is good for. To register it is bound to the session that asked, and so to its user; whoever signs in
 * is nobody yet.
 */
export type Purpose = { purpose: "register"; session_id: string } | { purpose: "login" };

type Signing = Pick<Context, "settings" | "now">;

/** A challenge that is ours and has not expired; whether it has been spent is the database's to say. */
export interface Challenge {
  /** Hexadecimal. */
  hash: string;
  expires_at: string;
}

/** `nonce.expiry.kid.mac`, of which an authenticator is given the bytes. */
export function makeChallenge(ctx: Signing, purpose: Purpose): string {
  const nonce = randomBytes(NONCE_BYTES).toString("base64url");
  const text = `${nonce}.${String(ctx.now.getTime() + CHALLENGE_LIFE_MS)}`;
  return `${text}.${signText(ctx.settings, "passkey", subjectOf(purpose, text))}`;
}

/**
 * What an authenticator was given, from the base64url in which it comes back; null where it is not good for this.
 * Throws for what is not base64url.
 */
export function findChallenge(ctx: Signing, purpose: Purpose, sent: string): Challenge | null {
  const [, text = "", expiry = "", signature = ""] = FORM.exec(new TextDecoder().decode(base64url.decode(sent))) ?? [];
  const expiresAt = Number(expiry);
  if (expiresAt <= ctx.now.getTime()) return null;
  if (!isSigned(ctx.settings, "passkey", subjectOf(purpose, text), signature)) return null;
  // Of what is signed alone, so that another spelling of it is not another challenge.
  const hash = createHash("sha256").update(text).digest("hex");
  return { hash, expires_at: new Date(expiresAt).toISOString() };
}

function subjectOf(purpose: Purpose, text: string): string {
  return `${purpose.purpose} ${purpose.purpose === "register" ? purpose.session_id : ""} ${text}`;
}
