import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Statement } from "../../../src/db/database.ts";
import { selectParkedSales, selectRefunds, selectSales } from "../../../src/modules/sales/list-queries.ts";
import { selectShifts, selectZReports } from "../../../src/modules/shifts/queries.ts";
import { closeNumberGaps } from "../../../src/modules/sync/queries.ts";
import { expectStatus, uuid } from "../../support/api.ts";
import { newCustomer, soldOnAccount } from "../payments/credit.ts";
import { openShop, refund, sold } from "../sales/shop.ts";
import { GOODS } from "../sync/till.ts";
import { findSlowSteps, type Step } from "./plan.ts";

/** A page costs what is on it, however long the till has been in use: found by an index, in the order it gives them. */

const own = { own_stores: null };
const some = { own_stores: JSON.stringify([uuid(), uuid()]) };
const business_date = "2026-03-02";
const days = { from: "2026-03-02", to: "2026-03-09" };

/** What of a list of sales is looked up for a row that has a balance. */
const DUE = [
  "CORRELATED SCALAR SUBQUERY 1",
  "SEARCH r USING INDEX refunds_by_sale (sale_id=?)",
  "SEARCH p USING PRIMARY KEY (refund_id=?)",
];

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
  ["a store's sales", selectSales({ ...own, store_id: uuid() }, 0, 51), "sales_by_store"],
  [
    "a store's sales of a day",
    selectSales({ ...own, store_id: uuid(), business_date }, 0, 51),
    "sales_by_business_date",
  ],
  ["a shift's sales", selectSales({ ...own, store_id: uuid(), shift_id: uuid() }, 0, 51), "sales_by_shift"],
  ["a customer's sales", selectSales({ ...own, store_id: uuid(), customer_id: uuid() }, 0, 51), "sales_by_customer"],
  ["a sale by its number", selectSales({ ...own, store_id: uuid(), invoice_no: "N" }, 0, 51), "sqlite_autoindex_sales"],
  ["all sales", selectSales(own, 0, 51), "INTEGER PRIMARY KEY"],
  ["a cashier's sales", selectSales({ ...own, store_id: uuid(), user_id: uuid() }, 0, 51), "sales_by_store"],
  ["a till's sales", selectSales({ ...own, store_id: uuid(), terminal_id: uuid() }, 0, 51), "sales_by_store"],
  [
    "a salesperson's sales of a day",
    selectSales({ ...own, store_id: uuid(), salesperson_id: uuid(), business_date }, 0, 51),
    "sales_by_business_date",
  ],
  ["a store's refunds", selectRefunds({ ...own, store_id: uuid() }, 0, 51), "refunds_by_store"],
  ["a sale's refunds", selectRefunds({ ...own, store_id: uuid(), sale_id: uuid() }, 0, 51), "refunds_by_sale"],
  ["a shift's refunds", selectRefunds({ ...own, store_id: uuid(), shift_id: uuid() }, 0, 51), "refunds_by_shift"],
  [
    "a store's refunds of a day",
    selectRefunds({ ...own, store_id: uuid(), business_date }, 0, 51),
    "refunds_by_business_date",
  ],
  [
    "a refund by its number",
    selectRefunds({ ...own, store_id: uuid(), refund_no: "N" }, 0, 51),
    "sqlite_autoindex_refunds",
  ],
  ["all refunds", selectRefunds(own, 0, 51), "INTEGER PRIMARY KEY"],
  ["a store's parked sales", selectParkedSales({ ...own, store_id: uuid() }, 0, 51), "parked_sales_by_store"],
  [
    "a store's parked sales of a day and customer",
    selectParkedSales({ ...own, store_id: uuid(), business_date, customer_id: uuid() }, 0, 51),
    "parked_sales_by_store",
  ],
];

const OF_SEVERAL: [string, Statement, string][] = [
  ["several stores' sales", selectSales(some, 0, 51), "INTEGER PRIMARY KEY"],
  ["several stores' sales of a customer", selectSales({ ...some, customer_id: uuid() }, 0, 51), "sales_by_customer"],
  ["several stores' sales of a shift", selectSales({ ...some, shift_id: uuid() }, 0, 51), "sales_by_shift"],
  ["several stores' refunds", selectRefunds(some, 0, 51), "INTEGER PRIMARY KEY"],
  ["several stores' refunds of a sale", selectRefunds({ ...some, sale_id: uuid() }, 0, 51), "refunds_by_sale"],
  [
    "several stores' sales of a customer and days",
    selectSales({ ...some, customer_id: uuid(), ...days }, 0, 51),
    "sales_by_customer",
  ],
];

