import type { Order } from "../../../src/modules/orders/schemas.ts";
import { type Answer, type Client, expectStatus, type ProductBody, uuid } from "../../support/api.ts";
import { newCustomer } from "../payments/credit.ts";
import { openShop, type Payment, type Sale, type Shop, stockProduct } from "../sales/shop.ts";

/** A shop with something to order and someone who orders it. */

export interface OrderShop extends Shop {
  customer_id: string;
  product: ProductBody;
}

export async function openOrderShop(over: Record<string, unknown> = {}): Promise<OrderShop> {
  const shop = await openShop(over);
  return { ...shop, customer_id: (await newCustomer()).id, product: await stockProduct(shop) };
}

interface How {
  by?: Client;
  key?: string;
}

/** Two of the product, at 1.00 each. */
export function orderBody(shop: OrderShop, over: Record<string, unknown> = {}): Record<string, unknown> {
  const { store, customer_id, product } = shop;
  return { store_id: store.id, customer_id, items: [{ product_id: product.id, quantity: 2 }], ...over };
}

export async function order(shop: OrderShop, over: Record<string, unknown> = {}, by?: Client): Promise<Answer<Order>> {
  return (by ?? shop.admin).post<Order>("/v1/orders", orderBody(shop, over));
}

/** An order that must be taken. */
export async function ordered(shop: OrderShop, over: Record<string, unknown> = {}): Promise<Order> {
  const answer = await order(shop, over);
  expectStatus(answer, 201);
  return answer.body;
}

export async function readOrder(shop: OrderShop, id: string): Promise<Order> {
  const answer = await shop.admin.get<Order>(`/v1/orders/${id}`);
  expectStatus(answer, 200);
  return answer.body;
}

export async function change(
  shop: OrderShop,
  { id, version }: Pick<Order, "id" | "version">,
  fields: Record<string, unknown>,
  by?: Client,
): Promise<Answer<Order>> {
  return (by ?? shop.admin).patch<Order>(`/v1/orders/${id}`, fields, { "If-Match": `"v${String(version)}"` });
}

export async function deposit(
  shop: OrderShop,
  id: string,
  payments: Payment[],
  over: Record<string, unknown> = {},
  { by = shop.admin, key = uuid() }: How = {},
): Promise<Answer<Order>> {
  const body = { terminal_id: shop.terminal.id, payments, ...over };
  return by.post<Order>(`/v1/orders/${id}/deposits`, body, { "Idempotency-Key": key });
}

/** Deposits that must be taken. */
export async function deposited(shop: OrderShop, id: string, payments: Payment[]): Promise<Order> {
  const answer = await deposit(shop, id, payments);
  expectStatus(answer, 201);
  return answer.body;
}

export async function giveBack(
  shop: OrderShop,
  id: string,
  deposit_id: string,
  over: Record<string, unknown> = {},
  { by = shop.admin, key = uuid() }: How = {},
): Promise<Answer<Order>> {
  const body = { deposit_id, terminal_id: shop.terminal.id, ...over };
  return by.post<Order>(`/v1/orders/${id}/deposit-refunds`, body, { "Idempotency-Key": key });
}

export interface Completed {
  order: Order;
  sale: Sale;
}

export async function complete(
  shop: OrderShop,
  id: string,
  over: Record<string, unknown> = {},
  { by = shop.admin, key = uuid(), approval }: How & { approval?: string } = {},
): Promise<Answer<Completed>> {
  const body = { terminal_id: shop.terminal.id, ...over };
  const headers = { "Idempotency-Key": key, ...(approval === undefined ? {} : { "X-Approval": approval }) };
  return by.post<Completed>(`/v1/orders/${id}/complete`, body, headers);
}
