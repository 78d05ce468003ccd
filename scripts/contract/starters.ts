import type { Pool } from "./pool.ts";
import type { Random } from "./random.ts";

/**
 * Bodies that are taken, for what chance alone seldom gets right: a sale whose payments cover its total. They are sent
 * once at the start, so that there is a sale to ask about, and the scan sends them again, broken in all its ways. An
 * operation needs none: the rest comes from the document.
 */
export interface Starter {
  /** Method and path as the document has them. */
  operation: string;
  makeBody: (pool: Pool, random: Random) => object;
}

const UNIT_PRICE = 100;
const LINE = { custom: { name: "A thing of its own", unit_price: UNIT_PRICE, tax_rate_ppm: 0 }, quantity: 5 };
const MUCH = [{ method: "cash", amount: 1_000_000 }];
const BACK = { payments: [{ method: "cash", amount: UNIT_PRICE }], reason: "It came back" };

export const STARTERS: readonly Starter[] = [
  {
    operation: "POST /v1/sales",
    makeBody: (pool, random) => ({ store_id: pool.draw(random, "store_id"), lines: [LINE], payments: MUCH }),
  },
  {
    operation: "POST /v1/sales",
    makeBody: (pool, random) => ({
      store_id: pool.draw(random, "store_id"),
      lines: [{ product_id: pool.draw(random, "product_id"), quantity: 1 }],
      payments: MUCH,
    }),
  },
  {
    operation: "POST /v1/sales/quote",
    makeBody: (pool, random) => ({ store_id: pool.draw(random, "store_id"), lines: [LINE] }),
  },
  {
    operation: "POST /v1/sales/{sale_id}/refunds",
    makeBody: () => ({ lines: [{ line_no: 1, quantity: 1, restock: "none" }], ...BACK }),
  },
  {
    operation: "POST /v1/refunds",
    makeBody: (pool, random) => ({
      store_id: pool.draw(random, "store_id"),
      lines: [{ ...LINE, quantity: 1, restock: "none" }],
      ...BACK,
    }),
  },
];
