import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { Shift, ShiftReport } from "../../../src/modules/shifts/schemas.ts";
import { type Answer, expectStatus, openShift } from "../../support/api.ts";
import { openShop, type Sale, type Shop, sold } from "../sales/shop.ts";
import { saleCommand, type SyncResult, synced } from "../sync/till.ts";
import { isFresh, ROUNDS, Tally, TIMEOUT_MS } from "./rounds.ts";
import { goods, post } from "./tills.ts";

type Closed = Shift & { report: ShiftReport };

const SELLERS = 2;
/** So many at most; the closing comes before most of them. */
const SALES_EACH = 8;

/** A breath between two customers: a closing that sums anew for each of an endless stream would never end. */
async function breathe(most_ms = 60): Promise<void> {
  await scheduler.wait(Math.random() * most_ms);
}

interface Round {
  shop: Shop;
  shift_id: string;
  tally: Tally;
}

/** Sells until the shift takes no more; what was sold. */
async function sellOn({ shop, tally }: Round, price: number): Promise<Sale[]> {
  const done: Sale[] = [];
  for (let i = 0; i < SALES_EACH; i += 1) {
    await breathe();
    const answer = await post<Sale>(shop.admin, "/v1/sales", {
      store_id: shop.store.id,
      terminal_id: shop.terminal.id,
      lines: [goods(price)],
      payments: [
        { method: "card", amount: 20 },
        { method: "cash", amount: price },
      ],
    });
    tally.add(answer);
    if (!isFresh(answer)) return done;
    done.push(answer.body);
  }
  return done;
}

/** Brings in what happened at the till while it was offline: it is never refused. */
async function bringOn({ shop, shift_id }: Round, firstSeq: number): Promise<SyncResult[]> {
  const results: SyncResult[] = [];
  for (let i = 0; i < SALES_EACH; i += 1) {
    await breathe();
    const body = { shift_id, lines: [goods(11)], payments: [{ method: "cash", amount: 11 }] };
    results.push(...(await synced(shop, [saleCommand(firstSeq + i, body)])));
  }
  return results;
}

it(
  "what an offline till brings into a closing shift is in its Z report, or waits for its supplement and is told of",
  { timeout: TIMEOUT_MS },
  async ({ annotate }) => {
    const shop = await openShop({ drawer_tolerance: 1_000_000 });
    const tally = new Tally();
    const outcomes = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const shift_id = round === 0 ? shop.shift.id : (await openShift(shop.terminal.id)).id;
      const one = { shop, shift_id, tally };
      // The closing begins somewhere among what follows the first sale.
      const first = await sold(shop, { lines: [goods(100)], payments: [{ method: "cash", amount: 100 }] });
      const close = async (): Promise<Answer<Closed>> => {
        await breathe(200);
        return post<Closed>(shop.admin, `/v1/shifts/${shift_id}/close`, { counted: [{ method: "cash", amount: 0 }] });
      };
      const [closed, results, ...sales] = await Promise.all([
        close(),
        bringOn(one, 1 + round * SALES_EACH),
        ...Array.from({ length: SELLERS }, async (_, i) => sellOn(one, 100 + i)),
      ]);
      expectStatus(closed, 200);
      const online = [first, ...sales.flat()];
      const { report } = closed.body;
      const waiting = await waitingOf(shift_id);
      for (const { outcome } of results) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      // What came late is told of, and nothing else is.
      expect(results.filter(({ outcome }) => outcome === "flagged")).toHaveLength(waiting);
      expect(results.filter(({ outcome }) => outcome === "applied")).toHaveLength(SALES_EACH - waiting);

      const gross = online.reduce((sum, { total }) => sum + total, 0) + (SALES_EACH - waiting) * 11;
      expect(report).toMatchObject({
        kind: "z",
        sales_count: online.length + SALES_EACH - waiting,
        gross,
        net: gross,
        cash: { expected: gross - (online.length - 1) * 20 },
      });
      expect(sumOf(report.by_method.map((row) => row.sales))).toBe(gross);
      expect(await keptOf(shift_id)).toEqual({
        sales: report.sales_count + waiting,
        gross: gross + waiting * 11,
        unfinished: 0,
      });
    }
    const brought = [...outcomes].map(([outcome, count]) => `${String(count)} x ${outcome}`);
    await annotate(`${tally.toString()}; brought in: ${brought.join(", ")}`);
    expect(tally.outcomes).toEqual(["201", "409 shift_closed"]);
    // Sales came before the closing and after it; so did what the offline till brought.
    expect([...outcomes.keys()].toSorted()).toEqual(["applied", "flagged"]);
    expect(tally.count("201")).toBeGreaterThan(ROUNDS);
  },
);

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

async function waitingOf(shiftId: string): Promise<number> {
  const row = await env.DB.prepare("SELECT count(*) AS n FROM late_records WHERE shift_id = ?1 AND z_number IS NULL")
    .bind(shiftId)
    .first<{ n: number }>();
  return row?.n ?? Number.NaN;
}

async function keptOf(shiftId: string): Promise<unknown> {
  return env.DB.prepare(
    `SELECT count(*) AS sales, sum(total) AS gross, sum(status <> 'completed') AS unfinished
     FROM sales WHERE shift_id = ?1`,
  )
    .bind(shiftId)
    .first();
}