/** These are sorted once they are found: they are as many as a few days have. */
const BY_STORE: [string, Statement, string][] = [
  ["sales of days", selectSales({ ...own, store_id: uuid(), ...days }, 0, 51), "sales_by_business_date"],
  ["several stores' sales of days", selectSales({ ...some, ...days }, 0, 51), "sales_by_business_date"],
  ["all stores' sales of a day", selectSales({ ...own, business_date }, 0, 51), "sales_by_business_date"],
  ["all stores' sales of days", selectSales({ ...own, ...days }, 0, 51), "sales_by_business_date"],
  ["a number of several stores", selectSales({ ...some, invoice_no: "N" }, 0, 51), "sqlite_autoindex_sales"],
  ["a number of all stores", selectSales({ ...own, invoice_no: "N" }, 0, 51), "sqlite_autoindex_sales"],
  ["all stores' refunds of a day", selectRefunds({ ...own, business_date }, 0, 51), "refunds_by_business_date"],
  ["several stores' refunds of a day", selectRefunds({ ...some, business_date }, 0, 51), "refunds_by_business_date"],
  ["a refund number of all stores", selectRefunds({ ...own, refund_no: "N" }, 0, 51), "sqlite_autoindex_refunds"],
  ["parked sales of several stores", selectParkedSales(some, 0, 51), "parked_sales_by_store"],
  ["parked sales of all stores", selectParkedSales(own, 0, 51), "parked_sales_by_store"],
];

async function planOf({ sql, params }: Statement): Promise<Step[]> {
  const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...params)
    .all<Step>();
  return plan.results;
}

it("what closes the holes in a till's numbers reads those alone", async () => {
  const close = closeNumberGaps(uuid(), new Date().toISOString(), "MAIN-01-");
  const plan = await planOf(close);
  expect(findSlowSteps(close.sql, plan)).toEqual([]);
  expect(plan.flatMap(({ detail }) => /^SEARCH .* USING (?:COVERING )?INDEX (\S+)/.exec(detail)?.[1] ?? [])).toEqual([
    "sync_exceptions_number_gap_unique",
    expect.stringMatching(/^sqlite_autoindex_sales/),
    expect.stringMatching(/^sqlite_autoindex_refunds/),
  ]);
});

describe("a page of", () => {
  it.each(LISTS)("%s is read in order by an index", async (_, list, index) => {
    const plan = await planOf(list);
    expect(findSlowSteps(list.sql, plan)).toEqual([]);
    const [rows, ...rest] = plan.map(({ detail }) => detail);
    expect(rows).toMatch(new RegExp(`^SEARCH .*${index}`));
    expect(rest).toEqual(list.sql.includes('from "sales"') ? DUE : []);
  });

  it.each(OF_SEVERAL)("%s is read in order, and ends when it is full", async (_, list, index) => {
    const plan = await planOf(list);
    expect(findSlowSteps(list.sql, plan)).toEqual([]);
    expect(plan[0]?.detail).toMatch(new RegExp(`^SEARCH .*${index}`));
    expect(plan.map(({ detail }) => detail)).not.toContain("USE TEMP B-TREE FOR ORDER BY");
  });

  it.each(BY_STORE)("%s is looked for in each of the stores by an index", async (_, list, index) => {
    const plan = await planOf(list);
    expect(findSlowSteps(list.sql, plan)).toEqual([]);
    expect(plan[0]?.detail).toMatch(new RegExp(`^SEARCH .*${index}\\w* \\(store_id=\\? AND `));
  });

  it("sales looks at refunds only where there is a balance", async () => {
    const shop = await openShop();
    for (let n = 0; n < 3; n += 1) await sold(shop, { lines: [GOODS] });
    const { id: customer_id } = await newCustomer();
    const list = selectSales({ ...own, store_id: shop.store.id }, 0, 51);
    const read = async () =>
      (
        await env.DB.prepare(list.sql)
          .bind(...list.params)
          .all()
      ).meta.rows_read;
    const before = await read();
    const { id } = await soldOnAccount(shop, customer_id, 100);
    expect(await read()).toBe(before + 1);
    const back = { lines: [{ line_no: 1, quantity: 1 }], payments: [{ method: "on_account", amount: 100 }] };
    expectStatus(await refund(shop, id, back), 201);
    // The refund by its index, and its payment.
    expect(await read()).toBeGreaterThan(before + 1);
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
