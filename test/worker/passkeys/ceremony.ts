import { env } from "cloudflare:workers";
import {
  type Answer,
  api,
  type Client,
  countRows,
  expectStatus,
  type Fetcher,
  type SignedIn,
  type SignInBody,
  uuid,
} from "../../support/api.ts";
import {
  type AssertionJson,
  type CreationOptions,
  type Deviation,
  makePasskey,
  type RequestOptions,
  type SoftPasskey,
  usePasskey,
} from "../../support/authenticator.ts";

/** The steps of both ceremonies, each of which a test may do otherwise. */

export const ORIGIN = "http://regal.test";

export interface PasskeyBody {
  id: string;
  name: string;
  transports: string[];
  backed_up: boolean;
  created_at: string;
  last_used_at: string | null;
}

/** From an address of its own, so that many sign-ins of one file share no limit. */
export function fromAnywhere(): Record<string, string> {
  return { "CF-Connecting-IP": uuid() };
}

/** The options to add a passkey, for a client that is signed in. */
export async function askToRegister(client: Client): Promise<CreationOptions> {
  const answer = await client.post<CreationOptions>("/v1/auth/passkeys/options", { purpose: "register" });
  expectStatus(answer, 200);
  return answer.body;
}

/** The options to sign in with, for nobody in particular. */
export async function askToSignIn(fetcher?: Fetcher): Promise<RequestOptions> {
  const client = api(null, fetcher);
  const answer = await client.post<RequestOptions>("/v1/auth/passkeys/options", undefined, fromAnywhere());
  expectStatus(answer, 200);
  return answer.body;
}

/** A passkey that its user has registered, and its authenticator. */
export interface Registered {
  id: string;
  passkey: SoftPasskey;
}

export async function register(client: SignedIn, deviation: Deviation = {}, name?: string): Promise<Registered> {
  const { credential, passkey } = await makePasskey(await askToRegister(client), ORIGIN, deviation);
  const body = { credential, ...(name === undefined ? {} : { name }) };
  const answer = await client.post<PasskeyBody>("/v1/auth/passkeys/register", body);
  expectStatus(answer, 201);
  return { id: answer.body.id, passkey };
}

/** Sends what an authenticator made. */
export async function sendAssertion(
  credential: AssertionJson | Record<string, unknown>,
  more: object = {},
  headers: Record<string, string> = {},
): Promise<Answer<SignInBody>> {
  return api(null).post("/v1/auth/passkeys/login", { credential, ...more }, { ...fromAnywhere(), ...headers });
}

export async function signInWith(passkey: SoftPasskey, deviation: Deviation = {}): Promise<Answer<SignInBody>> {
  return sendAssertion(await usePasskey(passkey, await askToSignIn(), ORIGIN, deviation));
}

const WRITTEN = ["passkeys", "sessions", "refresh_tokens", "spent_challenges", "audit_entries"];

/** Everything these routes write, to hold against what it was: equal, nothing has changed. */
export async function snapshot(): Promise<unknown> {
  const counts = await Promise.all(WRITTEN.map(async (table) => countRows(table)));
  const { results } = await env.DB.prepare("SELECT * FROM passkeys ORDER BY arrival").all();
  return [counts, results];
}
