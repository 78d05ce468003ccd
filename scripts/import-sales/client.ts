import pRetry from "p-retry";
import { type ApiCall, type ApiProblem, exchange, NoReply, readProblem } from "../support/api-exchange.ts";
import { Failure } from "../support/failure.ts";
import type { ImportOptions } from "./options.ts";

const RETRIES = 12;
const MIN_WAIT_MS = 500;
const MAX_WAIT_MS = 15_000;
const TIMEOUT_MS = 120_000;

/** The Worker is busy, or something on the way to it is; 503 `outcome_unknown` asks for the same again by design. */
const TRANSIENT = new Set([429, 502, 503, 504]);

export type Problem = ApiProblem;

export type Call = ApiCall & { method: "GET" | "POST" };

/** What the API answered: its body, or the problem it refused with. */
export type Answer<T> = { ok: true; body: T } | { ok: false; status: number; problem: Problem };

export type Api = {
  /** Throws a Failure when the API can't be reached or does not know this session any more. */
  ask: <T>(call: Call) => Promise<Answer<T>>;
  /** As `ask`; throws a Failure with the problem's words for any refusal. */
  get: <T>(path: string) => Promise<T>;
};

type Tokens = { access_token: string; refresh_token: string };

/** Not an answer but a reason to send the same again. */
class Transient extends Error {
  override readonly name = "Transient";
  readonly wait_ms: number;
  constructor(message: string, waitMs: number) {
    super(message);
    this.wait_ms = waitMs;
  }
}

export type Connection = Pick<ImportOptions, "base" | "store_code" | "username" | "password"> & {
  /** Told of each wait before something is sent again. */
  onWait: (reason: string) => void;
};

/**
 * Signs in, and gives what calls the API. It sends the same again after 429 (when Retry-After says so), 503 and lost
 * connections, and renews its session when that has run out. Throws a Failure.
 */
export async function connect(connection: Connection): Promise<Api> {
  let tokens = await signIn(connection);
  const ask = async <T>(call: Call): Promise<Answer<T>> => {
    const answer = await send<T>(connection, call, tokens.access_token);
    if (answer.ok || answer.status !== 401) return answer;
    tokens = await renew(connection, tokens);
    return send<T>(connection, call, tokens.access_token);
  };
  return {
    ask,
    get: async <T>(path: string): Promise<T> => expectBody(await ask<T>({ method: "GET", path }), `GET ${path}`),
  };
}

/** The body of an answer. Throws a Failure with what the server said when it refused. */
export function expectBody<T>(answer: Answer<T>, what: string): T {
  if (answer.ok) return answer.body;
  const { code, detail } = answer.problem;
  throw new Failure(`${what} was refused with ${String(answer.status)} ${code}: ${detail}`);
}

async function signIn(connection: Connection): Promise<Tokens> {
  const { username, password, store_code } = connection;
  const body = { username, password, store_code };
  return expectBody(await send<Tokens>(connection, { method: "POST", path: "/v1/auth/login", body }), "Signing in");
}

/** By the refresh token; by the password where that is of no use any more. */
async function renew(connection: Connection, { refresh_token }: Tokens): Promise<Tokens> {
  const call = { method: "POST", path: "/v1/auth/refresh", body: { refresh_token } } as const;
  const answer = await send<Tokens>(connection, call);
  return answer.ok ? answer.body : signIn(connection);
}

function send<T>(connection: Connection, call: Call, token?: string): Promise<Answer<T>> {
  return pRetry(() => sendOnce<T>(connection.base, call, token), {
    retries: RETRIES,
    minTimeout: 0,
    shouldRetry: ({ error }) => error instanceof Transient,
    onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
      if (!(error instanceof Transient) || retriesLeft === 0) return;
      const backoff = Math.min(MAX_WAIT_MS, MIN_WAIT_MS * 2 ** (attemptNumber - 1));
      const wait = Math.max(backoff, error.wait_ms);
      connection.onWait(`${error.message}; trying again in ${String(Math.ceil(wait / 1000))} s`);
      await new Promise((resolve) => setTimeout(resolve, wait));
    },
  }).catch((error: unknown) => {
    if (error instanceof Transient) throw new Failure(`${call.method} ${call.path} was given up: ${error.message}.`);
    throw error;
  });
}

async function sendOnce<T>(base: string, call: Call, token: string | undefined): Promise<Answer<T>> {
  const { status, text, retry_after_ms } = await exchange(base, call, { token, timeout_ms: TIMEOUT_MS }).catch(
    (error: unknown) => {
      throw error instanceof NoReply ? new Transient(error.message, 0) : error;
    },
  );
  if (TRANSIENT.has(status)) throw new Transient(`the server answered ${String(status)}`, retry_after_ms);
  if (status >= 200 && status < 300) return { ok: true, body: JSON.parse(text) as T };
  return { ok: false, status, problem: readProblem(text) };
}
