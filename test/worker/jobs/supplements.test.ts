import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { writeSupplements } from "../../../src/jobs/supplements.ts";
import worker from "../../../src/index.ts";
import { selectWaitingTills } from "../../../src/modules/shifts/report-queries.ts";
import { countRows, createTerminal } from "../../support/api.ts";
import { hashOf } from "../../support/canonical-json.ts";
import { brokenD1 } from "../http/broken.ts";
import { openShop, type Shop } from "../sales/shop.ts";
import { closed, goods, late, nextShift, zReportsOf } from "../shifts/day.ts";
import { synced } from "../sync/till.ts";

const NOW = new Date("2026-11-24T03:17:00.000Z");

/** A till whose shift is closed, and that opens no other: a sale of 1.00 came late for each of its closed shifts. */
async function waitingTill(shop: Shop, code: string, shifts = 1): Promise<Shop> {
  const terminal = await createTerminal(shop.store.id, { code });
  let till: Shop = { ...shop, terminal };
  for (let seq = 1; seq <= shifts; seq += 1) {
    till = await nextShift(till);
    await closed(till);
    const [result] = await synced(till, [sale(till, seq)]);
    expect(result).toMatchObject({ outcome: "flagged" });
  }
  return till;
}

function sale(till: Shop, seq: number): Record<string, unknown> {
  return late(till, seq, "sale", { lines: [goods(100)], payments: [{ method: "cash", amount: 100 }] });
}

async function numbersOf(till: Shop): Promise<[number | null, boolean, number][]> {
  return (await zReportsOf(till)).map(({ number, supplement, net }) => [number, supplement, net]);
}

let lines: Record<string, unknown>[] = [];

