import { expect } from "vitest";
import { expectStatus } from "../../../support/api.ts";
import { type ModelShift, openShiftOf } from "../books/books.ts";
import type { ShownReport } from "./reports-shown.ts";
import {
  daysOf,
  expectDay,
  expectDays,
  expectExceptions,
  expectParked,
  expectSaleList,
  expectStock,
  expectZReports,
  listAll,
} from "./lists.ts";
import { expectLevels, expectRefunds, expectSales, expectSums } from "./rows.ts";
import { expectXReport } from "../online/drawer.ts";
import type { World } from "../world.ts";

/** Comparing the Worker's books with the model's: what a command can have touched after each, everything now and then. */

/** After each command: all stock, ledgers and numbers, and the drawers, days and sales that it can have touched. */
export async function compareTouched(world: World): Promise<void> {
  const { books, touched } = world;
  await expectLevels(world);
  await expectSales(books.sales.filter(({ id }) => touched.sales.has(id)));
  for (const shift of shiftsOf(world).filter(({ id }) => touched.shifts.has(id))) await expectXReport(world, shift);
  for (const store of books.stores) {
    for (const day of daysOf(world, store)) {
      if (touched.days.has(`${store.id} ${day}`)) await expectDay(world, store, day);
    }
    if (touched.synced.has(store.id)) await expectExceptions(world, store);
  }
  for (const set of Object.values(touched) as Set<string>[]) set.clear();
}

/** Everything, by the lists and reports that the API has. */
export async function compareAll(world: World): Promise<void> {
  const { books, admin } = world;
  await compareTouched(world);
  await expectSums(world);
  await expectSales(books.sales);
  await expectRefunds(world);
  for (const store of books.stores) {
    await expectStock(world, store);
    await expectSaleList(
      admin.client,
      store,
      books.sales.filter((sale) => sale.store === store),
    );
    await expectParked(world, store);
    await expectDays(world, store);
    await expectExceptions(world, store);
  }
  for (const till of books.tills) {
    await expectZReports(admin.client, till);
    const open = openShiftOf(till);
    if (open) await expectXReport(world, open);
  }
}

function shiftsOf({ books }: World): ModelShift[] {
  return books.tills.flatMap(({ shifts }) => shifts);
}

/**
 * Once every shift is closed: the Z reports of a store, with what was sold at no till, are its days; by method too. The
 * Z reports are those that the Worker shows, the days as well.
 */
export async function expectZsAreDays(world: World): Promise<void> {
  const { books, admin } = world;
  for (const store of books.stores) {
    const zs = await listAll<ShownReport>(admin.client, `/v1/z-reports?store_id=${store.id}`);
    const apart = {
      sales: books.sales.filter((sale) => sale.store === store && sale.shift === null && !sale.voided),
      refunds: books.refunds.filter((one) => one.store === store && one.shift === null),
    };
    const days: Figures[] = [];
    for (const day of daysOf(world, store)) {
      const answer = await admin.client.get<Figures>(`/v1/reports/daily?store_id=${store.id}&date=${day}`);
      expectStatus(answer, 200);
      days.push(answer.body);
    }
    const inZs = addUp(zs);
    const inDays = addUp(days);
    expect(inDays.net - inZs.net).toBe(totalOf(apart.sales) - totalOf(apart.refunds));
    expect([inDays.sales_count - inZs.sales_count, inDays.refunds_count - inZs.refunds_count]).toEqual([
      apart.sales.length,
      apart.refunds.length,
    ]);
    for (const [method, amount] of inDays.methods) {
      const { sales, refunds } = apart;
      const mine = tenderedIn(sales, method) - tenderedIn(refunds, method);
      const change = method === "cash" ? sales.reduce((total, sale) => total + sale.change, 0) : 0;
      expect([method, amount - (inZs.methods.get(method) ?? 0)]).toEqual([method, mine - change]);
    }
  }
}

type Figures = Pick<ShownReport, "net" | "sales_count" | "refunds_count"> & {
  by_method: { method: string; sales: number; refunds: number }[];
};

function addUp(reports: readonly Figures[]) {
  const methods = new Map<string, number>();
  for (const { by_method } of reports) {
    for (const { method, sales, refunds } of by_method) {
      methods.set(method, (methods.get(method) ?? 0) + sales - refunds);
    }
  }
  const sum = (of: "net" | "sales_count" | "refunds_count") => reports.reduce((total, one) => total + one[of], 0);
  return { net: sum("net"), sales_count: sum("sales_count"), refunds_count: sum("refunds_count"), methods };
}

function totalOf(records: readonly { total: number }[]): number {
  return records.reduce((sum, { total }) => sum + total, 0);
}

function tenderedIn(records: readonly { payments: readonly { method: string; amount: number }[] }[], method: string) {
  return records
    .flatMap(({ payments }) => payments)
    .reduce((sum, one) => sum + (one.method === method ? one.amount : 0), 0);
}
