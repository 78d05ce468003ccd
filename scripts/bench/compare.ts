import { type Ask, type Case, HELLO } from "./cases.ts";
import { add, Client, type Measured, measure } from "./load.ts";
import { bareHeaders, NEXT_SEQ, pathAt, teachBare } from "./recorder.ts";
import type { Server } from "./server.ts";
import type { Shop, Till } from "./shop.ts";
import { percentile } from "./statistics.ts";

export const CONNECTIONS = 8;

export interface Pace {
  rounds: number;
  /** How long each Worker is asked in each round, with one connection and with several. */
  slice_ms: number;
}

export interface Figures {
  requests: number;
  per_second: number;
  p50_ms: number;
  p99_ms: number;
}

/**
 * Who is asked: the Worker, the bare one, the bare one when it calls the gate as well, and the Worker without its gate
 * and permission check.
 */
export type Side = "regal" | "bare" | "bare_with_gate" | "ungated";

export interface Comparison {
  name: string;
  connections: number;
  regal: Figures;
  bare: Figures;
  /** Null where the Worker asks no gate either. */
  bare_with_gate: Figures | null;
  /** Null where the Worker passes neither. */
  ungated: Figures | null;
}

/** One Worker of a case, with a till for each connection. */
interface Runner {
  side: Side;
  client: Client;
  askers: (() => Ask)[];
  measured: Measured;
}

/**
 * Measures every case on every Worker, by turns, so that whatever else the machine does meets all alike.
 * Each case gives two comparisons: with one connection, and with several.
 */
export async function compareAll(
  server: Server,
  shop: Shop,
  cases: readonly Case[],
  pace: Pace,
  report: (line: string) => void,
): Promise<Comparison[]> {
  const tills = {
    regal: await addTills(shop),
    bare: await addTills(shop),
    bare_with_gate: await addTills(shop),
    ungated: await addTills(shop),
  };
  const comparisons: Comparison[] = [];
  for (const one of cases) {
    report(one.name);
    for (const connections of [1, CONNECTIONS]) {
      comparisons.push(await compare(server, shop, one, tills, connections, pace));
    }
  }
  return comparisons;
}

async function addTills(shop: Shop): Promise<Till[]> {
  const tills: Till[] = [];
  for (let count = 0; count < CONNECTIONS + 1; count += 1) tills.push(await shop.addTill());
  return tills;
}

async function compare(
  server: Server,
  shop: Shop,
  one: Case,
  tills: Record<Side, Till[]>,
  connections: number,
  { rounds, slice_ms }: Pace,
): Promise<Comparison> {
  const sides: Side[] = one === HELLO ? ["regal", "bare"] : ["regal", "bare", "bare_with_gate", "ungated"];
  const runners: Runner[] = [];
  for (const side of sides) {
    // One connection has a till of its own, whose numbers go on from the first.
    const mine = connections === 1 ? tills[side].slice(0, 1) : tills[side].slice(1);
    runners.push(await prepare(server, shop, one, side, mine));
  }
  for (let round = 0; round <= rounds; round += 1) {
    for (const runner of round % 2 === 0 ? runners : runners.toReversed()) {
      const slice = await measure(runner.client, runner.askers, slice_ms);
      // The first round only warms up.
      if (round > 0) runner.measured = add(runner.measured, slice);
    }
  }
  for (const { client } of runners) client.close();
  const [regal, bare, gated = null, ungated = null] = runners.map(({ measured }) => summarize(measured));
  if (!regal || !bare) throw new Error("nothing was measured");
  return { name: one.name, connections, regal, bare, bare_with_gate: gated, ungated };
}

async function prepare(server: Server, shop: Shop, one: Case, side: Side, tills: readonly Till[]): Promise<Runner> {
  const nothing: Measured = { latencies_ms: [], seconds: 0 };
  if (side === "regal" || side === "ungated") {
    const askers = await Promise.all(tills.map(async (till) => one.makeAsker(shop, till)));
    return { side, client: new Client(server[side]), askers, measured: nothing };
  }
  if (one !== HELLO) for (const till of tills) await teachBare(server, shop, one, till);
  const gate = side === "bare" ? null : shop.store_id;
  const askers: (() => Ask)[] = [];
  for (const till of tills) {
    const ask = await one.makeAsker(shop, till, NEXT_SEQ);
    const path = pathAt(one, till);
    askers.push(() => {
      const wanted = ask();
      return { ...wanted, path, headers: bareHeaders(wanted, gate), status: 200 };
    });
  }
  return { side, client: new Client(server.bare), askers, measured: nothing };
}

export function summarize({ latencies_ms, seconds }: Measured): Figures {
  return {
    requests: latencies_ms.length,
    per_second: latencies_ms.length / seconds,
    p50_ms: percentile(latencies_ms, 0.5),
    p99_ms: percentile(latencies_ms, 0.99),
  };
}
