import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { writeSupplements } from "../../../src/jobs/supplements.ts";
import { api, expectProblem, expectStatus, fetchWith, uuid } from "../../support/api.ts";
import { hashOf } from "../../support/canonical-json.ts";
import { openShop, refund, type Sale, type Shop, sold } from "../sales/shop.ts";
import { synced } from "../sync/till.ts";
import { cash, close, closed, goods, late, moved, nextShift, type ShiftReport, zReportsOf } from "./day.ts";

/** What comes between the moment at which a closing has summed the shift and the one at which it writes. */

/** The database, where `work` is done right before the first batch that writes a Z report. */
function interrupted(work: () => Promise<unknown>): { database: D1Database; batches: () => number } {
  const writing = new WeakSet<D1PreparedStatement>();
  let batches = 0;
  const database = {
    prepare: (sql: string) => {
      const prepared = env.DB.prepare(sql);
      return {
        bind: (...params: unknown[]) => {
          const bound = prepared.bind(...params);
          if (sql.includes("INSERT INTO z_reports")) writing.add(bound);
          return bound;
        },
      };
    },
    batch: async (statements: D1PreparedStatement[]) => {
      if (statements.some((one) => writing.has(one))) {
        batches += 1;
        if (batches === 1) await work();
      }
      return env.DB.batch(statements);
    },
  };
  return { database: database as unknown as D1Database, batches: () => batches };
}

async function closeInterrupted(shop: Shop, work: () => Promise<unknown>, key = uuid(), amount = 0) {
  const { database, batches } = interrupted(work);
  const by = api(shop.admin.token, fetchWith({ DB: database }));
  return { answer: await close(shop, cash(amount), { by, key }), batches: batches() };
}

function chainHolds(reports: readonly ShiftReport[]): void {
  for (const [index, report] of reports.entries()) {
    expect(report.number).toBe(index + 1);
    expect(report.previous_hash).toBe(reports[index - 1]?.hash ?? null);
    expect(report.hash).toBe(hashOf(report));
  }
}

const paid = (amount: number) => ({ lines: [goods(amount)], payments: [{ method: "card", amount }] });

describe("a closing that has summed the shift already sums again, and has in its Z report", () => {
  it.each<[string, (shop: Shop, sale: Sale) => Promise<unknown>, Partial<ShiftReport>]>([
    ["a sale", (shop) => sold(shop, paid(7)), { sales_count: 2, gross: 107, net: 107 }],
    [
      "a refund",
      async (shop, { id }) => {
        const lines = [{ line_no: 1, quantity: 1, restock: "none" }];
        const payments = [{ method: "card", amount: 100 }];
        expectStatus(await refund(shop, id, { lines, payments, terminal_id: shop.terminal.id }), 201);
      },
      { refunds_count: 1, refund_total: 100, net: 0 },
    ],
    [
      "a void",
      async (shop, { id }) => {
        expectStatus(await shop.admin.post(`/v1/sales/${id}/void`, {}, { "Idempotency-Key": uuid() }), 200);
      },
      { sales_count: 0, voids_count: 1, voids_total: 100, gross: 0 },
    ],
    ["cash that was moved", (shop) => moved(shop, { type: "no_sale" }), { no_sales_count: 1 }],
    [
      "what an offline till brings",
      async (shop) => {
        expect(await synced(shop, [late(shop, 1, "sale", paid(7))])).toMatchObject([{ outcome: "applied" }]);
      },
      { sales_count: 2, gross: 107 },
    ],
  ])("%s", async (_, work, expected) => {
    const shop = await openShop();
    const sale = await sold(shop, paid(100));
    const { answer, batches } = await closeInterrupted(shop, () => work(shop, sale));
    expectStatus(answer, 200);
    expect(batches).toBe(2);
    expect(answer.body.report).toMatchObject({ number: 1, ...expected });
    expect(await zReportsOf(shop)).toEqual([answer.body.report]);
  });
});

describe("a closing that comes second", () => {
  it("to another is told that the shift is closed", async () => {
    const shop = await openShop();
    const { answer } = await closeInterrupted(shop, () => closed(shop));
    expectProblem(answer, 409, "shift_closed");
    expect(await zReportsOf(shop)).toHaveLength(1);
  });

  it("to itself is answered as the first time", async () => {
    const shop = await openShop();
    const key = uuid();
    const { answer } = await closeInterrupted(shop, () => close(shop, cash(0), { key }), key);
    expectStatus(answer, 200);
    expect(answer.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await zReportsOf(shop)).toEqual([answer.body.report]);
  });
});

/** A till whose second shift is open, and a sale of 1 came late for its first. */
async function waiting(): Promise<{ first: Shop; second: Shop; bring: (seq: number) => Promise<unknown> }> {
  const first = await openShop();
  await closed(first);
  const second = await nextShift(first);
  const bring = (seq: number) => synced(first, [late(first, seq, "sale", paid(1))]);
  await bring(1);
  return { first, second, bring };
}

describe("a supplement that was summed already", () => {
  it("is summed again when more comes late", async () => {
    const { first, second, bring } = await waiting();
    const { answer, batches } = await closeInterrupted(second, () => bring(2));
    expectStatus(answer, 200);
    expect(batches).toBe(2);
    const reports = await zReportsOf(first);
    chainHolds(reports);
    expect(reports.map(({ supplement, sales_count }) => [supplement, sales_count])).toEqual([
      [false, 0],
      [true, 2],
      [false, 0],
    ]);
  });

  it("is not written twice when the nightly job has written it", async () => {
    const { first, second } = await waiting();
    const { answer, batches } = await closeInterrupted(second, () => writeSupplements(env, new Date()));
    expectStatus(answer, 200);
    expect(batches).toBe(2);
    const reports = await zReportsOf(first);
    chainHolds(reports);
    expect(reports.map(({ supplement }) => supplement)).toEqual([false, true, false]);
    const { results } = await env.DB.prepare(
      "SELECT actor_id FROM audit_entries WHERE action = 'z_report.supplement' AND entity_id = ?1",
    )
      .bind(first.shift.id)
      .all();
    expect(results).toEqual([{ actor_id: null }]);
  });

  it("is left to the closing that came before the nightly job", async () => {
    const { first, second } = await waiting();
    const lines: string[] = [];
    const spy = vi.spyOn(console, "log").mockImplementation((line: string) => {
      lines.push(line);
    });
    const { database } = interrupted(() => closed(second));
    await writeSupplements({ ...env, DB: database }, new Date());
    spy.mockRestore();
    expect(lines.some((line) => line.includes('"written":0'))).toBe(true);
    const reports = await zReportsOf(first);
    chainHolds(reports);
    expect(reports.map(({ supplement }) => supplement)).toEqual([false, true, false]);
  });
});
