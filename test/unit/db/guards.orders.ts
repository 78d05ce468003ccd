import { NOT_RFC, NOT_V7, batch, byId, erase, insert, update, updateOf } from "./attack.ts";
import type { Attack, Attacks } from "./attack.ts";
import {
  BEN,
  CANCELLED_ORDER,
  DEPOSIT,
  DONE_ORDER,
  HELD_ORDER,
  NEW_ORDER,
  NEW_RECEIVED,
  NEW_SALE,
  NORTH,
  NOWHERE,
  OTHER_CUSTOMER,
  PLAIN_ORDER,
  READY_SALE,
  RETURNED_DEPOSIT,
  SETTLEMENT,
  SHUT,
  USED_DEPOSIT,
  VOIDABLE,
} from "./ids.ts";
import type { Row } from "./rows.ts";
import { insertOf } from "./statement.ts";
import type { Statement } from "./statement.ts";
import { sell } from "./till-day.ts";

const cash = { method: "cash", reference: null, card_last4: null };
const deposit = { kind: "deposit", ...cash, order_id: HELD_ORDER };
/** The 50 that `HELD_ORDER` holds, as a payment of a sale of 100. */
const used = { method: "cash", amount: 50, deposit_id: DEPOSIT };
const nowhere = { store_id: NORTH, terminal_id: null, shift_id: null };

/** Finishes an order as this sale, after this. */
function complete(order: string, sale_id: string, ...before: Statement[]): Attack[] {
  const done = `SELECT 1 FROM orders WHERE id = '${order}' AND status = 'completed'`;
  return batch([...before, completion(order, sale_id)], done);
}

function completion(order: string, sale_id: string): Statement {
  return nextVersion(updateOf("orders", byId(order), { status: "completed", sale_id }));
}

/** A change of an order that claims its next version. */
function change(where: string, ...sets: Row[]): Attack[] {
  return update("orders", where, ...sets).map((attack) => ({
    ...attack,
    statements: attack.statements.map(nextVersion),
  }));
}

function nextVersion(statement: Statement): Statement {
  return { ...statement, sql: statement.sql.replace(" SET ", " SET version = version + 1, ") };
}

/** Pays a new sale in part by a deposit, after this. */
function useDeposit(payment: Row, header: Row = {}, ...before: Statement[]): Attack[] {
  const sale_id = NEW_SALE;
  return batch(
    [...before, insertOf("sales", header), insertOf("sale_payments", { sale_id, ...used, ...payment })],
    `SELECT 1 FROM sale_payments WHERE sale_id = '${sale_id}'`,
  );
}

