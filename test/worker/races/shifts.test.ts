import { env } from "cloudflare:workers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeSupplements } from "../../../src/jobs/supplements.ts";
import { logLine } from "../../../src/telemetry/log.ts";
import { type Answer, createTerminal, expectProblem, expectStatus, uuid } from "../../support/api.ts";
import { hashOf } from "../../support/canonical-json.ts";
import { openShop, refund, type Sale, sell, type Shop, sold } from "../sales/shop.ts";
import {
  cash,
  close,
  closed,
  goods,
  late,
  move,
  nextShift,
  open,
  type ShiftReport,
  zReportsOf,
} from "../shifts/day.ts";
import { synced } from "../sync/till.ts";

/** What races at a till: each round is a till of its own. `RACE_ROUNDS=100` runs that many of each. */

const ROUNDS = Number(env.RACE_ROUNDS) || 5;
const SALES = 12;
const TIME = { timeout: 60_000 + ROUNDS * 2000 };

let shop: Shop;
let tills = 36;
/** What happened in all rounds, told at the end. */
const counts: Record<string, number> = {};

function count(what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}

beforeAll(async () => {
  // No count of a drawer keeps a round from closing.
  shop = await openShop({ drawer_tolerance: 1_000_000 });
});

afterAll(() => {
  logLine("info", "races at a till", { rounds: ROUNDS, ...counts });
});

async function newTill(): Promise<Shop> {
  tills += 1;
  const code = tills.toString(36).toUpperCase().padStart(2, "0");
  return { ...shop, terminal: await createTerminal(shop.store.id, { code }) };
}

/** Waits up to so many milliseconds, so that the racers meet at another point in each round. */
async function sometime<T>(most: number, work: () => Promise<T>): Promise<T> {
  await scheduler.wait(Math.random() * most);
  return work();
}

function sumOf(sales: readonly { total: number }[]): number {
  return sales.reduce((sum, { total }) => sum + total, 0);
}

/** Everything of a shift that is in the books, apart from what its report says of it. */
async function booksOf(shiftId: string) {
  const row = await env.DB.prepare(
    `SELECT
       (SELECT count(*) FROM sales WHERE shift_id = ?1 AND status <> 'voided') AS sales_count,
       (SELECT coalesce(sum(total), 0) FROM sales WHERE shift_id = ?1 AND status <> 'voided') AS gross,
       (SELECT count(*) FROM sale_voids WHERE shift_id = ?1) AS voids_count,
       (SELECT count(*) FROM refunds WHERE shift_id = ?1) AS refunds_count,
       (SELECT coalesce(sum(total), 0) FROM refunds WHERE shift_id = ?1) AS refund_total,
       (SELECT count(*) FROM cash_movements WHERE shift_id = ?1) AS movements`,
  )
    .bind(shiftId)
    .first<Record<string, number>>();
  return row ?? {};
}

function chainHolds(reports: readonly ShiftReport[]): void {
  for (const [index, report] of reports.entries()) {
    expect(report.number).toBe(index + 1);
    expect(report.previous_hash).toBe(reports[index - 1]?.hash ?? null);
    expect(report.hash).toBe(hashOf(report));
  }
}

it(
  `${String(ROUNDS)} times: sales, a refund, a void and cash into a shift that is being closed are in its Z report, or refused`,
  TIME,
  async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const till = await nextShift(await newTill());
      const [kept, mistake] = [
        await sold(till, { lines: [goods(1000)], payments: [{ method: "cash", amount: 1000 }] }),
        await sold(till, { lines: [goods(500)], payments: [{ method: "cash", amount: 500 }] }),
      ];
      const back = {
        lines: [{ line_no: 1, quantity: 1, restock: "none" }],
        payments: [{ method: "cash", amount: 1000 }],
        terminal_id: till.terminal.id,
      };
      const selling = Array.from({ length: SALES }, async (_, index) =>
        sometime(60, () =>
          sell(till, { lines: [goods(2 ** index)], payments: [{ method: "card", amount: 2 ** index }] }),
        ),
      );
      const others = [
        sometime(60, () => refund(till, kept.id, back)),
        sometime(60, () => till.admin.post(`/v1/sales/${mistake.id}/void`, {}, { "Idempotency-Key": uuid() })),
        sometime(60, () => move(till, { type: "paid_in", amount: 3 })),
      ];
      const closing = sometime(60, () => close(till, cash(0)));
      const [sales, rest, answer] = await Promise.all([Promise.all(selling), Promise.all(others), closing]);
      expectStatus(answer, 200);
      const z = answer.body.report;

      const taken = sales.filter(({ status }) => status === 201).map(({ body }) => body);
      for (const one of sales) {
        if (one.status !== 201) expectProblem(one, 409, "shift_closed");
        count(one.status === 201 ? "sales in the Z report" : "sales refused");
      }
      const [refunding, voiding, moving] = rest as [Answer, Answer, Answer];
      if (refunding.status !== 201) expectProblem(refunding, 409, "shift_closed");
      if (voiding.status !== 200) expectProblem(voiding, 409, "conflict");
      if (moving.status !== 201) expectProblem(moving, 409, "shift_closed");
      for (const one of rest) count(one.status < 300 ? "others in the Z report" : "others refused");

      const voided = voiding.status === 200;
      const gross = 1000 + (voided ? 0 : 500) + sumOf(taken);
      expect(z).toMatchObject({
        number: 1,
        sales_count: taken.length + (voided ? 1 : 2),
        gross,
        voids_count: voided ? 1 : 0,
        voids_total: voided ? 500 : 0,
        refunds_count: refunding.status === 201 ? 1 : 0,
        cash: { paid_in: moving.status === 201 ? 3 : 0 },
        by_category: [{ total: gross - z.refund_total }],
      });
      expect(z.by_method.reduce((sum, { sales: part }) => sum + part, 0)).toBe(gross);
      expect(await booksOf(till.shift.id)).toEqual({
        sales_count: z.sales_count,
        gross: z.gross,
        voids_count: z.voids_count,
        refunds_count: z.refunds_count,
        refund_total: z.refund_total,
        movements: z.cash_movements.length,
      });
      chainHolds(await zReportsOf(till));
    }
  },
);

