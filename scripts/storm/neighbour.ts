import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "../bench/load.ts";
import type { Progress } from "../bench/progress.ts";
import type { Server } from "../bench/server.ts";
import { percentile } from "../bench/statistics.ts";
import { countStatuses, type Finding } from "./finding.ts";
import { signIn, type Stores } from "./people.ts";

const MEASURED_MS = 8000;
/** So few that one machine can carry both: what is asked is whether the gates stand in each other's way. */
const STORM_PER_S = 250;
const PACE_MS = 20;
/** Slower than the limit of 1,200 a minute. */
const NEIGHBOUR_PAUSE_MS = 55;

interface Sent {
  statuses: number[];
  latencies_ms: number[];
}

/** Floods one store's gate past its limit while the other store reads; beside it, as many requests that pass no gate. */
export async function floodNeighbour(server: Server, stores: Stores, progress: Progress): Promise<Finding[]> {
  const client = new Client(server.regal);
  const token = async ({ username, code }: Stores["victim"]) => signIn(client, username, "203.0.113.9", code);
  const other = await token(stores.other);
  // Its own limit, not the other's, has to refuse the flood; the victim of the guesses has to wait for its name.
  progress("Waiting a minute: the names have been guessed at");
  await sleep(61_000);
  const victim = await token(stores.victim);
  const read = (bearer: string, store_id: string) => ({
    method: "GET" as const,
    path: `/v1/stores/${store_id}`,
    headers: { Authorization: `Bearer ${bearer}` },
    body: null,
  });
  const quiet = { method: "GET" as const, path: "/health", headers: {}, body: null };
  const neighbour = read(other, stores.other.store_id);
  const rounds = [
    { what: "alone", storm: null },
    { what: `beside ${String(STORM_PER_S)} a second that pass no gate`, storm: quiet },
    {
      what: `beside ${String(STORM_PER_S)} a second at another store's gate`,
      storm: read(victim, stores.victim.store_id),
    },
  ];
  const figures: string[] = [];
  let served = true;
  let limited = false;
  for (const { what, storm } of rounds) {
    progress(`A store's reads, ${what}`);
    const stop = new AbortController();
    const flood = storm ? pour(client, storm, stop.signal) : null;
    const { statuses, latencies_ms } = await readOn(client, neighbour);
    stop.abort();
    const poured = await flood;
    served &&= statuses.every((status) => status === 200);
    limited ||= poured?.some((status) => status === 429) ?? false;
    const [p50, p95] = [0.5, 0.95].map((share) => percentile(latencies_ms, share).toFixed(2));
    const flooded = poured ? `; the flood: ${countStatuses(poured)}` : "";
    figures.push(`${what}: p50 ${String(p50)} ms, p95 ${String(p95)} ms, ${countStatuses(statuses)}${flooded}`);
  }
  client.close();
  return [{ what: "a flood at one store, and the reads of another", figures, held: served && limited }];
}

type Ask = Parameters<Client["send"]>[0];

async function readOn(client: Client, ask: Ask): Promise<Sent> {
  const sent: Sent = { statuses: [], latencies_ms: [] };
  const startedAt = performance.now();
  while (performance.now() - startedAt < MEASURED_MS) {
    const sentAt = performance.now();
    const { status } = await client.send(ask);
    sent.statuses.push(status);
    sent.latencies_ms.push(performance.now() - sentAt);
    await sleep(NEIGHBOUR_PAUSE_MS);
  }
  return sent;
}

/** So many a second, whether or not the last are answered. */
async function pour(client: Client, ask: Ask, signal: AbortSignal): Promise<number[]> {
  const replies: Promise<number>[] = [];
  while (!signal.aborted) {
    for (let count = 0; count < (STORM_PER_S * PACE_MS) / 1000; count += 1) {
      replies.push(client.send(ask).then(({ status }) => status));
    }
    await sleep(PACE_MS);
  }
  return Promise.all(replies);
}
