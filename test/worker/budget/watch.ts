import { env } from "cloudflare:workers";
import { Probe, probeDatabase, probeObjects } from "../../bench/probe.ts";
import { type Answer, api, fetchWith } from "../../support/api.ts";

/** A request of the API. */
export interface Call {
  /** With its parameters filled in, and its query. */
  path: string;
  token: string | null;
  body?: unknown;
  headers?: Record<string, string>;
}

/** What a request was answered, and what it asked of its bindings. */
export interface Watched {
  answer: Answer;
  probe: Probe;
}

/** Sends a request to the Worker behind bindings that count. */
export async function watch(method: string, call: Call): Promise<Watched> {
  const probe = new Probe();
  const fetcher = fetchWith({ DB: probeDatabase(env.DB, probe), GATE: probeObjects(env.GATE, probe) });
  const { path, token, body, headers } = call;
  const client = api(token, fetcher);
  const send = {
    get: async () => client.get(path, headers),
    post: async () => client.post(path, body, headers),
    patch: async () => client.patch(path, body, headers),
    put: async () => client.put(path, body, headers),
    delete: async () => client.delete(path, headers),
  }[method];
  if (!send) throw new Error(`no client sends ${method}`);
  return { answer: await send(), probe };
}
