import { and, asc, eq, getTableColumns, gt, gte, lte, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Statement } from "../../db/database.ts";
import { given, queryBuilder, type StoreConditions, toStatement } from "../../db/query-builder.ts";
import { parkedSales } from "../../db/schema/parked-sales.ts";
import { refunds } from "../../db/schema/refunds.ts";
import { sales } from "../../db/schema/sales.ts";
import { dueOf } from "../payments/index.ts";

/** The lists of sales, refunds and parked sales: a page of each costs what is on it. */

interface SaleConditions extends StoreConditions {
  business_date?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  status?: string | undefined;
  terminal_id?: string | undefined;
  shift_id?: string | undefined;
  customer_id?: string | undefined;
  salesperson_id?: string | undefined;
  user_id?: string | undefined;
  invoice_no?: string | undefined;
}

// By the unique (store_id, invoice_no), sales_by_shift, sales_by_business_date, sales_by_customer or sales_by_store, whichever the
// conditions allow; by row number where no store is named and nothing narrower. A till, cashier or salesperson has no index of
// its own, which each sale would pay for: a page of theirs walks through the store's sales, or the days', in order.
export function selectSales(wanted: SaleConditions, afterArrival: number, limit: number): Statement {
  const conditions = given(
    gt(sales.arrival, afterArrival),
    inStores(sales.store_id, wanted, {
      alone: wanted.shift_id ?? wanted.customer_id,
      within: wanted.invoice_no ?? wanted.business_date,
      range: wanted.from ?? wanted.to,
    }),
    ...onDays(sales.business_date, wanted),
    wanted.status !== undefined && eq(sales.status, wanted.status),
    wanted.terminal_id !== undefined && eq(sales.terminal_id, wanted.terminal_id),
    wanted.shift_id !== undefined && eq(sales.shift_id, wanted.shift_id),
    wanted.customer_id !== undefined && eq(sales.customer_id, wanted.customer_id),
    wanted.salesperson_id !== undefined && eq(sales.salesperson_id, wanted.salesperson_id),
    wanted.user_id !== undefined && eq(sales.user_id, wanted.user_id),
    wanted.invoice_no !== undefined && eq(sales.invoice_no, wanted.invoice_no),
  );
  return toStatement(
    queryBuilder
      .select({ ...getTableColumns(sales), due: DUE_OF_SALES })
      .from(sales)
      .where(and(...conditions))
      .orderBy(asc(sales.arrival))
      .limit(limit),
  );
}

const DUE_OF_SALES = sql<number>`${sql.raw(dueOf("sales"))}`.as("due");

function onDays(
  column: SQLiteColumn,
  { business_date, from, to }: Pick<SaleConditions, "business_date" | "from" | "to">,
): (SQL | false)[] {
  return [
    business_date !== undefined && eq(column, business_date),
    from !== undefined && gte(column, from),
    to !== undefined && lte(column, to),
  ];
}

/**
 * The store that is named, or those of the actor. What is found by an index `alone` is narrower than a store: the plus keeps
 * the store's own index out of the plan, which without figures of how rows are spread SQLite takes for as good, and would read
 * all of the store's rows. It does so too where several stores have nothing narrower: row by row in the order of arrival a page
 * ends when it is full, where by store all of their rows would be read to be sorted. What an index finds `within` a store is
 * looked for in each of them. So is a `range`, also in one: a list of one keeps SQLite from walking through all that the store
 * had before it only because that needs no sorting.
 */
function inStores(
  column: SQLiteColumn,
  { store_id, own_stores }: StoreConditions,
  { alone, within, range }: { alone: string | undefined; within: string | undefined; range?: string | undefined },
): SQL | false {
  if (store_id !== undefined && range === undefined) {
    return alone === undefined ? eq(column, store_id) : sql`+${column} = ${store_id}`;
  }
  const among = store_id === undefined ? own_stores : JSON.stringify([store_id]);
  if (alone === undefined && (within ?? range) !== undefined) return sql`${column} IN ${allOf(among)}`;
  return among !== null && sql`+${column} IN ${allOf(among)}`;
}

function allOf(ownStores: string | null): SQL {
  return ownStores === null ? sql`(SELECT id FROM stores)` : sql`(SELECT value FROM json_each(${ownStores}))`;
}

interface RefundConditions extends StoreConditions {
  sale_id?: string | undefined;
  business_date?: string | undefined;
  shift_id?: string | undefined;
  refund_no?: string | undefined;
}

// By the unique (store_id, refund_no), refunds_by_sale, refunds_by_shift, refunds_by_business_date or refunds_by_store, whichever
// the conditions allow; by row number where no store is named and nothing narrower.
export function selectRefunds(wanted: RefundConditions, afterArrival: number, limit: number): Statement {
  const conditions = given(
    gt(refunds.arrival, afterArrival),
    inStores(refunds.store_id, wanted, {
      alone: wanted.sale_id ?? wanted.shift_id,
      within: wanted.refund_no ?? wanted.business_date,
    }),
    wanted.sale_id !== undefined && eq(refunds.sale_id, wanted.sale_id),
    wanted.business_date !== undefined && eq(refunds.business_date, wanted.business_date),
    wanted.shift_id !== undefined && eq(refunds.shift_id, wanted.shift_id),
    wanted.refund_no !== undefined && eq(refunds.refund_no, wanted.refund_no),
  );
  return toStatement(
    queryBuilder
      .select()
      .from(refunds)
      .where(and(...conditions))
      .orderBy(asc(refunds.arrival))
      .limit(limit),
  );
}

// By parked_sales_by_store: of what was ever parked only what still is.
export function selectParkedSales(
  wanted: Omit<SaleConditions, "status" | "shift_id" | "invoice_no">,
  afterArrival: number,
  limit: number,
): Statement {
  const { store_id, own_stores, terminal_id, customer_id, salesperson_id, user_id } = wanted;
  const conditions = given(
    eq(parkedSales.state, "parked"),
    gt(parkedSales.arrival, afterArrival),
    store_id === undefined ? sql`${parkedSales.store_id} IN ${allOf(own_stores)}` : eq(parkedSales.store_id, store_id),
    ...onDays(parkedSales.business_date, wanted),
    terminal_id !== undefined && sql`${parkedSales.shown} ->> 'terminal_id' = ${terminal_id}`,
    customer_id !== undefined && eq(parkedSales.customer_id, customer_id),
    salesperson_id !== undefined && eq(parkedSales.salesperson_id, salesperson_id),
    user_id !== undefined && eq(parkedSales.user_id, user_id),
  );
  return toStatement(
    queryBuilder
      .select()
      .from(parkedSales)
      .where(and(...conditions))
      .orderBy(asc(parkedSales.arrival))
      .limit(limit),
  );
}
