import { SALES, SYNC, SYNC_SALES } from "./cases.ts";
import { Client } from "./load.ts";
import { probe } from "./recorder.ts";
import type { Server } from "./server.ts";
import type { Shop } from "./shop.ts";

/** What D1 read and wrote for one warm sale, by its number of lines, as its own `meta` says. */
export interface Rows {
  lines: number;
  rows_read: number;
  rows_written: number;
}

export interface RowsPerLine {
  rows: Rows[];
  /** What one more line costs, from the shortest sale to the longest. */
  read_per_line: number;
  written_per_line: number;
}

const LINES = [1, 5, 50] as const;

export async function countRows(server: Server, shop: Shop, till: string): Promise<RowsPerLine> {
  const client = new Client(server.probe);
  try {
    const rows: Rows[] = [];
    for (const [index, one] of SALES.entries()) {
      const ask = one.makeAsker(shop, till);
      await probe(client, ask());
      const { trips } = await probe(client, ask());
      const sum = (of: "rows_read" | "rows_written") => trips.reduce((total, trip) => total + trip[of], 0);
      rows.push({ lines: LINES[index] ?? 0, rows_read: sum("rows_read"), rows_written: sum("rows_written") });
    }
    const [first, last] = [rows.at(0), rows.at(-1)];
    if (!first || !last) throw new Error("no sale was made");
    const perLine = (of: "rows_read" | "rows_written") => (last[of] - first[of]) / (last.lines - first.lines);
    return { rows, read_per_line: perLine("rows_read"), written_per_line: perLine("rows_written") };
  } finally {
    client.close();
  }
}

/** The number of sales in the database. */
export async function countSales({ database }: Server): Promise<number> {
  const row = await database.prepare("SELECT count(*) AS n FROM sales").first<{ n: number }>();
  return row?.n ?? 0;
}

/** Sells, as a till that comes back from offline does, until so many sales are in the database. */
export async function fillSales(
  server: Server,
  shop: Shop,
  wanted: number,
  report: (done: number) => void,
): Promise<void> {
  const client = new Client(server.regal);
  try {
    const ask = SYNC.makeAsker(shop, await shop.addTill());
    const before = await countSales(server);
    for (let sold = before; sold < wanted; sold += SYNC_SALES) {
      await client.expect(ask());
      report(sold + SYNC_SALES);
    }
  } finally {
    client.close();
  }
}
