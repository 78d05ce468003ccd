import { SALES } from "./cases.ts";
import { Client } from "./load.ts";
import { probe } from "./recorder.ts";
import type { Server } from "./server.ts";
import type { Shop, Till } from "./shop.ts";

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

export async function countRows(server: Server, shop: Shop, till: Till): Promise<RowsPerLine> {
  const client = new Client(server.probe);
  try {
    const rows: Rows[] = [];
    for (const [index, one] of SALES.entries()) {
      const ask = await one.makeAsker(shop, till);
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
