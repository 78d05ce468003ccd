import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Statement } from "../../../src/db/database.ts";
import { selectParkedSales, selectRefunds, selectSales } from "../../../src/modules/sales/queries.ts";
import { selectShifts, selectZReports } from "../../../src/modules/shifts/queries.ts";
import { uuid } from "../../support/api.ts";
import { findSlowSteps, type Step } from "./plan.ts";

/** A page costs what is on it, however long the till has been in use: found by an index, in the order it gives them. */

const own = { own_stores: null };
const business_date = "2026-03-02";

const LISTS: [string, Statement, string][] = [
  ["a store's shifts", selectShifts({ ...own, store_id: uuid() }, 0, 51), "shifts_by_store"],
  ["a till's shifts", selectShifts({ ...own, terminal_id: uuid() }, 0, 51), "shifts_by_terminal"],
  ["a till's open shift", selectShifts({ ...own, terminal_id: uuid(), status: "open" }, 0, 51), "shifts_one_open"],
  ["all shifts", selectShifts(own, 0, 51), "INTEGER PRIMARY KEY"],
  ["a store's Z reports", selectZReports({ ...own, store_id: uuid() }, 0, 51), "z_reports_by_store"],
  ["a till's Z reports", selectZReports({ ...own, terminal_id: uuid() }, 0, 51), "z_reports_by_terminal"],
  ["a shift's Z reports", selectZReports({ ...own, shift_id: uuid() }, 0, 51), "z_reports_by_shift"],
  [
    "a store's Z reports of a day",
    selectZReports({ ...own, store_id: uuid(), business_date }, 0, 51),
    "z_reports_by_business_date",
  ],
  ["all Z reports", selectZReports(own, 0, 51), "INTEGER PRIMARY KEY"],
  ["a store's sales", selectSales({ store_id: uuid() }, 0, 51), "sales_by_store"],
  ["a store's sales of a day", selectSales({ store_id: uuid(), business_date }, 0, 51), "sales_by_business_date"],
  ["a shift's sales", selectSales({ store_id: uuid(), shift_id: uuid() }, 0, 51), "sales_by_shift"],
  ["a customer's sales", selectSales({ store_id: uuid(), customer_id: uuid() }, 0, 51), "sales_by_customer"],
  ["a sale by its number", selectSales({ store_id: uuid(), invoice_no: "N" }, 0, 51), "sqlite_autoindex_sales"],
  ["all sales", selectSales({ store_id: null }, 0, 51), "INTEGER PRIMARY KEY"],
  ["a store's refunds", selectRefunds({ store_id: uuid() }, 0, 51), "refunds_by_store"],
  ["a sale's refunds", selectRefunds({ store_id: uuid(), sale_id: uuid() }, 0, 51), "refunds_by_sale"],
  ["a shift's refunds", selectRefunds({ store_id: uuid(), shift_id: uuid() }, 0, 51), "refunds_by_shift"],
  ["a store's refunds of a day", selectRefunds({ store_id: uuid(), business_date }, 0, 51), "refunds_by_business_date"],
  ["a refund by its number", selectRefunds({ store_id: uuid(), refund_no: "N" }, 0, 51), "sqlite_autoindex_refunds"],
  ["all refunds", selectRefunds({ store_id: null }, 0, 51), "INTEGER PRIMARY KEY"],
  ["a store's parked sales", selectParkedSales({ store_id: uuid() }, 0, 51), "parked_sales_by_store"],
  [
    "a store's parked sales of a day and customer",
    selectParkedSales({ store_id: uuid(), business_date, customer_id: uuid() }, 0, 51),
    "parked_sales_by_store",
  ],
];

async function planOf({ sql, params }: Statement): Promise<Step[]> {
  const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...params)
    .all<Step>();
  return plan.results;
}

describe("a page of", () => {
  it.each(LISTS)("%s is read in order by an index", async (_, list, index) => {
    const plan = await planOf(list);
    expect(findSlowSteps(list.sql, plan)).toEqual([]);
    expect(plan.map(({ detail }) => detail)).toEqual([expect.stringMatching(new RegExp(`^SEARCH .*${index}`))]);
  });

  it.each([
    ["shifts", selectShifts({ own_stores: JSON.stringify([uuid(), uuid()]) }, 0, 51)],
    ["Z reports", selectZReports({ own_stores: JSON.stringify([uuid(), uuid()]) }, 0, 51)],
  ])("%s of several stores reads those of no other", async (_, list) => {
    const plan = await planOf(list);
    expect(findSlowSteps(list.sql, plan)).toEqual([]);
    expect(plan[0]?.detail).toMatch(/_by_/);
  });
});
