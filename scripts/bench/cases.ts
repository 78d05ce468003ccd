import { newId } from "../../src/core/ids.ts";
import type { Shop } from "./shop.ts";

/** A request, before it is known to which Worker it goes. */
export interface Ask {
  method: "GET" | "POST" | "PUT";
  path: string;
  headers: Record<string, string>;
  body: string | null;
  /** What the Worker that is measured answers with. */
  status: number;
}

/** What is measured. */
export interface Case {
  name: string;
  /** Where the bare Worker answers it. */
  bare_path: string;
  /** Makes the requests of one till, which sends one at a time; each is another command. */
  makeAsker: (shop: Shop, till: string, firstSeq?: number) => () => Ask;
}

export const SYNC_SALES = 50;
const LINE_TOTAL = 300;

export const HELLO: Case = {
  name: "hello",
  bare_path: "/hello",
  makeAsker: () => () => ({ method: "GET", path: "/health", headers: {}, body: null, status: 200 }),
};

export const READ_PRODUCT: Case = {
  name: "product read",
  bare_path: "/product",
  makeAsker: (shop) => {
    const headers = { Authorization: `Bearer ${shop.token}` };
    const path = `/v1/products/${String(shop.product_ids[0])}`;
    return () => ({ method: "GET", path, headers, body: null, status: 200 });
  },
};

/** A sale of so many lines, each of another product, without a price named: it is in the isolate's memory. */
export function sale(lines: number): Case {
  return {
    name: `sale of ${String(lines)} ${lines === 1 ? "line" : "lines"}`,
    bare_path: `/sale/${String(lines)}`,
    makeAsker: (shop, till) => () => askSale(shop, till, shop.product_ids.slice(0, lines)),
  };
}

/** A sale of these products, one piece each, paid by card. */
export function askSale(shop: Shop, terminal_id: string, productIds: readonly string[]): Ask {
  const body = { store_id: shop.store_id, terminal_id, ...basket(productIds) };
  return post(shop, "/v1/sales", 201, body);
}

export const SYNC: Case = {
  name: `sync of ${String(SYNC_SALES)} sales`,
  bare_path: "/sync",
  makeAsker: (shop, terminal_id, firstSeq = 1) => {
    let seq = firstSeq;
    return () => {
      const commands = Array.from({ length: SYNC_SALES }, (_, index) => ({
        seq: seq + index,
        idempotency_key: newId(),
        type: "sale",
        occurred_at: new Date().toISOString(),
        body: basket(shop.product_ids.slice(index, index + 1)),
      }));
      seq += SYNC_SALES;
      return post(shop, "/v1/sync/commands", 200, { terminal_id, commands });
    };
  },
};

export const SALES = [sale(1), sale(5), sale(50)] as const;
export const CASES: readonly Case[] = [HELLO, READ_PRODUCT, ...SALES, SYNC];

function basket(productIds: readonly string[]) {
  return {
    lines: productIds.map((product_id) => ({ product_id, quantity: 1 })),
    payments: [{ method: "card", amount: productIds.length * LINE_TOTAL }],
  };
}

function post(shop: Shop, path: string, status: number, body: object): Ask {
  const headers = {
    Authorization: `Bearer ${shop.token}`,
    "Content-Type": "application/json",
    "Idempotency-Key": newId(),
  };
  return { method: "POST", path, headers, body: JSON.stringify(body), status };
}
