import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { type Answer, expectStatus } from "../../support/api.ts";
import { openShop, type Sale, sell, type Shop, sold } from "../sales/shop.ts";
import { type ClosedShift, cash, close, goods, late, nextShift } from "../shifts/day.ts";
import { type SyncResult, synced } from "../sync/till.ts";
import { isFresh, ROUNDS, Tally, TIMEOUT_MS } from "./rounds.ts";

const SELLERS = 2;
/** So many at most; the closing comes before the last of them. */
const SALES_EACH = 8;
const CARD = 20;
const OFFLINE = 11;

/** A breath between two customers: a closing that sums anew for each of an endless stream would never end. */
async function breathe(least_ms = 0): Promise<void> {
  await scheduler.wait(least_ms + Math.random() * 60);
}

/** Sells until the shift takes no more; what was sold. The cash gives change for what the card has paid. */
async function sellOn(shop: Shop, tally: Tally, price: number): Promise<Sale[]> {
  const done: Sale[] = [];
  for (let i = 0; i < SALES_EACH; i += 1) {
    await breathe();
    const payments = [
      { method: "card", amount: CARD },
      { method: "cash", amount: price },
    ];
    const answer = await sell(shop, { lines: [goods(price)], payments });
    tally.add(answer);
    if (!isFresh(answer)) return done;
    done.push(answer.body);
  }
  return done;
}

/** Brings in what happened at the till while it was offline: it is never refused. */
async function bringOn(shop: Shop, firstSeq: number): Promise<SyncResult[]> {
  const results: SyncResult[] = [];
  for (let i = 0; i < SALES_EACH; i += 1) {
    await breathe();
    const body = { lines: [goods(OFFLINE)], payments: [{ method: "cash", amount: OFFLINE }] };
    results.push(...(await synced(shop, [late(shop, firstSeq + i, "sale", body)])));
  }
  return results;
}

/** Closes before most sales in the even rounds, and in the midst of them in the odd. */
async function closeAmong(shop: Shop, round: number): Promise<Answer<ClosedShift>> {
  await breathe(round % 2 === 0 ? 0 : 120);
  return close(shop, cash(0));
}

it(
  "what an offline till brings into a closing shift is in its Z report, or waits for its supplement and is told of",
  { timeout: TIMEOUT_MS },
  async ({ annotate }) => {
    let shop = await openShop({ drawer_tolerance: 1_000_000 });
    const tally = new Tally();
    const brought = { applied: 0, flagged: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      if (round > 0) shop = await nextShift(shop);
      const first = await sold(shop, { lines: [goods(100)], payments: [{ method: "cash", amount: 100 }] });
      const [closed, results, ...sales] = await Promise.all([
        closeAmong(shop, round),
        bringOn(shop, 1 + round * SALES_EACH),
        ...Array.from({ length: SELLERS }, async (_, i) => sellOn(shop, tally, 100 + i)),
      ]);
      expectStatus(closed, 200);
      const { report } = closed.body;
      const online = sales.flat();
      const waiting = await waitingOf(shop.shift.id);
      const inTime = SALES_EACH - waiting;
      // What came late is told of, and nothing else is.
      expect(results.filter(({ outcome }) => outcome === "applied")).toHaveLength(inTime);
      expect(results.filter(({ outcome }) => outcome === "flagged")).toHaveLength(waiting);
      brought.applied += inTime;
      brought.flagged += waiting;

      const gross = [first, ...online].reduce((sum, { total }) => sum + total, inTime * OFFLINE);
      const sales_count = 1 + online.length + inTime;
      expect(report).toMatchObject({ kind: "z", sales_count, gross, net: gross });
      expect(report.cash.expected).toBe(gross - online.length * CARD);
      expect(report.by_method.reduce((sum, row) => sum + row.sales, 0)).toBe(gross);
      const kept = { sales: sales_count + waiting, gross: gross + waiting * OFFLINE, unfinished: 0 };
      expect(await keptOf(shop.shift.id)).toEqual(kept);
    }
    const { applied, flagged } = brought;
    await annotate(`${tally.toString()}; brought in: ${String(applied)} x applied, ${String(flagged)} x flagged`);
    // Sales came before the closing and after it, and so did what the offline till brought.
    expect(tally.outcomes).toEqual(["201", "409 shift_closed"]);
    expect(Math.min(applied, flagged)).toBeGreaterThan(0);
  },
);

async function waitingOf(shiftId: string): Promise<number> {
  const row = await env.DB.prepare("SELECT count(*) AS n FROM late_records WHERE shift_id = ?1 AND z_number IS NULL")
    .bind(shiftId)
    .first<{ n: number }>();
  return row?.n ?? Number.NaN;
}

/** What stands in the books of a shift, in whichever of its reports. */
async function keptOf(shiftId: string): Promise<unknown> {
  return env.DB.prepare(
    `SELECT count(*) AS sales, sum(total) AS gross, sum(status <> 'completed') AS unfinished
     FROM sales WHERE shift_id = ?1`,
  )
    .bind(shiftId)
    .first();
}
