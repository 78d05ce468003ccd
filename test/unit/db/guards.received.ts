import { FAR_TOO_MUCH, NOT_RFC, NOT_V7, batch, byId, erase, insert, update } from "./attack.ts";
import type { Attack, Attacks } from "./attack.ts";
import {
  CREDIT_SALE,
  DEAD_TILL,
  GIFT_CARD,
  HELD_ORDER,
  NEW_RECEIVED,
  NEW_REFUND,
  NEW_SALE,
  NEW_STORE,
  NORTH,
  NORTH_TILL,
  NOWHERE,
  OTHER_CUSTOMER,
  SETTLEMENT,
  SHUT,
} from "./ids.ts";
import type { Row } from "./rows.ts";
import { insertOf, plain } from "./statement.ts";
import type { Statement } from "./statement.ts";
import { sell } from "./till-day.ts";

const nowhere = { terminal_id: null, shift_id: null };
const forCard = { kind: "gift_card", gift_card_id: GIFT_CARD };
const deposit = { kind: "deposit", order_id: HELD_ORDER };
/** A sale of 100 that nothing has been paid of. */
const owed = { id: NEW_SALE, paid_total: 0, balance_due: 100 };
const byAccount = { method: "on_account" };

/** Pays something of a sale, after this. */
function settle(set: Row, ...before: Statement[]): Attack[] {
  const done = `SELECT 1 FROM received_payments WHERE id = '${NEW_RECEIVED}'`;
  return batch([...before, insertOf("received_payments", set)], done);
}

/** What is still owed of `CREDIT_SALE` comes back, as less that is owed. */
const takenBack = [
  insertOf("refunds", { sale_id: CREDIT_SALE, subtotal: 50, total: 50 }),
  insertOf("refund_payments", { refund_id: NEW_REFUND, ...byAccount, amount: 50 }),
];

/** Attacks on the guards of money that is received outside a sale, and of what is owed of one. */
export const receivedAttacks: Attacks = {
  nothing_due: insert("sales", { balance_due: -1, paid_total: 101 }),
  sales_balance_has_customer: insert("sales", { balance_due: 100, paid_total: 0, customer_id: null }),
  sales_balance_received: update(
    "sales",
    byId(CREDIT_SALE),
    { paid_total: 100, balance_due: 0 },
    { paid_total: 0, balance_due: 100 },
  ),
  sales_later_change_born: insert("sales", { later_change: 1 }, { later_change: -1 }),
  sales_later_change_received: update("sales", byId(CREDIT_SALE), { later_change: 1 }, { later_change: -1 }),

  received_payments_change_bounds: insert(
    "received_payments",
    { method: "cash", change_given: -1 },
    { method: "cash", change_given: 1_000_000_000_000 },
    { method: "card", change_given: 1 },
    { ...deposit, ...nowhere, method: "cash", amount: -1, change_given: 1 },
  ),
  received_payments_terminal_active: insert("received_payments", {
    terminal_id: DEAD_TILL,
    shift_id: null,
    happened: 1,
  }),
  "received_payments (id) UNIQUE": insert("received_payments", { id: SETTLEMENT }),
  "received_payments (gift_card_id) REFERENCES gift_cards": insert("received_payments", {
    ...forCard,
    gift_card_id: NOWHERE,
  }),
  "received_payments (customer_id) REFERENCES customers": insert("received_payments", { customer_id: NOWHERE }),
  // The trigger asks for the store when money is received; only the key keeps the store afterwards.
  "received_payments (store_id) REFERENCES stores": batch(
    [
      insertOf("stores"),
      insertOf("received_payments", { ...nowhere, store_id: NEW_STORE }),
      plain(`DELETE FROM stores WHERE id = '${NEW_STORE}'`),
    ],
    "SELECT 1 FROM received_payments WHERE store_id NOT IN (SELECT id FROM stores)",
  ),
  "received_payments (user_id) REFERENCES users": insert("received_payments", { user_id: NOWHERE }),
  "received_payments (terminal_id, store_id) REFERENCES terminals": insert("received_payments", {
    terminal_id: NORTH_TILL,
    shift_id: null,
    happened: 1,
  }),
  received_payments_id_is_uuid7: insert("received_payments", { id: "payment" }, { id: NOT_V7 }, { id: NOT_RFC }),
  received_payments_kind_whole: insert(
    "received_payments",
    { kind: "gift" },
    { customer_id: null },
    { order_id: HELD_ORDER },
    { gift_card_id: GIFT_CARD },
    { ...forCard, gift_card_id: null },
    { ...forCard, order_id: HELD_ORDER },
    { ...forCard, sale_id: CREDIT_SALE },
    { ...deposit, order_id: null },
    { ...deposit, gift_card_id: GIFT_CARD },
    { ...deposit, sale_id: CREDIT_SALE },
  ),
  received_payments_business_date_form: insert(
    "received_payments",
    { business_date: "2 March" },
    { business_date: "2026-03-99" },
  ),
  received_payments_received_at_form: insert("received_payments", { received_at: "2026-03-02T09:30:00Z" }),
  received_payments_method_known: insert(
    "received_payments",
    { method: "on_account" },
    { method: "gift_card" },
    { method: "store_credit" },
  ),
  received_payments_amount_bounds: insert(
    "received_payments",
    { amount: 0 },
    { amount: -10 },
    { amount: FAR_TOO_MUCH },
    { ...forCard, amount: -10 },
    { ...deposit, amount: 0 },
  ),
  received_payments_reference_length: insert("received_payments", { reference: "" }, { reference: "x".repeat(101) }),
  received_payments_card_last4_form: insert(
    "received_payments",
    { card_last4: "4242424242424242" },
    { card_last4: "42" },
  ),
  received_payments_note_length: insert("received_payments", { note: "" }, { note: "x".repeat(501) }),
  received_payments_place: insert(
    "received_payments",
    { ...nowhere, store_id: SHUT },
    { currency: "EUR" },
    { ...nowhere, currency: "EUR" },
  ),
  // Of `CREDIT_SALE` 60 are still due.
  received_payments_due: [
    ...settle({ sale_id: CREDIT_SALE, customer_id: OTHER_CUSTOMER }),
    ...settle({ sale_id: CREDIT_SALE, store_id: NORTH, ...nowhere }),
    ...settle({ sale_id: NOWHERE }),
    ...settle({ sale_id: CREDIT_SALE, amount: 11 }, ...takenBack),
    // Of a sale that is not finished yet, and of one that is no more.
    ...settle(
      { sale_id: NEW_SALE },
      insertOf("sales", owed),
      insertOf("sale_payments", { sale_id: NEW_SALE, ...byAccount }),
    ),
    ...settle(
      { sale_id: NEW_SALE },
      ...sell(owed, [byAccount], [{ amount: 100, balance_after: 160 }]),
      insertOf("sale_voids", { sale_id: NEW_SALE }),
    ),
  ],
  // What has been paid is owed no more, so it is not paid twice.
  received_payments_settle: batch(
    [
      insertOf("received_payments", { sale_id: CREDIT_SALE, amount: 60 }),
      insertOf("received_payments", { id: NOWHERE, sale_id: CREDIT_SALE, amount: 60 }),
    ],
    `SELECT 1 FROM received_payments WHERE id = '${NOWHERE}'`,
    "nothing_due",
  ),
  received_payments_no_update: update(
    "received_payments",
    byId(SETTLEMENT),
    { amount: 1 },
    { shift_id: null, terminal_id: null },
  ),
  received_payments_no_delete: erase("received_payments", byId(SETTLEMENT)),
};
