import { createHash, randomBytes } from "node:crypto";

/** Refresh tokens: opaque, 256 bits of chance, of which only the SHA-256 is kept (RFC 9700, 4.14). */

export const REFRESH_TOKEN_LIFE_MS = 30 * 24 * 60 * 60 * 1000;
const TOKEN_BYTES = 32;

export interface NewToken {
  token: string;
  token_hash: string;
  expires_at: string;
}

export function newRefreshToken(now: Date): NewToken {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const expiresAt = new Date(now.getTime() + REFRESH_TOKEN_LIFE_MS);
  return { token, token_hash: hashRefreshToken(token), expires_at: expiresAt.toISOString() };
}

/** Hexadecimal. A token of full entropy needs neither salt nor a slow hash. */
export function hashRefreshToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
