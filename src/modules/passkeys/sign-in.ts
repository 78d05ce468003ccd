import { base64url } from "jose";
import type { Context } from "../../context.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { Problem } from "../../http/problem.ts";
import { logLine } from "../../telemetry/log.ts";
import {
  findAdmission,
  openSession,
  passkeySignInStatement,
  requireOwnOrigin,
  sentDeviceHash,
  type SignedIn,
  type SignInRow,
  takeAnonymousAttempt,
  wantsCookies,
} from "../auth/index.ts";
import { type Challenge, findChallenge } from "./challenge.ts";
import { type PublicKeyRow, publicKeyStatement, spendChallengeStatement, usePasskeyStatement } from "./queries.ts";
import { loadWebAuthn, originsOf, rpIdOf } from "./relying-party.ts";
import type { PasskeySignInInput } from "./schemas.ts";

/**
 * Opens a session by passkey. An unknown passkey, a wrong answer, a challenge that is not good any more, an inactive
 * user and a store the user does not work in are one and the same `unauthenticated`.
 */
export async function signInByPasskey(ctx: Context, input: PasskeySignInInput): Promise<SignedIn> {
  const { credential, store_code } = input;
  if (wantsCookies(ctx)) requireOwnOrigin(ctx);
  await takeAnonymousAttempt(ctx);
  const [keys, rows] = await ctx.db.readAll([
    publicKeyStatement(credential.id),
    passkeySignInStatement(credential.id, sentDeviceHash(ctx), store_code ?? null),
  ]);
  const [key] = keys as unknown as PublicKeyRow[];
  const [row] = rows as unknown as SignInRow[];
  const admission = findAdmission(ctx, row ?? null, store_code);
  if (!key || !admission) throw refused();
  const { challenge, newCounter, credentialBackedUp } = await verifyAssertion(ctx, credential, key);
  const { account, gate, device } = admission;
  const also = [
    spendChallengeStatement(challenge),
    usePasskeyStatement(key.id, newCounter, credentialBackedUp, ctx.now),
  ];
  try {
    return await openSession(ctx, account, { gate, method: "passkey", device, also });
  } catch (error) {
    if (isViolationOf(error, "passkeys_count_up")) {
      const { id: passkey_id, user_id } = key;
      const { request_id } = ctx;
      logLine("warn", "a passkey's counter went back: it may have been copied", { request_id, user_id, passkey_id });
      throw refused(error);
    }
    if (isViolationOf(error, "spent_challenges.challenge_hash", "credentials_changed")) throw refused(error);
    throw error;
  }
}

interface Assertion {
  challenge: Challenge;
  newCounter: number;
  credentialBackedUp: boolean;
}

/** By WebAuthn level 3, 7.2; the counter is the database's to compare, in the batch that advances it. */
async function verifyAssertion(
  ctx: Context,
  { response, ...credential }: PasskeySignInInput["credential"],
  { user_id, public_key }: PublicKeyRow,
): Promise<Assertion> {
  const { verifyAuthenticationResponse } = await loadWebAuthn();
  let challenge: Challenge | null = null;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...credential, response, clientExtensionResults: {} },
      expectedChallenge: (sent) => {
        challenge = findChallenge(ctx, { purpose: "login" }, sent);
        return challenge !== null;
      },
      expectedOrigin: originsOf(ctx),
      expectedRPID: rpIdOf(ctx),
      credential: { id: credential.id, publicKey: Uint8Array.from(base64url.decode(public_key)), counter: 0 },
      requireUserVerification: true,
    });
    const owner = new TextDecoder().decode(base64url.decode(response.userHandle));
    if (verified && challenge && owner === user_id) return { ...authenticationInfo, challenge };
  } catch (error) {
    throw refused(error);
  }
  throw refused();
}

function refused(cause?: unknown): Problem {
  return new Problem("unauthenticated", "This passkey is not known here, or you do not work in this store.", { cause });
}
