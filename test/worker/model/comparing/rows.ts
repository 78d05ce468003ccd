import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { dueOf, type ModelSale, onHand, statusOf } from "../books/books.ts";
import type { World } from "../world.ts";

/** Comparing with the rows of the database: what no list of the API shows at once. */

/** Stock, ledgers and sequences as they stand, all in one trip. */
export async function expectLevels({ books }: World): Promise<void> {
  const [stores, holders] = [idsOf(books.stores), idsOf([...books.customers, ...books.cards])];
  const [levels, balances, sequences] = await env.DB.batch<Row>([
    read(
      "SELECT store_id, product_id, on_hand FROM stock_levels WHERE store_id IN (SELECT value FROM json_each(?))",
      stores,
    ),
    read(
      `SELECT ledger, holder_id, currency, balance FROM balances
       WHERE ledger IN ('account', 'store_credit', 'gift_card') AND holder_id IN (SELECT value FROM json_each(?))`,
      holders,
    ),
    read(
      `SELECT store_id, terminal_code || ' ' || kind AS name, last FROM number_sequences
       WHERE store_id IN (SELECT value FROM json_each(?))`,
      stores,
    ),
  ]);
  expect(sorted(levels?.results)).toEqual(sorted(stockOf(books)));
  expect(sorted(balances?.results)).toEqual(sorted(books.ledgers.all()));
  const numbers = books.stores.flatMap(({ id, sequences: of }) =>
    [...of].map(([name, last]) => ({ store_id: id, name, last })),
  );
  expect(sorted(sequences?.results)).toEqual(sorted(numbers));
}

/** Stock and ledgers as the sums of what moved them, and the numbers of commands that were heard. */
export async function expectSums({ books }: World): Promise<void> {
  const [stores, holders] = [idsOf(books.stores), idsOf([...books.customers, ...books.cards])];
  const [moved, entries, heard] = await env.DB.batch<Row>([
    read(
      `SELECT store_id, product_id, sum(quantity) AS on_hand FROM stock_movements
       WHERE store_id IN (SELECT value FROM json_each(?)) GROUP BY store_id, product_id`,
      stores,
    ),
    read(
      `SELECT ledger, holder_id, currency, sum(amount) AS balance FROM ledger_entries
       WHERE ledger IN ('account', 'store_credit', 'gift_card') AND holder_id IN (SELECT value FROM json_each(?))
       GROUP BY ledger, holder_id, currency`,
      holders,
    ),
    read(
      "SELECT terminal_id, seq, key FROM sync_commands WHERE terminal_id IN (SELECT value FROM json_each(?))",
      idsOf(books.tills),
    ),
  ]);
  expect(sorted(moved?.results)).toEqual(sorted(stockOf(books)));
  expect(sorted(entries?.results)).toEqual(sorted(books.ledgers.all()));
  const commands = books.tills.flatMap(({ id, heard: of }) =>
    [...of].map(([seq, key]) => ({ terminal_id: id, seq, key })),
  );
  expect(sorted(heard?.results)).toEqual(sorted(commands));
}

type Row = Record<string, string | number>;

function read(sql: string, param: string): D1PreparedStatement {
  return env.DB.prepare(sql).bind(param);
}

function idsOf(records: readonly { id: string }[]): string {
  return JSON.stringify(records.map(({ id }) => id));
}

function stockOf({ stores, products }: World["books"]) {
  return stores.flatMap((store) =>
    products
      .filter(({ id }) => store.stock.has(id))
      .map((product) => ({ store_id: store.id, product_id: product.id, on_hand: onHand(store, product) })),
  );
}

/** Rows in an order of their own, their members too. */
export function sorted(rows: readonly object[] | undefined): string[] {
  const members = (row: object) => Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return (rows ?? []).map((row) => JSON.stringify(members(row))).toSorted();
}

interface SaleRow {
  id: string;
  [column: string]: unknown;
}

/** Sales by their rows, with how much of each line has come back. */
export async function expectSales(sales: readonly ModelSale[]): Promise<void> {
  if (sales.length === 0) return;
  const { results } = await env.DB.prepare(
    `SELECT s.id, s.invoice_no, s.status, s.business_date, s.terminal_id, s.shift_id, s.customer_id, s.total,
       s.rounding_adjustment, s.change_due, s.balance_due, s.paid_total - s.change_due + s.balance_due AS covered,
       (SELECT group_concat(l.refunded_quantity) FROM (
         SELECT refunded_quantity FROM sale_lines WHERE sale_id = s.id ORDER BY line_no) l) AS refunded
     FROM json_each(?) w JOIN sales s ON s.id = w.value`,
  )
    .bind(JSON.stringify(sales.map(({ id }) => id)))
    .all<SaleRow>();
  const rows = new Map(results.map((row) => [row.id, row]));
  for (const sale of sales) {
    expect(rows.get(sale.id), `sale ${sale.id}`).toEqual({
      id: sale.id,
      invoice_no: sale.invoice_no,
      status: statusOf(sale),
      business_date: sale.business_date,
      terminal_id: sale.till?.id ?? null,
      shift_id: sale.shift?.id ?? null,
      customer_id: sale.customer?.id ?? null,
      total: sale.total,
      rounding_adjustment: sale.rounding_adjustment,
      change_due: sale.change,
      balance_due: sale.voided ? balanceOf(sale) : dueOf(sale) + sale.taken_off_account,
      covered: sale.total,
      refunded: sale.lines.map(({ refunded }) => refunded).join(","),
    });
  }
}

/** What is on account of a sale that was voided: it keeps what it was. */
function balanceOf({ payments }: ModelSale): number {
  return payments.reduce((total, { method, amount }) => total + (method === "on_account" ? amount : 0), 0);
}

export async function expectRefunds({ books }: World): Promise<void> {
  const { results } = await env.DB.prepare(
    `SELECT refund_no, store_id, business_date, shift_id, total FROM refunds
     WHERE store_id IN (SELECT value FROM json_each(?))`,
  )
    .bind(JSON.stringify(books.stores.map(({ id }) => id)))
    .all();
  const wanted = books.refunds.map(({ refund_no, store, business_date, shift, total }) => ({
    refund_no,
    store_id: store.id,
    business_date,
    shift_id: shift?.id ?? null,
    total,
  }));
  expect(sorted(results)).toEqual(sorted(wanted));
}
