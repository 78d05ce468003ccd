import { type Ask, askClose, type Case, xReport } from "./cases.ts";
import { type Comparison, type Side, summarize } from "./compare.ts";
import { add, Client, type Measured, measureOne } from "./load.ts";
import { bareHeaders, probe, teachPath } from "./recorder.ts";
import { countSales, sellAt } from "./selling.ts";
import type { Server } from "./server.ts";
import type { Shop, Till } from "./shop.ts";

/** The end of a till's day: the X report of a shift and the close of it, with so many sales in the shift. */

export const DAY_SALES = 2000;
const OF_A_DAY = `with ${DAY_SALES.toLocaleString("en")} sales`;
const X_REPORT = `X report ${OF_A_DAY}`;
const CLOSE = `close of a shift ${OF_A_DAY}`;
const BARE_PATH = "/close";
/** Shifts without a sale that are closed before the clock runs, so that no Worker does it for the first time. */
const WARM_UP = 20;

/** What D1 did for a request, in how many calls, beside so many sales that are not the shift's. */
export interface DayRows {
  name: string;
  other_sales: number;
  rows_read: number;
  rows_written: number;
  calls: number;
}

/** A till at which a shift was closed before, as at any till but on its first day. */
export interface DayTill {
  till: Till;
  next_seq: number;
}

export async function openDayTill(shop: Shop): Promise<DayTill> {
  const till = await shop.addTill();
  await close(shop, till);
  return { till: await shop.reopen(till), next_seq: 1 };
}

/**
 * Sells a day, reads its X report and closes it, both by the Worker that tells what D1 did. The till is left open. A shift
 * that is opened later has sales too: whoever reads a range of an index looks at the row that follows it, if there is one.
 */
export async function countDayRows(server: Server, shop: Shop, { till, next_seq }: DayTill) {
  await sellAt(server, shop, await shop.addTill(), 1);
  const other_sales = await countSales(server);
  const nextSeq = await sellAt(server, shop, till, DAY_SALES, { firstSeq: next_seq });
  const client = new Client(server.probe);
  try {
    const x = (await xReport(X_REPORT, till).makeAsker(shop, till))();
    const rows = [
      await countOne(client, X_REPORT, x, other_sales),
      await countOne(client, CLOSE, askClose(shop, till), other_sales),
    ];
    return { rows, next: { till: await shop.reopen(till), next_seq: nextSeq } };
  } finally {
    client.close();
  }
}

async function countOne(client: Client, name: string, ask: Ask, other_sales: number): Promise<DayRows> {
  const { trips } = await probe(client, ask);
  const sum = (of: "rows_read" | "rows_written") => trips.reduce((total, trip) => total + trip[of], 0);
  const calls = trips.filter(({ hop }) => hop === "d1").length;
  return { name, other_sales, rows_read: sum("rows_read"), rows_written: sum("rows_written"), calls };
}

/** The X report of a shift that has its sales. */
export async function xReportOfDay(server: Server, shop: Shop): Promise<Case> {
  const till = await shop.addTill();
  await sellAt(server, shop, till, DAY_SALES);
  return xReport(X_REPORT, till);
}

/**
 * Measures the close, which a shift knows once: every one is of another till with its own sales, made beforehand. The
 * Workers close by turns, one request at a time.
 */
export async function compareCloses(
  server: Server,
  shop: Shop,
  rounds: number,
  report: (share: number) => void,
): Promise<Comparison> {
  const sides: Side[] = ["regal", "bare", "bare_with_gate", "ungated"];
  const days: Till[] = [];
  // One a round and side; the first round only warms up. And one to learn from.
  const wanted = (rounds + 1) * sides.length + 1;
  for (let made = 0; made < wanted; made += 1) {
    const till = await shop.addTill();
    await sellAt(server, shop, till, DAY_SALES);
    days.push(till);
    report(made / wanted);
  }
  const take = (): Till => {
    const till = days.pop();
    if (!till) throw new Error("every day is closed");
    return till;
  };
  const empty = [await shop.addTill(), await shop.addTill()];
  const [first, second, third] = [...empty, take()].map((till) => askClose(shop, till));
  if (first && second && third) await teachPath(server, BARE_PATH, [first, second, third]);

  const clients = {
    bare: new Client(server.bare),
    regal: new Client(server.regal),
    ungated: new Client(server.ungated),
  };
  for (const client of [clients.regal, clients.ungated]) await closeEmpty(client, shop);
  const measured = new Map<Side, Measured>();
  for (let round = 0; round <= rounds; round += 1) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      const client = side === "bare_with_gate" ? clients.bare : clients[side];
      const took = await measureOne(client, askSide(shop, side, askClose(shop, take())));
      if (round > 0) measured.set(side, add(measured.get(side) ?? { latencies_ms: [], seconds: 0 }, took));
    }
  }
  for (const client of Object.values(clients)) client.close();
  const figuresOf = (side: Side) => summarize(measured.get(side) ?? { latencies_ms: [], seconds: 0 });
  return {
    name: CLOSE,
    connections: 1,
    regal: figuresOf("regal"),
    bare: figuresOf("bare"),
    bare_with_gate: figuresOf("bare_with_gate"),
    ungated: figuresOf("ungated"),
  };
}

/** The bare Worker knows no other close than of a whole day, and has nothing to warm up but what it does always. */
async function closeEmpty(client: Client, shop: Shop): Promise<void> {
  let till = await shop.addTill();
  for (let closed = 0; closed < WARM_UP; closed += 1) {
    await client.expect(askClose(shop, till));
    till = await shop.reopen(till);
  }
}

function askSide(shop: Shop, side: Side, ask: Ask): Ask {
  if (side === "regal" || side === "ungated") return ask;
  return { ...ask, path: BARE_PATH, headers: bareHeaders(ask, side === "bare" ? null : shop.store_id), status: 200 };
}

async function close(shop: Shop, till: Till): Promise<void> {
  const { path, headers, body } = askClose(shop, till);
  const idempotency_key = headers["Idempotency-Key"] ?? "";
  await shop.cashier({ method: "POST", path, body: JSON.parse(body ?? "{}") as object, idempotency_key });
}
