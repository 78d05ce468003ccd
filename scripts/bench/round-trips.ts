import type { Hop } from "../../test/bench/probe.ts";
import { type Ask, askSale, type Case, sale } from "./cases.ts";
import { Client } from "./load.ts";
import { probe } from "./recorder.ts";
import type { Server } from "./server.ts";
import type { Shop } from "./shop.ts";
import { median, slopeOf } from "./statistics.ts";

const DELAYS_MS = [0, 10, 20, 40] as const;

/** How many sequential round trips to each hop a request waits for. */
export interface RoundTrips {
  name: string;
  /** Whether all that it sells is in the isolate's memory. */
  warm: boolean;
  d1: number;
  do: number;
}

/**
 * Makes each call of a hop wait, and sees by how much the answer comes later: a request that waits for two calls, one
 * after the other, comes two milliseconds later for each millisecond of delay.
 */
export async function countRoundTrips(server: Server, shop: Shop, repeats: number): Promise<RoundTrips[]> {
  const client = new Client(server.probe);
  try {
    const till = await shop.addTill();
    const counted: RoundTrips[] = [];
    for (const one of [sale(1), sale(50)])
      counted.push(await countWarm(client, one, one.makeAsker(shop, till), repeats));
    counted.push(await count(client, "sale of 1 line, product not in memory", false, neverSold(shop, till), repeats));
    return counted;
  } finally {
    client.close();
  }
}

async function countWarm(client: Client, one: Case, ask: () => Ask, repeats: number): Promise<RoundTrips> {
  await probe(client, ask());
  return count(client, `${one.name}, warm`, true, ask, repeats);
}

async function count(
  client: Client,
  name: string,
  warm: boolean,
  ask: () => Ask,
  repeats: number,
): Promise<RoundTrips> {
  return { name, warm, d1: await slope(client, "d1", ask, repeats), do: await slope(client, "do", ask, repeats) };
}

async function slope(client: Client, hop: Hop, ask: () => Ask, repeats: number): Promise<number> {
  const latencies = new Map<number, number[]>(DELAYS_MS.map((delay) => [delay, []]));
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const delay of DELAYS_MS) {
      const wanted = ask();
      const sentAt = performance.now();
      await probe(client, wanted, { [hop]: delay });
      latencies.get(delay)?.push(performance.now() - sentAt);
    }
  }
  return slopeOf([...latencies].map(([x, ys]) => ({ x, y: median(ys) })));
}

/** Sells each time what nobody has sold yet, from the far end of the shelves. */
function neverSold(shop: Shop, till: string): () => Ask {
  const left = shop.product_ids.slice();
  return () => {
    const product = left.pop();
    if (product === undefined) throw new Error("every product has been sold");
    return askSale(shop, till, [product]);
  };
}
