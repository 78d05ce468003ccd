import type { Pool } from "./pool.ts";
import { type Random, SEEDS } from "../support/random.ts";

/**
 * Bodies that are taken, for what chance alone seldom gets right: a sale whose payments cover its total, at a till whose
 * shift is open. They are sent once at the start, in this order, so that there is a sale and a shift to ask about, and
 * the scan sends them again, broken in all its ways. An operation needs none: the rest comes from the document.
 */
export interface Starter {
  /** Method and path as the document has them. */
  operation: string;
  makeBody: (pool: Pool, random: Random) => object;
  /** Under which name the pool has a parameter of the path, where its own name will not do. */
  path?: Record<string, string>;
}

const UNIT_PRICE = 100;
const LINE = { custom: { name: "A thing of its own", unit_price: UNIT_PRICE, tax_rate_ppm: 0 }, quantity: 5 };
const MUCH = [{ method: "cash", amount: 1_000_000 }];
const BACK = { payments: [{ method: "cash", amount: UNIT_PRICE }], reason: "It came back" };
const PIN = "194736";

const OPEN_SHIFT: Starter = {
  operation: "POST /v1/shifts",
  makeBody: (pool, random) => ({ terminal_id: pool.draw(random, "terminal_id"), opening_float: 10_000 }),
};

/** Store and till are drawn apart: by and by they fit. */
const SALE_AT_TILL: Starter = {
  operation: "POST /v1/sales",
  makeBody: (pool, random) => ({
    store_id: pool.draw(random, "store_id"),
    terminal_id: pool.draw(random, "terminal_id"),
    lines: [LINE],
    payments: MUCH,
  }),
};

/** What is done to a sale comes while there is hardly another. */
const PARKED_SALE: readonly Starter[] = [
  {
    operation: "POST /v1/sales",
    makeBody: (pool, random) => ({ store_id: pool.draw(random, "store_id"), status: "parked", lines: [LINE] }),
  },
  { operation: "POST /v1/sales/{sale_id}/complete", makeBody: () => ({ payments: MUCH }) },
  { operation: "POST /v1/sales/{sale_id}/void", makeBody: () => ({ reason: "Rung up twice" }) },
];

const REFUNDS: readonly Starter[] = [
  {
    operation: "POST /v1/sales/{sale_id}/refunds/quote",
    makeBody: () => ({ lines: [{ line_no: 1, quantity: 1 }] }),
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

/** Someone who may owe, owes, and pays; store and customer may be drawn together as they come. */
const ACCOUNT: readonly Starter[] = [
  { operation: "POST /v1/customers", makeBody: () => ({ name: "Someone who pays later", credit_limit: 1_000_000 }) },
  {
    operation: "POST /v1/sales",
    makeBody: (pool, random) => ({
      store_id: pool.draw(random, "store_id"),
      customer_id: pool.draw(random, "customer_id"),
      lines: [LINE],
      payments: [{ method: "on_account", amount: 5 * UNIT_PRICE }],
    }),
  },
  {
    operation: "POST /v1/sales/{sale_id}/payments",
    makeBody: () => ({ payments: [{ method: "cash", amount: UNIT_PRICE }] }),
  },
  {
    operation: "POST /v1/customers/{id}/payments",
    makeBody: (pool, random) => ({
      store_id: pool.draw(random, "store_id"),
      payments: [{ method: "card", amount: UNIT_PRICE }],
    }),
  },
  {
    operation: "POST /v1/gift-cards",
    makeBody: (pool, random) => ({ store_id: pool.draw(random, "store_id"), amount: UNIT_PRICE, payments: MUCH }),
  },
];

/** One order is fetched, another keeps its deposit. */
const ORDER: readonly Starter[] = [
  ...[0, 1].map((): Starter => ({
    operation: "POST /v1/orders",
    makeBody: (pool, random) => ({
      store_id: pool.draw(random, "store_id"),
      customer_id: pool.draw(random, "customer_id"),
      items: [LINE],
    }),
  })),
  { operation: "POST /v1/orders/{id}/complete", makeBody: () => ({ payments: MUCH }) },
  {
    operation: "POST /v1/orders/{id}/deposits",
    makeBody: () => ({ payments: [{ method: "cash", amount: UNIT_PRICE }] }),
  },
  {
    operation: "POST /v1/orders/{id}/deposit-refunds",
    makeBody: (pool, random) => ({ deposit_id: pool.draw(random, "deposit_id") }),
  },
];

/** A till comes back from offline, and its first command has not come: that is an exception to be resolved. */
const SYNC: Starter = {
  operation: "POST /v1/sync/commands",
  makeBody: (pool, random) => ({
    terminal_id: pool.draw(random, "terminal_id"),
    commands: [
      {
        seq: 2,
        idempotency_key: `starter-${String(random.below(SEEDS))}`,
        type: "sale",
        occurred_at: new Date().toISOString(),
        body: { lines: [LINE], payments: MUCH },
      },
    ],
  }),
};

/** Who asks is the manager as well. */
const APPROVAL: readonly Starter[] = [
  {
    operation: "PUT /v1/users/{id}/pin",
    path: { id: "me_id" },
    makeBody: (pool, random) => ({ store_id: pool.draw(random, "store_id"), pin: PIN }),
  },
  {
    operation: "POST /v1/approvals",
    makeBody: (pool, random) => ({
      action: "void",
      manager: pool.draw(random, "me_username"),
      pin: PIN,
      store_id: pool.draw(random, "store_id"),
    }),
  },
];

export const STARTERS: readonly Starter[] = [
  ...PARKED_SALE,
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
  ...REFUNDS,
  OPEN_SHIFT,
  SALE_AT_TILL,
  {
    operation: "POST /v1/shifts/{shift_id}/cash-movements",
    makeBody: () => ({ type: "paid_in", amount: UNIT_PRICE, reason: "Change from the bank" }),
  },
  {
    operation: "POST /v1/shifts/{shift_id}/close",
    makeBody: () => ({ counted: [{ method: "cash", amount: 10_600 }] }),
  },
  // One that stays open for what the scan does.
  OPEN_SHIFT,
  SYNC,
  ...ACCOUNT,
  ...ORDER,
  ...APPROVAL,
];