/** From here on keeps the lines that are logged. */
function listen(): void {
  lines = [];
  for (const level of ["log", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((line: string) => {
      lines.push(JSON.parse(line) as Record<string, unknown>);
    });
  }
}

/** The lines that tell of supplements. */
function logged(): Record<string, unknown>[] {
  return lines.filter(({ message }) => String(message).includes("supplement"));
}

afterEach(() => {
  vi.restoreAllMocks();
});

it("the nightly job writes the supplements of a till that opens no other shift, once", async () => {
  const shop = await openShop();
  const till = await waitingTill(shop, "02");
  await synced(till, [sale(till, 2)]);
  listen();
  await writeSupplements(env, NOW);
  expect(logged()).toMatchObject([
    { level: "info", message: "supplement Z reports written", terminal_id: till.terminal.id, written: 1 },
  ]);
  const reports = await zReportsOf(till);
  expect(reports).toMatchObject([
    { number: 1, supplement: false, net: 0 },
    { number: 2, supplement: true, net: 200, sales_count: 2, shift_id: till.shift.id, grand_total: 200 },
  ]);
  expect(reports.map((report) => hashOf(report))).toEqual(reports.map(({ hash }) => hash));
  expect(reports[1]?.previous_hash).toBe(reports[0]?.hash);

  const entry = await env.DB.prepare("SELECT * FROM audit_entries WHERE action = 'z_report.supplement'").first();
  expect(entry).toMatchObject({
    at: NOW.toISOString(),
    entity_type: "shift",
    entity_id: till.shift.id,
    store_id: shop.store.id,
    actor_id: null,
    session_id: null,
    ip: null,
    after: '{"z_number":2,"net":200}',
  });
  await writeSupplements(env, NOW);
  expect(await zReportsOf(till)).toEqual(reports);
  expect(logged()).toHaveLength(1);
  // The till goes on where the job has left off.
  const next = await nextShift(till);
  expect(await closed(next)).toMatchObject({ number: 3, previous_hash: reports[1]?.hash, grand_total: 200 });
});

it("the nightly job leaves each closed shift its own supplement, in the order of their opening", async () => {
  const shop = await openShop();
  const till = await waitingTill(shop, "02", 2);
  const first = await zReportsOf(till);
  // The second closing took in what had come for the first shift; now something comes for both.
  const before = { ...till, shift: { ...till.shift, id: first[0]?.shift_id ?? "" } };
  await synced(till, [sale(before, 3)]);
  listen();
  await writeSupplements(env, NOW);
  expect(logged()).toMatchObject([{ terminal_id: till.terminal.id, written: 2 }]);
  const added = (await zReportsOf(till)).slice(first.length);
  expect(added.map(({ number, shift_id, net }) => [number, shift_id, net])).toEqual([
    [4, before.shift.id, 100],
    [5, till.shift.id, 100],
  ]);
});

it("what fails for one till is logged, and written for the others", async () => {
  const shop = await openShop();
  const tills = [await waitingTill(shop, "02"), await waitingTill(shop, "03")];
  const [bad, good] = tills.toSorted((a, b) => (a.terminal.id < b.terminal.id ? -1 : 1));
  if (!bad || !good) throw new Error("there are two");
  const audited = await countRows("audit_entries");
  listen();
  await writeSupplements({ ...env, DB: failingFor(bad.terminal.id) }, NOW);
  expect(logged().toSorted((a, b) => (String(a["level"]) < String(b["level"]) ? 1 : -1))).toMatchObject([
    { level: "info", terminal_id: good.terminal.id, written: 1 },
    { level: "error", message: "supplement Z reports failed", terminal_id: bad.terminal.id, error: "Error" },
  ]);
  expect(await numbersOf(good)).toHaveLength(2);
  expect(await numbersOf(bad)).toHaveLength(1);
  expect(await countRows("audit_entries")).toBe(audited + 1);
  await writeSupplements(env, NOW);
  expect(await numbersOf(bad)).toHaveLength(2);
});

it("one run takes on so many tills and no more, and the next goes on", async () => {
  const shop = await openShop();
  const tills = [await waitingTill(shop, "02"), await waitingTill(shop, "03"), await waitingTill(shop, "04")];
  const waiting = async () => {
    const lists = await Promise.all(tills.map(numbersOf));
    return lists.filter((list) => list.length === 1).length;
  };
  listen();
  await writeSupplements(env, NOW, 2);
  expect(await waiting()).toBe(1);
  expect(logged().at(-1)).toMatchObject({ level: "warn", done: 2 });
  await writeSupplements(env, NOW, 2);
  expect(await waiting()).toBe(0);
});

it("the schedule runs it, and the purge too", async () => {
  const till = await waitingTill(await openShop(), "02");
  listen();
  await worker.scheduled({} as ScheduledController, env);
  expect(await numbersOf(till)).toHaveLength(2);
  expect(lines.some(({ message }) => message === "old rows purged")).toBe(true);
});

it("the schedule tells of every job that failed", async () => {
  listen();
  const failed = worker.scheduled({} as ScheduledController, { ...env, DB: brokenD1("out of reach") as never });
  const error = await failed.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AggregateError);
  expect((error as AggregateError).errors).toHaveLength(2);
  const told = lines.filter(({ message }) => message === "a nightly job failed");
  expect(told).toHaveLength(2);
  for (const line of told) expect(line).toMatchObject({ level: "error", stack: expect.any(Array) as unknown[] });
});

it("what waits is found by an index of nothing else", async () => {
  const { sql, params } = selectWaitingTills(10);
  const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...params)
    .all<{ detail: string }>();
  expect(results.map(({ detail }) => detail)).toEqual(["SCAN late_records USING INDEX late_records_waiting"]);
});

/** The database, but for the Z reports of one till, which it can't take. */
function failingFor(terminalId: string): D1Database {
  const prepare = (sql: string) => {
    const prepared = env.DB.prepare(sql);
    return {
      bind: (...params: unknown[]) =>
        sql.includes("INSERT INTO z_reports") && params[0] === terminalId
          ? env.DB.prepare("SELECT abs(-9223372036854775808)").bind()
          : prepared.bind(...params),
    };
  };
  const batch = (statements: D1PreparedStatement[]) => env.DB.batch(statements);
  return { prepare, batch } as unknown as D1Database;
}
