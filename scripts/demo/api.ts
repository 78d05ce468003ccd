import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../support/failure.ts";

const MAX_ATTEMPTS = 8;
const MAX_WAIT_S = 60;

export type Answer = { status: number; body: unknown };

export type ApiCall = {
  method: "GET" | "POST";
  path: string;
  body?: unknown;
  idempotency_key?: string;
  /** Statuses beside 2xx that the caller deals with. */
  expect?: readonly number[];
};

/** The public API as the demo uses it: nothing here goes round it. */
export type Api = (call: ApiCall) => Promise<Answer>;

/**
 * Calls the API at `base` with a bearer token. Waits as long as Retry-After says after 429 and 503, then asks again;
 * throws a Failure with the problem's words for any other refusal.
 */
export function connectApi(base: string, token: string): Api {
  return async (call) => {
    for (let attempt = 1; ; attempt += 1) {
      const response = await send(base, token, call);
      const wait_s = Number(response.headers.get("Retry-After") ?? "1");
      const busy = response.status === 429 || response.status === 503;
      if (busy && attempt < MAX_ATTEMPTS && wait_s <= MAX_WAIT_S) {
        await response.body?.cancel();
        await sleep(Math.max(1, wait_s) * 1000);
        continue;
      }
      const body: unknown = response.status === 204 ? null : await response.json();
      if (!response.ok && call.expect?.includes(response.status) !== true) {
        throw new Failure(`${call.method} ${call.path} answered ${String(response.status)}: ${JSON.stringify(body)}`);
      }
      return { status: response.status, body };
    }
  };
}

function send(base: string, token: string, { method, path, body, idempotency_key }: ApiCall): Promise<Response> {
  const headers: Record<string, string> = { Authorization: `Bearer ${token}` };
  if (idempotency_key !== undefined) headers["Idempotency-Key"] = idempotency_key;
  if (body === undefined) return fetch(base + path, { method, headers });
  headers["Content-Type"] = "application/json";
  return fetch(base + path, { method, headers, body: JSON.stringify(body) });
}

/** A record as a list answers it: an id and whatever else. */
export type Listed = { id: string } & Record<string, unknown>;

/** Every record of a list, page after page. */
export async function listAll(api: Api, path: string): Promise<Listed[]> {
  const records: Listed[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ limit: "200", ...(cursor === null ? {} : { cursor }) });
    const { body } = await api({ method: "GET", path: `${path}?${query.toString()}` });
    const page = body as { data: Listed[]; next_cursor: string | null };
    records.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return records;
}