it(
  `${String(ROUNDS)} times: what an offline till brings into a shift that is being closed is in its Z report, or flagged and in its supplement`,
  TIME,
  async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const till = await nextShift(await newTill());
      const bring = async (seq: number) => {
        const payments = [{ method: "card", amount: 2 ** seq }];
        const [result] = await synced(till, [late(till, seq, "sale", { lines: [goods(2 ** seq)], payments })]);
        return { amount: 2 ** seq, outcome: result?.outcome };
      };
      const [brought, answer] = await Promise.all([
        Promise.all([1, 2, 3, 4, 5].map(async (seq) => sometime(60, () => bring(seq)))),
        sometime(60, () => close(till, cash(0))),
      ]);
      expectStatus(answer, 200);
      await writeSupplements(env, new Date());
      const [z, ...supplements] = await zReportsOf(till);
      chainHolds(z ? [z, ...supplements] : []);
      const amountOf = (outcome: string) =>
        brought.filter((one) => one.outcome === outcome).reduce((sum, { amount }) => sum + amount, 0);
      // What is in the Z report is applied; what is in the supplement is flagged. Nothing is in both, or in none.
      expect(z?.gross).toBe(amountOf("applied"));
      expect(supplements.reduce((sum, { gross }) => sum + gross, 0)).toBe(amountOf("flagged"));
      expect(amountOf("applied") + amountOf("flagged")).toBe(62);
      for (const { outcome } of brought)
        count(outcome === "applied" ? "offline sales in the Z report" : "offline sales late");
    }
  },
);

it(`${String(ROUNDS)} times: of two closings at once one closes the shift`, TIME, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const till = await nextShift(await newTill(), { opening_float: 100 });
    const keys = [uuid(), uuid()];
    // Each is sent twice, as by a till that heard no answer.
    const answers = await Promise.all(
      [...keys, ...keys].map(async (key) => ({
        key,
        answer: await sometime(10, () => close(till, cash(100), { key })),
      })),
    );
    const done = answers.filter(({ answer }) => answer.status === 200);
    expect(new Set(done.map(({ key }) => key)).size).toBe(1);
    expect(done).toHaveLength(2);
    expect(done.filter(({ answer }) => answer.headers.has("Idempotency-Replayed"))).toHaveLength(1);
    const [first, again] = done;
    expect(again?.answer.body).toEqual(first?.answer.body);
    for (const { answer } of answers) if (answer.status !== 200) expectProblem(answer, 409, "shift_closed");
    expect(await zReportsOf(till)).toEqual([first?.answer.body.report]);
    count("pairs of closings");
  }
});

it(`${String(ROUNDS)} times: of two openings at once one opens a shift`, TIME, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const till = await newTill();
    const answers = await Promise.all([1, 2, 3].map(async (float) => open(till, { opening_float: float })));
    const opened = answers.filter(({ status }) => status === 201);
    expect(opened).toHaveLength(1);
    for (const answer of answers) if (answer.status !== 201) expectProblem(answer, 409, "conflict");
    const listed = await till.admin.get<{ data: unknown[] }>(`/v1/shifts?terminal_id=${till.terminal.id}`);
    expect(listed.body.data).toEqual([opened[0]?.body]);
    // The one that is open is the one that is sold into.
    const sale: Sale = await sold(till, { lines: [goods(5)] });
    expect(sale.shift_id).toBe(opened[0]?.body.id);
    count("openings at once");
  }
});

it(
  `${String(ROUNDS)} times: late sales, the next closing and the nightly job leave one chain, and each sale in one report`,
  TIME,
  async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const first = await nextShift(await newTill());
      await closed(first);
      const second = await nextShift(first);
      const bring = (seq: number) =>
        synced(first, [
          late(first, seq, "sale", { lines: [goods(2 ** seq)], payments: [{ method: "cash", amount: 2 ** seq }] }),
        ]);
      await bring(1);
      const [two, three, answer] = await Promise.all([
        sometime(30, () => bring(2)),
        sometime(30, () => bring(3)),
        sometime(30, () => close(second, cash(0))),
        sometime(30, () => writeSupplements(env, new Date())),
      ]);
      expect([...two, ...three].map(({ outcome }) => outcome)).toEqual(["flagged", "flagged"]);
      expectStatus(answer, 200);
      await writeSupplements(env, new Date());
      const reports = await zReportsOf(first);
      chainHolds(reports);
      const supplements = reports.filter(({ supplement }) => supplement);
      expect(supplements.every(({ shift_id }) => shift_id === first.shift.id)).toBe(true);
      expect(supplements.reduce((sum, { gross }) => sum + gross, 0)).toBe(2 + 4 + 8);
      expect(supplements.reduce((sum, { sales_count }) => sum + sales_count, 0)).toBe(3);
      expect(reports.at(-1)?.grand_total).toBe(14);
      const waiting = await env.DB.prepare("SELECT count(*) AS n FROM late_records WHERE z_number IS NULL").first("n");
      expect(waiting).toBe(0);
      count(`rounds with ${String(supplements.length)} supplements`);
    }
  },
);
