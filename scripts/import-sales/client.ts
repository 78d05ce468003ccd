import pRetry from "p-retry";
import { Failure } from "../support/failure.ts";
import type { ImportOptions } from "./options.ts";

const RETRIES = 12;
const MIN_WAIT_MS = 500;
const MAX_WAIT_MS = 15_000;
const MAX_RETRY_AFTER_S = 120;
const TIMEOUT_MS = 120_000;

/** The Worker is busy, or something on the way to it is; 503 `outcome_unknown` asks for the same again by design. */
const TRANSIENT = new Set([429, 502, 503, 504]);

export type Problem = { code: string; detail: string };

export type Call = {
  method: "GET" | "POST";
  path: string;
  /** An object, or JSON that is put into text already. */
  body?: object | string;
  idempotency_key?: string;
};

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
  const { status, text, retry_after } = await exchange(base, call, token);
  if (TRANSIENT.has(status)) throw new Transient(`the server answered ${String(status)}`, retry_after);
  if (status >= 200 && status < 300) return { ok: true, body: JSON.parse(text) as T };
  return { ok: false, status, problem: readProblem(text) };
}

async function exchange(base: string, call: Call, token: string | undefined) {
  const headers = new Headers({ Accept: "application/json" });
  if (token !== undefined) headers.set("Authorization", `Bearer ${token}`);
  if (call.idempotency_key !== undefined) headers.set("Idempotency-Key", call.idempotency_key);
  if (call.body !== undefined) headers.set("Content-Type", "application/json");
  const body = typeof call.body === "object" ? JSON.stringify(call.body) : (call.body ?? null);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(base + call.path, { method: call.method, headers, body, signal });
    return {
      status: response.status,
      text: await response.text(),
      retry_after: readRetryAfter(response.headers.get("Retry-After")),
    };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const said = cause instanceof Error ? cause.message || cause.name : String(cause);
    throw new Transient(`${base} can't be reached (${said})`, 0);
  }
}

/** Retry-After in seconds (RFC 9110, 10.2.3) as milliseconds; 0 where it is left out or a date. */
function readRetryAfter(header: string | null): number {
  const seconds = Number(header ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, MAX_RETRY_AFTER_S) * 1000 : 0;
}

function readProblem(text: string): Problem {
  try {
    const { code, detail } = JSON.parse(text) as Partial<Problem>;
    return { code: code ?? "unknown", detail: detail ?? text.slice(0, 500) };
  } catch {
    // Not the API but something before it: a proxy speaks HTML.
    return { code: "unknown", detail: text.slice(0, 500) };
  }
}
