import type { VerifiedRegistrationResponse } from "@simplewebauthn/server";
import { base64url } from "jose";
import { type Actor, actorOf, type Context } from "../../context.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { Problem } from "../../http/problem.ts";
import { auditStatement } from "../audit/index.ts";
import { commitEndingSessions, takeAnonymousAttempt, tellGatesAgain } from "../auth/index.ts";
import { type Challenge, CHALLENGE_LIFE_MS, findChallenge, makeChallenge } from "./challenge.ts";
import {
  type CredentialRow,
  insertPasskeyStatement,
  ownCredentialsStatement,
  ownPasskeysStatement,
  ownPasskeyStatement,
  type PasskeyRow,
  type RegistrantRow,
  registrantStatement,
  removePasskeyStatements,
  spendChallengeStatement,
} from "./queries.ts";
import { loadWebAuthn, originsOf, RP_NAME, rpIdOf } from "./relying-party.ts";
import type { OptionsInput, Passkey, RegisterInput } from "./schemas.ts";

/** Ed25519, ECDSA with P-256, RSA with PKCS #1: what authenticators have (IANA COSE Algorithms). */
const ALGORITHMS = [-8, -7, -257];
/** Whoever finds a session left open must not add a key of his own to it. */
const REGISTER_WITHIN_MS = 15 * 60 * 1000;
/** Bytes; what the schema takes. An RSA key of 4,096 bits has 530. */
const MAX_PUBLIC_KEY_BYTES = 3000;
const DEFAULT_NAME = "Passkey";

/** What a browser needs to make a passkey, or to sign in with one. */
export async function createOptions(ctx: Context, { purpose }: OptionsInput) {
  const wanted = purpose ?? (ctx.actor ? "register" : "login");
  return wanted === "register" ? createRegistrationOptions(ctx) : createSignInOptions(ctx);
}

async function createRegistrationOptions(ctx: Context) {
  const { user_id, session_id } = requireFullSession(ctx);
  const [registrants, credentials = []] = await ctx.db.readAll([
    registrantStatement(session_id),
    ownCredentialsStatement(user_id),
  ]);
  const [registrant] = registrants as unknown as RegistrantRow[];
  if (!registrant) throw new Problem("unauthenticated", "There is no such session any more.");
  requireFreshSignIn(ctx, registrant);
  const { generateRegistrationOptions } = await loadWebAuthn();
  return generateRegistrationOptions({
    rpName: RP_NAME,
    rpID: rpIdOf(ctx),
    userID: Uint8Array.from(new TextEncoder().encode(user_id)),
    userName: registrant.username,
    userDisplayName: registrant.full_name,
    challenge: makeChallenge(ctx, { purpose: "register", session_id }),
    timeout: CHALLENGE_LIFE_MS,
    attestationType: "none",
    supportedAlgorithmIDs: ALGORITHMS,
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    excludeCredentials: (credentials as unknown as CredentialRow[]).map(({ credential_id, transports }) => ({
      id: credential_id,
      transports: JSON.parse(transports) as [],
    })),
  });
}

/** For anyone, and the same for all: it names no passkey, so it tells of nobody whether there is one. */
async function createSignInOptions(ctx: Context) {
  await takeAnonymousAttempt(ctx);
  const { generateAuthenticationOptions } = await loadWebAuthn();
  return generateAuthenticationOptions({
    rpID: rpIdOf(ctx),
    challenge: makeChallenge(ctx, { purpose: "login" }),
    timeout: CHALLENGE_LIFE_MS,
    userVerification: "required",
  });
}

/** A PIN is good on one till; it must not turn into a key that is good everywhere. */
function requireFullSession(ctx: Context): Actor {
  const actor = actorOf(ctx);
  if (actor.method === "pin") {
    throw new Problem("forbidden", "A passkey can't be added after a PIN; sign in with your password first.");
  }
  return actor;
}

function requireFreshSignIn(ctx: Context, { must_change_password, opened_at }: RegistrantRow): void {
  if (must_change_password === 1) throw new Problem("forbidden", "Change your password first.");
  if (ctx.now.getTime() - Date.parse(opened_at) > REGISTER_WITHIN_MS) {
    throw new Problem("forbidden", "You signed in more than 15 minutes ago; sign in again to add a passkey.");
  }
}

