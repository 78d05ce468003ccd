import { type Answer, type Client, expectStatus, uuid } from "../../support/api.ts";
import type { Sale, Shop } from "./shop.ts";

/** What becomes of baskets and sales: put aside, completed, voided; and a shift's end. */

export interface How {
  by?: Client;
  key?: string;
  /** X-Approval. */
  approval?: string;
}

function headersOf({ key = uuid(), approval }: How): Record<string, string> {
  return { "Idempotency-Key": key, ...(approval === undefined ? {} : { "X-Approval": approval }) };
}

export async function park(shop: Shop, request: Record<string, unknown>, how: How = {}): Promise<Answer<Sale>> {
  const body = { store_id: shop.store.id, status: "parked", ...request };
  return (how.by ?? shop.admin).post<Sale>("/v1/sales", body, headersOf(how));
}

/** A basket that must be put aside. */
export async function parked(shop: Shop, request: Record<string, unknown>): Promise<Sale> {
  const answer = await park(shop, request);
  expectStatus(answer, 201);
  return answer.body;
}

export async function complete(
  shop: Shop,
  sale_id: string,
  body: Record<string, unknown>,
  how: How = {},
): Promise<Answer<Sale>> {
  return (how.by ?? shop.admin).post<Sale>(`/v1/sales/${sale_id}/complete`, body, headersOf(how));
}

/** Voids a sale, or throws a parked one away. */
export async function voidSale(
  shop: Shop,
  sale_id: string,
  body: Record<string, unknown> = {},
  how: How = {},
): Promise<Answer<Sale>> {
  return (how.by ?? shop.admin).post<Sale>(`/v1/sales/${sale_id}/void`, body, headersOf(how));
}

export interface Report {
  sales_count: number;
  voids_count: number;
  voids_total: number;
  gross: number;
  net: number;
  tax_total: number;
  by_method: { method: string; sales: number; refunds: number; expected: number }[];
  cash: Record<string, number>;
  first_invoice_no: string | null;
  last_invoice_no: string | null;
  [other: string]: unknown;
}

export async function reportOf(shop: Shop, shift_id = shop.shift.id): Promise<Report> {
  const answer = await shop.admin.get<Report>(`/v1/shifts/${shift_id}/report`);
  expectStatus(answer, 200);
  return answer.body;
}

/** Closes the shop's shift, whatever was counted. */
export async function closeShift(shop: Shop, shift_id = shop.shift.id): Promise<void> {
  const body = { counted: [{ method: "cash", amount: 0 }] };
  expectStatus(await shop.admin.post(`/v1/shifts/${shift_id}/close`, body, headersOf({})), 200);
}
