import { env } from "cloudflare:workers";
import type { Refund, RefundQuote } from "../../../src/modules/sales/refund-schemas.ts";
import type { Quote, Sale } from "../../../src/modules/sales/schemas.ts";
import {
  type Answer,
  asAdmin,
  type Client,
  createProduct,
  createStore,
  createTerminal,
  expectStatus,
  openShift,
  type ProductBody,
  receiveStock,
  type ShiftBody,
  type SignedIn,
  type StoreBody,
  type TerminalBody,
  uuid,
} from "../../support/api.ts";

/** A shop to sell in: a store with its till, and the requests that selling is made of. */

export type { Quote, Refund, RefundQuote, Sale };

export interface Shop {
  store: StoreBody;
  terminal: TerminalBody;
  /** The till's open shift. */
  shift: ShiftBody;
  admin: SignedIn;
}

export interface Payment {
  method: string;
  amount: number;
  [other: string]: unknown;
}

export interface SaleRequest {
  lines: Record<string, unknown>[];
  payments?: Payment[];
  [other: string]: unknown;
}

interface How {
  by?: Client;
  key?: string;
}

/** More than anything here costs; a sale gives the change back. */
export const PLENTY: Payment[] = [{ method: "cash", amount: 1_000_000_000 }];

export async function openShop(over: Record<string, unknown> = {}): Promise<Shop> {
  const store = await createStore(over);
  const terminal = await createTerminal(store.id);
  return { store, terminal, shift: await openShift(terminal.id), admin: await asAdmin() };
}

/** A new product with `quantity` of it on the shop's shelf; 0 leaves it without a stock row. */
export async function stockProduct(
  shop: Shop,
  over: Record<string, unknown> = {},
  quantity = 1000,
): Promise<ProductBody> {
  const product = await createProduct(over);
  if (quantity > 0) await receiveStock(shop.store.id, [{ product_id: product.id, quantity }]);
  return product;
}

/** The body of a sale at the shop's till, paid with plenty of cash unless `request` says otherwise. */
export function saleBody(shop: Shop, request: SaleRequest): Record<string, unknown> {
  return { store_id: shop.store.id, terminal_id: shop.terminal.id, payments: PLENTY, ...request };
}

export async function sell(shop: Shop, request: SaleRequest, how: How = {}): Promise<Answer<Sale>> {
  const { by = shop.admin, key = uuid() } = how;
  return by.post<Sale>("/v1/sales", saleBody(shop, request), { "Idempotency-Key": key });
}

/** A sale that must succeed. */
export async function sold(shop: Shop, request: SaleRequest, how: How = {}): Promise<Sale> {
  const answer = await sell(shop, request, how);
  expectStatus(answer, 201);
  return answer.body;
}

export interface RefundRequest {
  lines: Record<string, unknown>[];
  payments: Payment[];
  [other: string]: unknown;
}

export async function refund(
  shop: Shop,
  sale_id: string,
  request: RefundRequest,
  how: How = {},
): Promise<Answer<Refund>> {
  const { by = shop.admin, key = uuid() } = how;
  const body = { reason: "Brought back", ...request };
  return by.post<Refund>(`/v1/sales/${sale_id}/refunds`, body, { "Idempotency-Key": key });
}

/** A refund of these lines for what the quote says they come to: off the account what has to be, the rest in cash. */
export async function refunded(shop: Shop, sale_id: string, lines: Record<string, unknown>[]): Promise<Refund> {
  const quote = await shop.admin.post<RefundQuote>(`/v1/sales/${sale_id}/refunds/quote`, { lines });
  expectStatus(quote, 200);
  const { total, on_account_at_least } = quote.body;
  const payments = [
    { method: "on_account", amount: on_account_at_least },
    { method: "cash", amount: total - on_account_at_least },
  ];
  const answer = await refund(shop, sale_id, { lines, payments: payments.filter(({ amount }) => amount > 0) });
  expectStatus(answer, 201);
  return answer.body;
}

export async function readSale(shop: Shop, sale_id: string): Promise<Sale> {
  const answer = await shop.admin.get<Sale>(`/v1/sales/${sale_id}`);
  expectStatus(answer, 200);
  return answer.body;
}

/** What is on hand by the level, and by the sum of its movements. */
export async function stockOf(store_id: string, product_id: string): Promise<{ on_hand: number; moved: number }> {
  const row = await env.DB.prepare(
    `SELECT
       (SELECT coalesce(sum(on_hand), 0) FROM stock_levels WHERE store_id = ?1 AND product_id = ?2) AS on_hand,
       (SELECT coalesce(sum(quantity), 0) FROM stock_movements WHERE store_id = ?1 AND product_id = ?2) AS moved`,
  )
    .bind(store_id, product_id)
    .first<{ on_hand: number; moved: number }>();
  return row ?? { on_hand: Number.NaN, moved: Number.NaN };
}

/** Changes a product as another isolate would: this one's memory of it is not told. */
export async function changeUnseen(product_id: string, assignment: string): Promise<void> {
  await env.DB.prepare(`UPDATE products SET ${assignment}, version = version + 1 WHERE id = ?`).bind(product_id).run();
}

/** Every row of every table: equal before and after a refusal, nothing at all was written or changed. */
export async function everyRow(): Promise<Record<string, string>> {
  const { results: tables } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*'",
  ).all<{ name: string }>();
  const rows = await env.DB.batch(tables.map(({ name }) => env.DB.prepare(`SELECT * FROM ${name}`)));
  return Object.fromEntries(tables.map(({ name }, i) => [name, JSON.stringify(rows[i]?.results)]));
}
