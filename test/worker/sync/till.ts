import { type Answer, type Client, expectStatus, uuid } from "../../support/api.ts";
import type { SyncException, SyncResult } from "../../../src/modules/sync/schemas.ts";
import { PLENTY, type Shop } from "../sales/shop.ts";

/** A till that was offline, and brings in what it did. */

export type { SyncException, SyncResult };

export interface Command {
  seq: number;
  idempotency_key: string;
  type: string;
  occurred_at: string;
  body: Record<string, unknown>;
  [other: string]: unknown;
}

/** The moment at which everything here happened, unless a test says otherwise. */
export const AT = "2026-03-02T09:30:00.000Z";

export const GOODS = { custom: { name: "Goods", unit_price: 100, tax_rate_ppm: 0 }, quantity: 1 };

/** A sale of custom goods at 1.00, unless `body` says what else. */
export function saleCommand(seq: number, body: Record<string, unknown> = {}, over: Partial<Command> = {}): Command {
  return {
    seq,
    idempotency_key: uuid(),
    type: "sale",
    occurred_at: AT,
    body: { lines: [GOODS], payments: PLENTY, ...body },
    ...over,
  };
}

export function refundCommand(seq: number, body: Record<string, unknown>, over: Partial<Command> = {}): Command {
  return { ...saleCommand(seq), type: "refund", body: { reason: "Brought back", ...body }, ...over };
}

export async function sync(
  shop: Shop,
  commands: readonly unknown[],
  by: Client = shop.admin,
): Promise<Answer<{ results: SyncResult[] }>> {
  return by.post("/v1/sync/commands", { terminal_id: shop.terminal.id, commands });
}

/** The results of commands that are taken in, in their order. */
export async function synced(shop: Shop, commands: readonly unknown[]): Promise<SyncResult[]> {
  const answer = await sync(shop, commands);
  expectStatus(answer, 200);
  return answer.body.results;
}

export async function outcomes(shop: Shop, commands: readonly unknown[]): Promise<string[]> {
  return (await synced(shop, commands)).map(({ outcome }) => outcome);
}

/** A store's exceptions, the earliest first. */
export async function exceptionsOf(shop: Shop, query = ""): Promise<SyncException[]> {
  const answer = await shop.admin.get<{ data: SyncException[] }>(
    `/v1/sync/exceptions?store_id=${shop.store.id}${query}`,
  );
  expectStatus(answer, 200);
  return answer.body.data;
}
