import type { AccountPayment, Customer } from "../../../src/modules/customers/schemas.ts";
import { type Answer, asAdmin, type Client, expectStatus, uuid } from "../../support/api.ts";
import { type Payment, type Sale, type Shop, sold } from "../sales/shop.ts";

/** Customers who buy on account, and what they pay later. */

export async function newCustomer(credit_limit = 1_000_000): Promise<Customer> {
  const answer = await (await asAdmin()).post<Customer>("/v1/customers", { name: "Ann Archer", credit_limit });
  expectStatus(answer, 201);
  return answer.body;
}

export async function readCustomer(id: string): Promise<Customer> {
  const answer = await (await asAdmin()).get<Customer>(`/v1/customers/${id}`);
  expectStatus(answer, 200);
  return answer.body;
}

/** A sale of which this much is on the customer's account, and the rest paid by card. */
export async function soldOnAccount(
  shop: Shop,
  customer_id: string,
  on_account: number,
  card = 0,
  over: Record<string, unknown> = {},
): Promise<Sale> {
  const unit_price = on_account + card;
  return sold(shop, {
    customer_id,
    lines: [{ custom: { name: "Goods", unit_price, tax_rate_ppm: 0 }, quantity: 1 }],
    payments: [{ method: "on_account", amount: on_account }, ...(card > 0 ? [{ method: "card", amount: card }] : [])],
    ...over,
  });
}

interface How {
  by?: Client;
  key?: string;
}

/** The customer pays at the shop's till. */
export async function pay(
  shop: Shop,
  customer_id: string,
  payments: Payment[],
  over: Record<string, unknown> = {},
  { by = shop.admin, key = uuid() }: How = {},
): Promise<Answer<AccountPayment>> {
  const body = { store_id: shop.store.id, terminal_id: shop.terminal.id, payments, ...over };
  return by.post<AccountPayment>(`/v1/customers/${customer_id}/payments`, body, { "Idempotency-Key": key });
}

export async function paid(
  shop: Shop,
  customer_id: string,
  payments: Payment[],
  over: Record<string, unknown> = {},
): Promise<AccountPayment> {
  const answer = await pay(shop, customer_id, payments, over);
  expectStatus(answer, 201);
  return answer.body;
}

/** Money for one sale, at the shop's till. */
export async function settle(
  shop: Shop,
  sale_id: string,
  payments: Payment[],
  over: Record<string, unknown> = {},
  { by = shop.admin, key = uuid() }: How = {},
): Promise<Answer<Sale>> {
  const body = { terminal_id: shop.terminal.id, payments, ...over };
  return by.post<Sale>(`/v1/sales/${sale_id}/payments`, body, { "Idempotency-Key": key });
}
