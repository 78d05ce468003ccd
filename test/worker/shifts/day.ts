import { env } from "cloudflare:workers";
import type { CashMovement, Shift, ShiftReport } from "../../../src/modules/shifts/schemas.ts";
import { type Answer, asAdmin, type Client, expectStatus, uuid } from "../../support/api.ts";
import type { Shop } from "../sales/shop.ts";

/** The requests that a till's day is made of, and what a test holds its reports to. */

export type { CashMovement, Shift, ShiftReport };

export type ClosedShift = Shift & { report: ShiftReport };

interface How {
  by?: Client;
  key?: string;
  /** Tokens of X-Approval. */
  approval?: string;
}

/** Someone who may put 1,000.00 on account; written past the API, which keeps the limit for admins. */
export async function addDebtor(credit_limit = 100_000): Promise<string> {
  const answer = await (await asAdmin()).post<{ id: string }>("/v1/customers", { name: "Someone" });
  expectStatus(answer, 201);
  await env.DB.prepare("UPDATE customers SET credit_limit = ?2, version = version + 1 WHERE id = ?1")
    .bind(answer.body.id, credit_limit)
    .run();
  return answer.body.id;
}

export function goods(unit_price: number, tax_rate_ppm = 0): Record<string, unknown> {
  return { custom: { name: "Goods", unit_price, tax_rate_ppm }, quantity: 1 };
}

export async function open(shop: Shop, over: Record<string, unknown> = {}, how: How = {}): Promise<Answer<Shift>> {
  const { by = shop.admin, key = uuid() } = how;
  const body = { terminal_id: shop.terminal.id, opening_float: 0, ...over };
  return by.post<Shift>("/v1/shifts", body, { "Idempotency-Key": key });
}

export async function move(
  { shift, admin }: Shop,
  body: Record<string, unknown>,
  { by = admin, key = uuid() }: How = {},
): Promise<Answer<CashMovement>> {
  const path = `/v1/shifts/${shift.id}/cash-movements`;
  return by.post<CashMovement>(path, { reason: "Because", ...body }, { "Idempotency-Key": key });
}

/** Cash moved that must be. */
export async function moved(shop: Shop, body: Record<string, unknown>): Promise<CashMovement> {
  const answer = await move(shop, body);
  expectStatus(answer, 201);
  return answer.body;
}

/** Closes the shop's shift, by default with nothing counted in the drawer. */
export async function close(
  { shift, admin }: Shop,
  body: Record<string, unknown> = {},
  { by = admin, key = uuid(), approval }: How = {},
): Promise<Answer<ClosedShift>> {
  const headers = { "Idempotency-Key": key, ...(approval === undefined ? {} : { "X-Approval": approval }) };
  return by.post<ClosedShift>(`/v1/shifts/${shift.id}/close`, { ...cash(0), ...body }, headers);
}

/** A count of this much cash. */
export function cash(amount: number): { counted: { method: string; amount: number }[] } {
  return { counted: [{ method: "cash", amount }] };
}

/** Closes with exactly the cash that is expected. Returns the Z report. */
export async function closed(shop: Shop): Promise<ShiftReport> {
  const { cash: drawer } = await reportOf(shop);
  const answer = await close(shop, cash(Math.max(0, drawer.expected)));
  expectStatus(answer, 200);
  return answer.body.report;
}

/** The report of a shift: X while it is open, Z after. */
export async function reportOf({ shift, admin }: Shop): Promise<ShiftReport> {
  const answer = await admin.get<ShiftReport>(`/v1/shifts/${shift.id}/report`);
  expectStatus(answer, 200);
  return answer.body;
}

/** The Z reports of the shop's till, the earliest first. */
export async function zReportsOf(shop: Shop): Promise<ShiftReport[]> {
  const path = `/v1/z-reports?terminal_id=${shop.terminal.id}&limit=200`;
  const answer = await shop.admin.get<{ data: ShiftReport[] }>(path);
  expectStatus(answer, 200);
  return answer.body.data;
}

/** The shop with its till's next shift, which is opened. */
export async function nextShift(shop: Shop, over: Record<string, unknown> = {}): Promise<Shop> {
  const answer = await open(shop, over);
  expectStatus(answer, 201);
  return { ...shop, shift: { ...answer.body } };
}

/** What an offline till brings of a shift: `type` with this body, which names the shift. */
export function late(
  { shift }: Shop,
  seq: number,
  type: string,
  body: Record<string, unknown>,
  occurred_at = new Date().toISOString(),
): Record<string, unknown> {
  return { seq, idempotency_key: uuid(), type, occurred_at, body: { shift_id: shift.id, ...body } };
}

/** Money received that is no sale's, as it stands in the books; `happened: 1` for what an offline till brings. */
export async function received(
  shop: Shop,
  row: { kind: "account" | "gift_card"; method: string; amount: number; happened?: 1 },
): Promise<void> {
  const at = new Date().toISOString();
  const gift = uuid();
  const base = {
    id: uuid(),
    document_id: uuid(),
    gift_card_id: row.kind === "gift_card" ? gift : null,
    customer_id: row.kind === "account" ? await addDebtor() : null,
    store_id: shop.store.id,
    terminal_id: shop.terminal.id,
    shift_id: shop.shift.id,
    user_id: shop.admin.user.id,
    business_date: shop.shift["business_date"],
    currency: shop.store.currency,
    received_at: at,
    created_at: at,
    ...row,
  };
  const names = Object.keys(base);
  await env.DB.batch([
    env.DB.prepare(
      "INSERT INTO gift_cards (id, code, currency, user_id, created_at) VALUES (?1, upper(substr(replace(?1, '-', ''), 13)), ?2, ?3, ?4)",
    ).bind(gift, shop.store.currency, shop.admin.user.id, at),
    env.DB.prepare(
      `INSERT INTO received_payments (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`,
    ).bind(...Object.values(base)),
  ]);
}
