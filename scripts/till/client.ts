import pRetry from "p-retry";
import { type ApiCall, type ApiProblem, exchange, NoReply, readProblem } from "../support/api-exchange.ts";

/** Asks the API, and tells apart what it has refused, what it can't have heard, and what may have happened. */

export type Outcome<T> =
  /** `server_time` by its Date header, in ISO 8601; null where it names none. */
  | { kind: "done"; status: number; body: T; replayed: boolean; server_time: string | null }
  /** `certain`: no attempt before the refusal can have been carried out. */
  | { kind: "refused"; status: number; problem: ApiProblem; certain: boolean }
  /** `unheard`: the API has not carried it out; else nobody knows. */
  | { kind: "unreached"; unheard: boolean; status: number | null; reason: string };

/** How long someone waits for an answer. */
export type Patience = {
  retries: number;
  timeout_ms: number;
  /** The longest that is waited between two attempts; where Retry-After asks for more, it is given up. */
  longest_wait_ms: number;
  /** No attempt begins later than this. */
  deadline_ms: number;
};

/** A customer stands at the till. */
export const AT_THE_COUNTER: Patience = { retries: 3, timeout_ms: 6_000, longest_wait_ms: 3_000, deadline_ms: 6_000 };
/** Nobody waits: what was done offline is sent, the catalogue read, a day checked. */
export const IN_THE_BACKGROUND: Patience = {
  retries: 8,
  timeout_ms: 60_000,
  longest_wait_ms: 120_000,
  deadline_ms: Infinity,
};

const FIRST_WAIT_MS = 200;

/** No answer, or one that asks for the same again. */
class Transient extends Error {
  override readonly name = "Transient";
  readonly unheard: boolean;
  readonly status: number | null;
  readonly wait_ms: number;
  constructor(message: string, at: { unheard: boolean; status: number | null; wait_ms: number }) {
    super(message);
    this.unheard = at.unheard;
    this.status = at.status;
    this.wait_ms = at.wait_ms;
  }
}

export type ClientOptions = {
  base: string;
  /** Told of each wait before something is sent again. */
  onWait: (reason: string) => void;
};

/**
 * Sends a request, and the very same again after 429 (when Retry-After says so), 5xx and lost connections. A command
 * bears an Idempotency-Key, so that it is carried out once however often it is heard.
 */
export async function askApi<T>(
  { base, onWait }: ClientOptions,
  call: ApiCall,
  { token, patience }: { token?: string | undefined; patience: Patience },
): Promise<Outcome<T>> {
  let unheard = true;
  const started = performance.now();
  const isWorthWaiting = (error: Transient) =>
    error.wait_ms <= patience.longest_wait_ms && performance.now() - started < patience.deadline_ms;
  try {
    const answer = await pRetry(
      async () => {
        try {
          return await sendOnce<T>(base, call, token, patience.timeout_ms);
        } catch (error) {
          if (error instanceof Transient) unheard &&= error.unheard;
          throw error;
        }
      },
      {
        retries: patience.retries,
        minTimeout: 0,
        shouldRetry: ({ error }) => error instanceof Transient && isWorthWaiting(error),
        onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
          if (!(error instanceof Transient) || retriesLeft === 0 || !isWorthWaiting(error)) return;
          const backoff = Math.min(patience.longest_wait_ms, FIRST_WAIT_MS * 2 ** (attemptNumber - 1));
          const wait = Math.max(error.wait_ms, Math.random() * backoff);
          onWait(`${error.message}; trying again in ${(wait / 1000).toFixed(1)} s`);
          await new Promise((resolve) => setTimeout(resolve, wait));
        },
      },
    );
    return answer.kind === "refused" ? { ...answer, certain: unheard } : answer;
  } catch (error) {
    if (!(error instanceof Transient)) throw error;
    return { kind: "unreached", unheard, status: error.status, reason: error.message };
  }
}

async function sendOnce<T>(
  base: string,
  call: ApiCall,
  token: string | undefined,
  timeoutMs: number,
): Promise<Exclude<Outcome<T>, { kind: "unreached" }>> {
  const reply = await exchange(base, call, { token, timeout_ms: timeoutMs }).catch((error: unknown) => {
    if (!(error instanceof NoReply)) throw error;
    throw new Transient(error.message, { unheard: error.unheard, status: null, wait_ms: 0 });
  });
  const { status, text, retry_after_ms, headers } = reply;
  if (status >= 200 && status < 300) {
    const isJson = headers.get("Content-Type")?.includes("json") === true;
    const body = (isJson ? JSON.parse(text) : text) as T;
    const server_time = readDate(headers.get("Date"));
    return { kind: "done", status, body, replayed: headers.has("Idempotency-Replayed"), server_time };
  }
  const problem = readProblem(text);
  if (status === 429 || status >= 500) {
    throw new Transient(`the API answered ${String(status)} ${problem.code}`, {
      unheard: status === 429 || problem.code === "overloaded",
      status,
      wait_ms: retry_after_ms,
    });
  }
  return { kind: "refused", status, problem, certain: true };
}

function readDate(header: string | null): string | null {
  const time = Date.parse(header ?? "");
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}
