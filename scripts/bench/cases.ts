import { newId } from "../../src/core/ids.ts";
import type { Shop, Till } from "./shop.ts";

/** A request, before it is known to which Worker it goes. */
export interface Ask {
  method: "GET" | "POST" | "PUT";
  path: string;
  headers: Record<string, string>;
  body: string | null;
  /** What the Worker that is measured answers with. */
  status: number;
  /** The records it is about, where each request is about others: the bare Worker is told them. */
  about?: readonly string[];
}

/** What is measured. */
export interface Case {
  name: string;
  /** Where the bare Worker answers it. */
  bare_path: string;
  /** Makes the requests of one till, which sends one at a time; each is another command. */
  makeAsker: (shop: Shop, till: Till, firstSeq?: number) => (() => Ask) | Promise<() => Ask>;
}

export const SYNC_SALES = 50;
const LINE_TOTAL = 300;
/** Of the line that is refunded piece by piece: more than a run can bring back. */
const PIECES_SOLD = 1_000_000;

export const HELLO: Case = {
  name: "hello",
  bare_path: "/hello",
  makeAsker: () => () => ({ method: "GET", path: "/health", headers: {}, body: null, status: 200 }),
};

export const READ_PRODUCT: Case = {
  name: "product read",
  bare_path: "/product",
  makeAsker: (shop) => () => get(shop, `/v1/products/${String(shop.product_ids[0])}`),
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
export function askSale(shop: Shop, till: Till, productIds: readonly string[]): Ask {
  const body = { store_id: shop.store_id, terminal_id: till.id, ...basket(productIds) };
  return post(shop, "/v1/sales", 201, body);
}

/** One piece of a line after another: what a piece is worth, and what the database does for it, is the same each time. */
export const REFUND: Case = {
  name: "refund of 1 line",
  bare_path: "/refund",
  makeAsker: async (shop, till) => {
    const sale_id = newId();
    const sold = {
      id: sale_id,
      store_id: shop.store_id,
      terminal_id: till.id,
      lines: [{ product_id: shop.product_ids[0], quantity: PIECES_SOLD }],
      payments: [{ method: "card", amount: PIECES_SOLD * LINE_TOTAL }],
    };
    await shop.cashier({ method: "POST", path: "/v1/sales", body: sold, idempotency_key: newId() });
    const body = {
      terminal_id: till.id,
      lines: [{ line_no: 1, quantity: 1, restock: "sellable" }],
      payments: [{ method: "card", amount: LINE_TOTAL }],
      reason: "Brought back",
    };
    return () => post(shop, `/v1/sales/${sale_id}/refunds`, 201, body);
  },
};

export const SYNC: Case = {
  name: `sync of ${String(SYNC_SALES)} sales`,
  bare_path: "/sync",
  makeAsker: (shop, till, firstSeq = 1) => {
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
      return post(shop, "/v1/sync/commands", 200, { terminal_id: till.id, commands });
    };
  },
};

export const SALES = [sale(1), sale(5), sale(50)] as const;

/** The X report of one shift, whoever asks for it. */
export function xReport(name: string, { shift_id }: Till): Case {
  return {
    name,
    bare_path: "/x-report",
    makeAsker: (shop) => () => get(shop, `/v1/shifts/${shift_id}/report`),
  };
}

/** The close of a till's shift, in which nothing was paid in cash. */
export function askClose(shop: Shop, { id, shift_id }: Till): Ask {
  const body = { counted: [{ method: "cash", amount: 0 }] };
  return { ...post(shop, `/v1/shifts/${shift_id}/close`, 200, body), about: [id, shift_id] };
}

function basket(productIds: readonly string[]) {
  return {
    lines: productIds.map((product_id) => ({ product_id, quantity: 1 })),
    payments: [{ method: "card", amount: productIds.length * LINE_TOTAL }],
  };
}

function get(shop: Shop, path: string): Ask {
  return { method: "GET", path, headers: { Authorization: `Bearer ${shop.token}` }, body: null, status: 200 };
}

function post(shop: Shop, path: string, status: number, body: object): Ask {
  const headers = {
    Authorization: `Bearer ${shop.token}`,
    "Content-Type": "application/json",
    "Idempotency-Key": newId(),
  };
  return { method: "POST", path, headers, body: JSON.stringify(body), status };
}
