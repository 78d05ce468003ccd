import { env } from "cloudflare:workers";
import type { ShiftReport } from "../../../src/modules/shifts/schemas.ts";
import {
  type Answer,
  type Client,
  createTerminal,
  expectStatus,
  openShift,
  type ShiftBody,
  type TerminalBody,
  uuid,
} from "../../support/api.ts";
import { openShop, type Shop } from "../sales/shop.ts";

/** Tills of one shop that want the same thing at once. */

export interface Till {
  terminal: TerminalBody;
  shift: ShiftBody;
}

/** A shop with two tills, each with an open shift. */
export async function openTwoTills(over: Record<string, unknown> = {}): Promise<{ shop: Shop; tills: Till[] }> {
  const shop = await openShop(over);
  const terminal = await createTerminal(shop.store.id, { code: "02" });
  const tills = [shop, { terminal, shift: await openShift(terminal.id) }];
  return { shop, tills };
}

/** A line of something the catalogue does not know. */
export function goods(unit_price: number, quantity = 1): Record<string, unknown> {
  return { custom: { name: "Goods", unit_price, tax_rate_ppm: 0 }, quantity };
}

export async function post<T>(
  by: Client,
  path: string,
  body: object,
  key = uuid(),
  approval?: string,
): Promise<Answer<T>> {
  const headers = { "Idempotency-Key": key, ...(approval === undefined ? {} : { "X-Approval": approval }) };
  return by.post<T>(path, body, headers);
}

export async function reportOf({ admin }: Pick<Shop, "admin">, shiftId: string): Promise<ShiftReport> {
  const answer = await admin.get<ShiftReport>(`/v1/shifts/${shiftId}/report`);
  expectStatus(answer, 200);
  return answer.body;
}

/** A balance as it is kept, and as its ledger's rows add up. */
export async function balanceOf(ledger: string, holderId: string): Promise<{ balance: number; ledger: number }> {
  const row = await env.DB.prepare(
    `SELECT
       (SELECT balance FROM balances WHERE ledger = ?1 AND holder_id = ?2) AS balance,
       (SELECT coalesce(sum(amount), 0) FROM ledger_entries WHERE ledger = ?1 AND holder_id = ?2) AS ledger`,
  )
    .bind(ledger, holderId)
    .first<{ balance: number; ledger: number }>();
  return row ?? { balance: Number.NaN, ledger: Number.NaN };
}
