import { SYNC, SYNC_SALES } from "./cases.ts";
import { Client } from "./load.ts";
import type { Server } from "./server.ts";
import type { Shop, Till } from "./shop.ts";

/** Filling the books with sales of one line. */

interface Progress {
  firstSeq?: number;
  report?: (sold: number) => void;
}

/**
 * Sells in a till's open shift, as a till that comes back from offline does, so many sales rounded up to whole requests.
 * Returns the number of the till's next command; `firstSeq` is that of the first.
 */
export async function sellAt(
  server: Server,
  shop: Shop,
  till: Till,
  sales: number,
  { firstSeq = 1, report }: Progress = {},
): Promise<number> {
  const client = new Client(server.regal);
  try {
    const ask = await SYNC.makeAsker(shop, till, firstSeq);
    let sold = 0;
    while (sold < sales) {
      await client.expect(ask());
      sold += SYNC_SALES;
      report?.(sold);
    }
    return firstSeq + sold;
  } finally {
    client.close();
  }
}

/** The number of sales in the database. */
export async function countSales({ database }: Server): Promise<number> {
  const row = await database.prepare("SELECT count(*) AS n FROM sales").first<{ n: number }>();
  return row?.n ?? 0;
}

/** Sells at a till of its own until so many sales are in the database. */
export async function fillSales(
  server: Server,
  shop: Shop,
  wanted: number,
  report: (sold: number) => void,
): Promise<void> {
  const before = await countSales(server);
  await sellAt(server, shop, await shop.addTill(), wanted - before, { report: (sold) => report(before + sold) });
}
