import { expect } from "vitest";
import { type Client, expectStatus } from "../../../support/api.ts";
import type { SyncException } from "../../sync/till.ts";
import { dueOf, type ModelSale, type ModelStore, type ModelTill, onHand, statusOf } from "../books/books.ts";
import { expectChain, expectReport, type ShownReport } from "./reports-shown.ts";
import { sorted } from "./rows.ts";
import { reportDaily, reportDay } from "../books/reports.ts";
import type { World } from "../world.ts";

/** Comparing with the lists and reports of the API. */

/** The business days of a store on which anything was sold or brought back. */
export function daysOf({ books }: World, store: ModelStore): string[] {
  const records = [...books.sales, ...books.refunds].filter((one) => one.store === store);
  return [...new Set(records.map(({ business_date }) => business_date))].toSorted();
}

export async function listAll<T>(client: Client, path: string): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page = cursor === "" ? "" : `&cursor=${cursor}`;
    const answer: { status: number; headers: Headers; body: { data: T[]; next_cursor: string | null } } =
      await client.get(`${path}&limit=200${page}`);
    expectStatus(answer, 200);
    all.push(...answer.body.data);
    cursor = answer.body.next_cursor;
  }
  return all;
}

export async function expectStock({ books, admin }: World, store: ModelStore): Promise<void> {
  const levels = await listAll<{ product_id: string; on_hand: number }>(admin.client, `/v1/stock?store_id=${store.id}`);
  const shown = new Map(levels.map(({ product_id, on_hand }) => [product_id, on_hand]));
  for (const product of books.products.filter(({ tracked }) => tracked)) {
    expect([product.sku, shown.get(product.id) ?? 0]).toEqual([product.sku, onHand(store, product)]);
  }
}

/** The list of a store's sales, in the order in which they came. */
export async function expectSaleList(client: Client, store: ModelStore, sales: readonly ModelSale[]): Promise<void> {
  const shown = await listAll<{ id: string; status: string; total: number; due: number; invoice_no: string }>(
    client,
    `/v1/sales?store_id=${store.id}`,
  );
  const short = ({ id, status, total, due, invoice_no }: (typeof shown)[number]) => ({
    id,
    status,
    total,
    due,
    invoice_no,
  });
  const wanted = sales.map((sale) => short({ ...sale, status: statusOf(sale), due: Math.max(0, dueOf(sale)) }));
  expect(shown.map(short)).toEqual(wanted);
}

export async function expectParked({ books, admin }: World, store: ModelStore): Promise<void> {
  const shown = await listAll<{ id: string }>(admin.client, `/v1/sales?store_id=${store.id}&status=parked`);
  const waiting = books.parked.filter((one) => one.store === store && one.state === "parked");
  expect(shown.map(({ id }) => id)).toEqual(waiting.map(({ id }) => id));
}

export async function expectDay({ books, admin }: World, store: ModelStore, day: string): Promise<void> {
  const answer = await admin.client.get(`/v1/reports/daily?store_id=${store.id}&date=${day}`);
  expectStatus(answer, 200);
  expect(answer.body, `${store.code} on ${day}`).toMatchObject(reportDaily(books, store, day));
}

/** Every day of a store that has anything. */
export async function expectDays(world: World, store: ModelStore): Promise<void> {
  const days = daysOf(world, store);
  const [first, last] = [days.at(0), days.at(-1)];
  if (first === undefined || last === undefined) return;
  const answer = await world.admin.client.get<{ data: { key: string }[] }>(
    `/v1/reports/sales?store_id=${store.id}&from=${first}&to=${last}&group_by=day`,
  );
  expectStatus(answer, 200);
  // A day on which all was voided has nothing to report, and may stand there or not.
  const shown = new Map(answer.body.data.map((row) => [row.key, row]));
  for (const day of days) {
    const wanted = reportDay(world.books, store, day);
    if (wanted.sales_count + wanted.refunds_count > 0) expect(shown.get(day), day).toMatchObject(wanted);
    else expect(shown.get(day) ?? wanted, day).toMatchObject(wanted);
  }
  expect([...shown.keys()].filter((day) => !days.includes(day))).toEqual([]);
}

export async function expectExceptions({ books, admin }: World, store: ModelStore): Promise<void> {
  const shown = await listAll<SyncException>(admin.client, `/v1/sync/exceptions?store_id=${store.id}`);
  const tills = new Set(store.tills.map(({ id }) => id));
  const short = ({
    type,
    terminal_id,
    seq,
    sale_id,
  }: Pick<SyncException, "type" | "terminal_id" | "seq" | "sale_id">) => ({ type, terminal_id, seq, sale_id });
  expect(sorted(shown.filter(({ type }) => type !== "number_gap").map(short))).toEqual(
    sorted(books.exceptions.filter(({ terminal_id }) => tills.has(terminal_id)).map(short)),
  );
  for (const till of store.tills) {
    expectGaps(till, shown);
    expectNumberGaps(till, shown);
  }
}

/** Each number that has not come, and a higher one has, lies in one open hole; and no hole is open for nothing. */
function expectGaps(till: ModelTill, shown: readonly SyncException[]): void {
  const holes = openHoles(till, shown).filter((hole) => hole.seq_to !== null);
  const highest = Math.max(0, ...till.heard.keys());
  const missing = Array.from({ length: highest }, (_, index) => index + 1).filter((seq) => !till.heard.has(seq));
  const inHole = (seq: number) => holes.filter((hole) => hole.seq <= seq && seq <= (hole.seq_to ?? hole.seq)).length;
  expect(missing.map((seq) => [seq, inHole(seq)])).toEqual(missing.map((seq) => [seq, 1]));
  const open = holes.filter((hole) => !missing.some((seq) => hole.seq <= seq && seq <= (hole.seq_to ?? hole.seq)));
  expect(open).toEqual([]);
}

/** The same of the numbers of its bills and refunds, which the detail names. */
function expectNumberGaps({ store, id, code }: ModelTill, shown: readonly SyncException[]): void {
  const holes = openHoles({ id }, shown)
    .filter((hole) => hole.seq_to === null)
    .map(({ detail }) => {
      const [, kind = "", from = "", to = from] = /^(\w+) numbers? (\d+)(?: to (\d+))? /.exec(detail) ?? [];
      const prefix = `${store.code}-${code}-${kind === "Refund" ? "R" : ""}`;
      return [prefix + from, prefix + to] as const;
    });
  const missing = [...store.skipped].filter((text) => text.startsWith(`${store.code}-${code}-`));
  const inHole = (text: string) => holes.filter(([from, to]) => from <= text && text <= to).length;
  expect(missing.map((text) => [text, inHole(text)])).toEqual(missing.map((text) => [text, 1]));
  expect(holes.filter(([from, to]) => !missing.some((text) => from <= text && text <= to))).toEqual([]);
}

function openHoles({ id }: Pick<ModelTill, "id">, shown: readonly SyncException[]): SyncException[] {
  return shown.filter((one) => one.type === "number_gap" && one.terminal_id === id && one.state === "open");
}

export async function expectZReports(client: Client, till: ModelTill): Promise<void> {
  const shown = await listAll<ShownReport>(client, `/v1/z-reports?terminal_id=${till.id}`);
  expect(shown).toHaveLength(till.zs.length);
  for (const [index, z] of till.zs.entries()) {
    const report = shown[index];
    if (report) expectReport(report, z.report, `Z ${String(z.number)} of till ${till.id}`);
  }
  expectChain(shown);
}