/** Attacks on the guards of custom orders and their deposits. */
export const orderAttacks: Attacks = {
  "orders (id) UNIQUE": insert("orders", { id: HELD_ORDER, note: "another" }),
  "orders (store_id) REFERENCES stores": insert("orders", { store_id: NOWHERE }),
  "orders (customer_id) REFERENCES customers": insert("orders", { customer_id: NOWHERE }),
  "orders (user_id) REFERENCES users": insert("orders", { user_id: NOWHERE }),
  orders_id_is_uuid7: insert("orders", { id: "order" }, { id: NOT_V7 }, { id: NOT_RFC }),
  orders_items_list: insert("orders", { items: "{}" }, { items: "ring" }),
  orders_fields_object: insert("orders", { fields: "[]" }, { fields: "gold" }),
  orders_due_date_form: insert("orders", { due_date: "April" }, { due_date: "2026-04-99" }),
  orders_note_length: insert("orders", { note: "x".repeat(1001) }),
  orders_completed_by_sale: change(byId(HELD_ORDER), { sale_id: VOIDABLE }),
  orders_by_sale: complete(PLAIN_ORDER, VOIDABLE, insertOf("orders"), completion(NEW_ORDER, VOIDABLE)),
  orders_place: insert("orders", { store_id: SHUT }, { currency: "EUR" }),
  orders_born_pending: insert("orders", { status: "ready" }, { status: "lost" }),
  orders_version_advances: update(
    "orders",
    byId(PLAIN_ORDER),
    { note: "in silver" },
    { note: "in silver", version: 3 },
    { note: "in silver", version: 0 },
  ),
  orders_status_path: [
    ...change(byId(DONE_ORDER), { note: "in silver" }),
    ...change(byId(CANCELLED_ORDER), { status: "ready" }),
    ...change(byId(HELD_ORDER), { status: "pending" }, { status: "in_progress" }, { status: "lost" }),
  ],
  // `PLAIN_ORDER`, by what stays of it.
  orders_stay: change(
    "status = 'pending'",
    { arrival: 99 },
    { id: NOWHERE },
    { store_id: NORTH },
    { customer_id: OTHER_CUSTOMER },
    { currency: "EUR" },
    { user_id: BEN },
    { created_at: "earlier" },
  ),
  orders_no_delete: erase("orders", byId(PLAIN_ORDER)),
  orders_cancelled_empty: change(byId(HELD_ORDER), { status: "cancelled" }),
  orders_own_sale: [
    ...complete(PLAIN_ORDER, NOWHERE),
    ...complete(PLAIN_ORDER, READY_SALE),
    ...complete(PLAIN_ORDER, NEW_SALE, ...sell({ customer_id: OTHER_CUSTOMER })),
    ...complete(PLAIN_ORDER, NEW_SALE, ...sell({ customer_id: null })),
    ...complete(PLAIN_ORDER, NEW_SALE, ...sell(nowhere)),
  ],
  orders_deposits_used: [
    // What it holds is not in the sale, or only in part.
    ...complete(HELD_ORDER, VOIDABLE),
    ...complete(
      HELD_ORDER,
      NEW_SALE,
      insertOf("received_payments", { ...deposit, amount: 20 }),
      ...sell({}, [used, { amount: 50 }]),
    ),
    // The sale has as much, of another order.
    ...complete(
      HELD_ORDER,
      NEW_SALE,
      insertOf("received_payments", { ...deposit, order_id: PLAIN_ORDER, amount: 50 }),
      ...sell({}, [{ ...used, deposit_id: NEW_RECEIVED }, { amount: 50 }]),
    ),
  ],

  received_payments_order_open: insert(
    "received_payments",
    { ...deposit, order_id: DONE_ORDER },
    { ...deposit, order_id: CANCELLED_ORDER },
    { ...deposit, order_id: NOWHERE },
    { ...deposit, ...nowhere },
  ),
  received_payments_deposit_held: [
    ...insert("received_payments", { ...deposit, amount: -51 }),
    // It has become a payment already.
    ...useDeposit({}).flatMap(({ statements }) =>
      batch(
        [...statements, insertOf("received_payments", { ...deposit, amount: -50 })],
        "SELECT 1 FROM received_payments WHERE amount = -50",
      ),
    ),
  ],
  sale_payments_deposit_once: [
    ...useDeposit({ deposit_id: USED_DEPOSIT, amount: 30 }),
    ...useDeposit({}, {}, insertOf("sale_payments", { ...used, sale_id: READY_SALE })),
  ],
  sale_payments_deposit_whole: [
    ...useDeposit({ amount: 49 }),
    ...useDeposit({ method: "card" }),
    ...useDeposit({ deposit_id: NOWHERE }),
    ...useDeposit({ deposit_id: SETTLEMENT, method: "card", amount: 40 }),
    ...useDeposit({}, nowhere),
    ...useDeposit({}, { currency: "EUR" }),
  ],
  sale_payments_deposit_held: [
    ...useDeposit({ deposit_id: RETURNED_DEPOSIT, amount: 20 }),
    // Given back in part only.
    ...useDeposit({}, {}, insertOf("received_payments", { ...deposit, amount: -1 })),
  ],
};
