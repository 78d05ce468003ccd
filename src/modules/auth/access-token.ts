import { errors, jwtVerify, SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import * as z from "zod";
import type { Settings } from "../../env.ts";
import { Problem } from "../../http/problem.ts";
import { PERMISSIONS } from "./permissions.ts";
import { REFRESH_TOKEN_LIFE_MS } from "./refresh-token.ts";
import { SESSION_METHODS, SESSION_TRANSPORTS } from "./session-kind.ts";

/** Access tokens: JWT by RFC 8725, one algorithm, typed, with issuer, audience, key id and expiry. */

export const ACCESS_TOKEN_LIFE_S = 900;
const ALGORITHM = "HS256";
const TYPE = "at+jwt";
const ISSUER = "regal-pos";
const AUDIENCE = "regal-pos-api";

const claimsSchema = z.object({
  sub: z.string(),
  sid: z.string(),
  gate: z.string(),
  role: z.string(),
  /** Of a role that an admin made: what it may do. A change of the role ends the sessions of all who have it. */
  may: z.object({ permissions: z.array(z.enum(PERMISSIONS)), max_discount_ppm: z.int() }).optional(),
  stores: z.array(z.string()).nullable(),
  method: z.enum(SESSION_METHODS),
  /** A token made for a cookie is good in a cookie alone, and the other way round. */
  transport: z.enum(SESSION_TRANSPORTS),
  /** The till the session was opened on. */
  terminal_id: z.string().optional(),
  /** Nothing but changing the password is permitted. */
  must_change_password: z.literal(true).optional(),
});

export type AccessClaims = z.infer<typeof claimsSchema>;

export async function signAccessToken(settings: Settings, claims: AccessClaims, now: Date): Promise<string> {
  const [key] = settings.ACCESS_TOKEN_KEYS;
  if (!key) throw new Error("no key to sign with");
  const { sub, ...rest } = claims;
  const issuedAt = Math.floor(now.getTime() / 1000);
  return new SignJWT(rest)
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: key.kid })
    .setSubject(sub)
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ACCESS_TOKEN_LIFE_S)
    .sign(await importKey(key.secret));
}

/**
 * The claims of a token that is ours and has not expired (or, where that is taken too, whose session could still be
 * refreshed); `unauthenticated` otherwise.
 */
export async function verifyAccessToken(
  settings: Settings,
  token: string,
  now: Date,
  options: { takes_expired: boolean } = { takes_expired: false },
): Promise<AccessClaims> {
  const verified = verifiedTokens(settings);
  const known = verified.get(token);
  if (known && known.expires_at_s > Math.floor(now.getTime() / 1000)) return known.claims;
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = settings.ACCESS_TOKEN_KEYS.find((one) => one.kid === kid);
        if (!key) throw new errors.JWKSNoMatchingKey();
        return importKey(key.secret);
      },
      {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: ISSUER,
        audience: AUDIENCE,
        // Without it a token that never expires would pass, if one were ever signed.
        requiredClaims: ["exp"],
        currentDate: now,
        ...(options.takes_expired ? { clockTolerance: REFRESH_TOKEN_LIFE_MS / 1000 } : {}),
      },
    );
    const claims = claimsSchema.parse(payload);
    verified.set(token, { claims, expires_at_s: payload.exp ?? 0 });
    return claims;
  } catch (error) {
    const expired = error instanceof errors.JWTExpired;
    throw new Problem("unauthenticated", expired ? "The access token has expired." : "The access token is not valid.", {
      headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' },
      cause: error,
    });
  }
}

interface Verified {
  claims: AccessClaims;
  expires_at_s: number;
}

/** The till sends one token some hundred times: its signature is proved once, and what changes with time each time. */
const MOST_VERIFIED = 1000;
const verifiedByKeys = new WeakMap<Settings["ACCESS_TOKEN_KEYS"], LRUCache<string, Verified>>();

/** What these keys have signed: with other keys nothing is known. */
function verifiedTokens({ ACCESS_TOKEN_KEYS }: Settings): LRUCache<string, Verified> {
  const known = verifiedByKeys.get(ACCESS_TOKEN_KEYS) ?? new LRUCache<string, Verified>({ max: MOST_VERIFIED });
  verifiedByKeys.set(ACCESS_TOKEN_KEYS, known);
  return known;
}

const imported = new WeakMap<Uint8Array, CryptoKey>();

/**
 * The key of a secret, made once for all requests. Only the made key is kept, and not the promise of it: one request
 * must not wait for another.
 */
async function importKey(secret: Uint8Array): Promise<CryptoKey> {
  const known = imported.get(secret);
  if (known) return known;
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
    "verify",
  ]);
  imported.set(secret, key);
  return key;
}
