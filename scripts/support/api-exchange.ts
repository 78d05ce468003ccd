/** One request to the API and its answer, for the scripts that are its clients. */

export type ApiProblem = {
  code: string;
  detail: string;
  errors?: { pointer: string; detail: string; [member: string]: unknown }[];
  [member: string]: unknown;
};

export type ApiCall = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  /** An object, or JSON that is put into text already. */
  body?: object | string;
  idempotency_key?: string;
  /** Further header fields. */
  headers?: Readonly<Record<string, string>>;
};

export type ApiReply = {
  status: number;
  text: string;
  /** What Retry-After asks for; 0 where it is left out or a date. */
  retry_after_ms: number;
  headers: Headers;
};

/** No answer came. */
export class NoReply extends Error {
  override readonly name = "NoReply";
  /** Whether the API can't have heard the request: no connection was made. */
  readonly unheard: boolean;
  constructor(message: string, unheard: boolean, options?: ErrorOptions) {
    super(message, options);
    this.unheard = unheard;
  }
}

const MAX_RETRY_AFTER_S = 120;

/** Failures of a connection that is not there yet. */
const UNHEARD = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Sends a request once. Throws NoReply where no answer came in time. */
export async function exchange(
  base: string,
  call: ApiCall,
  { token, timeout_ms }: { token?: string | undefined; timeout_ms: number },
): Promise<ApiReply> {
  const headers = new Headers({ Accept: "application/json", ...call.headers });
  if (token !== undefined) headers.set("Authorization", `Bearer ${token}`);
  if (call.idempotency_key !== undefined) headers.set("Idempotency-Key", call.idempotency_key);
  if (call.body !== undefined) headers.set("Content-Type", "application/json");
  const body = typeof call.body === "object" ? JSON.stringify(call.body) : (call.body ?? null);
  const signal = AbortSignal.timeout(timeout_ms);
  try {
    const response = await fetch(base + call.path, { method: call.method, headers, body, signal });
    return {
      status: response.status,
      text: await response.text(),
      retry_after_ms: readRetryAfter(response.headers.get("Retry-After")),
      headers: response.headers,
    };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const said = cause instanceof Error ? cause.message || cause.name : String(cause);
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    throw new NoReply(`${base} can't be reached (${said})`, UNHEARD.has(code), { cause: error });
  }
}

/** Retry-After in seconds (RFC 9110, 10.2.3) as milliseconds. */
function readRetryAfter(header: string | null): number {
  const seconds = Number(header ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, MAX_RETRY_AFTER_S) * 1000 : 0;
}

/** The problem of a refusal; what came instead where it was not the API that spoke. */
export function readProblem(text: string): ApiProblem {
  try {
    const { code, detail, ...rest } = JSON.parse(text) as Partial<ApiProblem>;
    return { ...rest, code: code ?? "unknown", detail: detail ?? text.slice(0, 500) };
  } catch {
    // Not the API but something before it: a proxy speaks HTML.
    return { code: "unknown", detail: text.slice(0, 500) };
  }
}
