import { createHmac, timingSafeEqual } from "node:crypto";
import type { Settings } from "../../env.ts";

/**
 * Small tokens that this API signs for itself, such as a CSRF token: HMAC-SHA-256 by the access token keys, for one
 * purpose each, so that a signature for one thing is none for another.
 */

/** `kid.mac` of a text, by the key that signs now. */
export function signText(settings: Settings, purpose: string, text: string): string {
  const [key] = settings.ACCESS_TOKEN_KEYS;
  if (!key) throw new Error("no key to sign with");
  return `${key.kid}.${macOf(key.secret, purpose, text)}`;
}

/** Whether `signature` was made of this text for this purpose by a key that is still known. */
export function isSigned(settings: Settings, purpose: string, text: string, signature: string): boolean {
  const [kid, mac = ""] = signature.split(".", 2);
  const key = settings.ACCESS_TOKEN_KEYS.find((one) => one.kid === kid);
  if (!key) return false;
  const given = encode(mac);
  const expected = encode(macOf(key.secret, purpose, text));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Base64url. */
function macOf(secret: Uint8Array, purpose: string, text: string): string {
  return createHmac("sha256", secret).update(`regal-pos ${purpose}\n${text}`).digest("base64url");
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