/** Keeps a passkey for the actor, when it answers a challenge that this session was given. */
export async function registerPasskey(ctx: Context, input: RegisterInput): Promise<Passkey> {
  const { user_id } = requireFullSession(ctx);
  const { challenge, credential, credentialBackedUp } = await verifyRegistration(ctx, input);
  const passkey = {
    id: ctx.newId(),
    user_id,
    credential_id: credential.id,
    public_key: base64url.encode(credential.publicKey),
    sign_count: credential.counter,
    transports: credential.transports ?? [],
    name: input.name ?? DEFAULT_NAME,
    backed_up: credentialBackedUp,
  };
  const { id, name, transports, backed_up } = passkey;
  const entry = {
    action: "passkey.add",
    entity_type: "passkey",
    entity_id: id,
    after: { name, transports, backed_up },
  } as const;
  try {
    await ctx.db.commit([
      auditStatement(ctx, [entry]),
      spendChallengeStatement(challenge),
      insertPasskeyStatement(passkey, ctx.now),
    ]);
  } catch (error) {
    if (isViolationOf(error, "spent_challenges.challenge_hash")) throw notVerified(error);
    throw error;
  }
  return { id, name, transports, backed_up, created_at: ctx.now.toISOString(), last_used_at: null };
}

type Registration = NonNullable<VerifiedRegistrationResponse["registrationInfo"]> & { challenge: Challenge };

/** By WebAuthn level 3, 7.1. */
async function verifyRegistration(ctx: Context, input: RegisterInput): Promise<Registration> {
  const { session_id } = actorOf(ctx);
  const { response, ...credential } = input.credential;
  const { verifyRegistrationResponse } = await loadWebAuthn();
  let challenge: Challenge | null = null;
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        ...credential,
        response: { ...response, transports: response.transports as [] },
        clientExtensionResults: {},
      },
      expectedChallenge: (sent) => {
        challenge = findChallenge(ctx, { purpose: "register", session_id }, sent);
        return challenge !== null;
      },
      expectedOrigin: originsOf(ctx),
      expectedRPID: rpIdOf(ctx),
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    const key = registrationInfo?.credential;
    // The id that is kept is the one inside what the authenticator made; its bounds are those of the one outside.
    const fits = key?.id === credential.id && key.publicKey.length <= MAX_PUBLIC_KEY_BYTES;
    if (verified && fits && challenge) return { ...registrationInfo, challenge };
  } catch (error) {
    throw notVerified(error);
  }
  throw notVerified();
}

function notVerified(cause?: unknown): Problem {
  return new Problem("validation_failed", "The passkey could not be verified; ask for new options and try again.", {
    errors: [{ pointer: "/credential", detail: "is not an answer to the options of this session" }],
    cause,
  });
}

/** The passkeys of the actor. */
export async function listPasskeys(
  ctx: Context,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ data: Passkey[]; next_cursor: string | null }> {
  const { user_id } = actorOf(ctx);
  const rows = await ctx.db.all<PasskeyRow>(ownPasskeysStatement(user_id, readCursor(cursor), limit + 1));
  return toPage(rows, limit, toPasskey);
}

/**
 * Removes a passkey of the actor, and ends the other sessions that were opened by passkey: which of them this one
 * opened is not kept. `not_found` for any other.
 */
export async function removePasskey(ctx: Context, id: string): Promise<undefined> {
  const { user_id, session_id } = actorOf(ctx);
  const ended = { by: "user_method", params: [user_id, session_id, "passkey"] } as const;
  const own = await ctx.db.first<{ name: string }>(ownPasskeyStatement(id, user_id));
  if (!own) {
    await tellGatesAgain(ctx, ended);
    throw new Problem("not_found", "You have no such passkey.");
  }
  const entry = {
    action: "passkey.remove",
    entity_type: "passkey",
    entity_id: id,
    before: { name: own.name },
  } as const;
  await commitEndingSessions(ctx, [auditStatement(ctx, [entry]), ...removePasskeyStatements(id, user_id)], [ended]);
  return undefined;
}

function toPasskey({ id, name, transports, backed_up, created_at, last_used_at }: PasskeyRow): Passkey {
  return {
    id,
    name,
    transports: JSON.parse(transports) as string[],
    backed_up: backed_up === 1,
    created_at,
    last_used_at,
  };
}
