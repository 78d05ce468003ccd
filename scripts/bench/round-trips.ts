import type { Hop } from "../../test/bench/probe.ts";
import { type Ask, askClose, askSale, type Case, REFUND, sale, SYNC, xReport } from "./cases.ts";
import { Client } from "./load.ts";
import { probe } from "./recorder.ts";
import type { Server } from "./server.ts";
import type { Shop, Till } from "./shop.ts";
import { median, slopeOf } from "./statistics.ts";

const DELAYS_MS = [0, 10, 20, 40] as const;

/** How many sequential round trips to each hop a request waits for. */
export interface RoundTrips {
  name: string;
  /** Of calls to D1, or of a warm sale one to each hop, no more and no fewer. */
  promised: { at_most: number } | "one each";
  d1: number;
  do: number;
}

interface Counted {
  name: string;
  promised: RoundTrips["promised"];
  /** Makes a request; what has to be there for it is made before the clock runs. */
  ask: () => Ask | Promise<Ask>;
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
    for (const one of await listCounted(shop, till)) {
      // All that it needs is in the isolate's memory, but for what is never the same.
      await probe(client, await one.ask());
      const slopeTo = async (hop: Hop) => slope(client, hop, one.ask, repeats);
      counted.push({ name: one.name, promised: one.promised, d1: await slopeTo("d1"), do: await slopeTo("do") });
    }
    return counted;
  } finally {
    client.close();
  }
}

async function listCounted(shop: Shop, till: Till): Promise<Counted[]> {
  const warm = async (one: Case, promised: RoundTrips["promised"]): Promise<Counted> => ({
    name: `${one.name}, warm`,
    promised,
    ask: await one.makeAsker(shop, till),
  });
  const oneEach = "one each" as const;
  return [
    await warm(sale(1), oneEach),
    await warm(sale(50), oneEach),
    { name: "sale of 1 line, product not in memory", promised: { at_most: 2.1 }, ask: neverSold(shop, till) },
    // The sale is read, the rest is the batch.
    await warm(REFUND, { at_most: calls(2) }),
    await warm(SYNC, { at_most: calls(2) }),
    // Whose shift it is, and its sums; the close has the batch besides. How many sales it has makes no difference.
    { name: "X report", promised: { at_most: calls(2) }, ask: await xReport("X report", till).makeAsker(shop, till) },
    { name: "close of a shift", promised: { at_most: calls(3) }, ask: closeAgain(shop, await shop.addTill()) },
  ];
}

/** So many calls, each measured to a tenth of one. */
function calls(many: number): number {
  return many * 1.1;
}

async function slope(client: Client, hop: Hop, ask: Counted["ask"], repeats: number): Promise<number> {
  const latencies = new Map<number, number[]>(DELAYS_MS.map((delay) => [delay, []]));
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const delay of DELAYS_MS) {
      const wanted = await ask();
      const sentAt = performance.now();
      await probe(client, wanted, { [hop]: delay });
      latencies.get(delay)?.push(performance.now() - sentAt);
    }
  }
  return slopeOf([...latencies].map(([x, ys]) => ({ x, y: median(ys) })));
}

/** Sells each time what nobody has sold yet, from the far end of the shelves. */
function neverSold(shop: Shop, till: Till): () => Ask {
  const left = shop.product_ids.slice();
  return () => {
    const product = left.pop();
    if (product === undefined) throw new Error("every product has been sold");
    return askSale(shop, till, [product]);
  };
}

/** Closes one shift of a till after another; each but the first is opened for it. */
function closeAgain(shop: Shop, first: Till): () => Promise<Ask> {
  let till: Till | undefined = first;
  return async () => {
    const open = till ?? (await shop.reopen(first));
    till = undefined;
    return askClose(shop, open);
  };
}
