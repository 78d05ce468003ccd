import { FAR_TOO_MUCH, NOT_RFC, NOT_V7, batch, byId, erase, insert, update, updateOf } from "./attack.ts";
import type { Attack, Attacks } from "./attack.ts";
import { insertOf, plain } from "./statement.ts";
import type { Statement } from "./statement.ts";
import {
  DEAD_TILL,
  EMPTY_REFUND,
  MILK,
  NORTH,
  NORTH_TILL,
  NOWHERE,
  OPEN_REFUND,
  READY_REFUND,
  READY_SALE,
  REFUNDED,
  SHUT,
  SOLD,
  TEA,
  NEW_REFUND,
  NEW_STORE,
  VOIDED,
} from "./ids.ts";
import type { Row } from "./rows.ts";

/** The milk that is left to refund of `SOLD`: one for 90. */
const milk = {
  refund_id: OPEN_REFUND,
  line_no: 1,
  sale_id: SOLD,
  sale_line_no: 1,
  refunded_before: 1,
  product_id: MILK,
  quantity: 1,
  discount_total: 10,
  tax_total: 15,
  total: 90,
};
/** The tea of it. */
const tea = {
  ...milk,
  line_no: 2,
  sale_line_no: 2,
  refunded_before: 0,
  product_id: TEA,
  subtotal: 300,
  discount_total: 0,
  tax_total: 50,
  total: 300,
};

/** Seals a refund after this was written to it. */
function seal(refund: string, ...before: Statement[]): Attack[] {
  const done = `SELECT 1 FROM refunds WHERE id = '${refund}' AND sealed = 1`;
  return batch([...before, updateOf("refunds", byId(refund), { sealed: 1 })], done);
}

/** Writes a new refund with this header, line and payment, and seals it. */
function sealOther(header: Row, line: Row = {}, payment: Row = {}): Attack[] {
  const refund_id = NEW_REFUND;
  return seal(
    refund_id,
    insertOf("refunds", header),
    insertOf("refund_lines", { ...line, refund_id }),
    insertOf("refund_payments", { ...payment, refund_id }),
  );
}

/** All that is left of `SOLD` comes back. */
const refundRest: Statement[] = [
  insertOf("refunds", { sale_id: SOLD, subtotal: 400, discount_total: 10, tax_total: 65, total: 390 }),
  insertOf("refund_lines", { ...milk, refund_id: NEW_REFUND }),
  insertOf("refund_lines", { ...tea, refund_id: NEW_REFUND }),
  insertOf("refund_payments", { refund_id: NEW_REFUND, amount: 390 }),
  updateOf("refunds", byId(NEW_REFUND), { sealed: 1 }),
];

/** Completes the ready sale and takes one of its two pieces back, worth 50, with this wrong: no count or sum of it fails. */
function refundHalf(...sets: Row[]): Attack[] {
  const half = { refund_id: NEW_REFUND, line_no: 1, sale_id: READY_SALE, sale_line_no: 1, refunded_before: 0 };
  const worth = { product_id: MILK, quantity: 1, subtotal: 50, total: 50 };
  return sets.flatMap((set) =>
    batch(
      [
        updateOf("sales", byId(READY_SALE), { status: "completed" }),
        insertOf("refunds", { sale_id: READY_SALE }),
        insertOf("refund_lines", { ...half, ...worth, ...set }),
      ],
      `SELECT 1 FROM refund_lines WHERE refund_id = '${NEW_REFUND}'`,
    ),
  );
}

/** Attacks on the guards of refunds but for what binds them to a shift. */
export const refundAttacks: Attacks = {
  "refunds (id) UNIQUE": insert("refunds", { id: REFUNDED }),
  "refunds (sale_id) REFERENCES sales": insert("refunds", { sale_id: NOWHERE }),
  // The trigger asks for the store when a refund is written; only the key keeps the store afterwards.
  "refunds (store_id) REFERENCES stores": batch(
    [
      insertOf("stores"),
      insertOf("refunds", { store_id: NEW_STORE, terminal_id: null, shift_id: null }),
      plain(`DELETE FROM stores WHERE id = '${NEW_STORE}'`),
    ],
    "SELECT 1 FROM refunds WHERE store_id NOT IN (SELECT id FROM stores)",
  ),
  "refunds (customer_id) REFERENCES customers": insert("refunds", { customer_id: NOWHERE }),
  "refunds (user_id) REFERENCES users": insert("refunds", { user_id: NOWHERE }),
  "refunds (store_id, refund_no) UNIQUE": insert("refunds", { refund_no: "MAIN-01-R000001" }),
  "refunds (terminal_id, store_id) REFERENCES terminals": insert("refunds", {
    terminal_id: NORTH_TILL,
    shift_id: null,
    happened: 1,
  }),
  refunds_id_is_uuid7: insert("refunds", { id: "refund" }, { id: NOT_V7 }, { id: NOT_RFC }),
  refunds_refund_no_length: insert("refunds", { refund_no: "" }, { refund_no: "9".repeat(25) }),
  refunds_business_date_form: insert("refunds", { business_date: "2 March" }, { business_date: "2026-03-99" }),
  refunds_refunded_at_form: insert("refunds", { refunded_at: "2026-03-02T09:30:00Z" }),
  refunds_tax_mode_known: insert("refunds", { tax_mode: "none" }),
  refunds_discount_bounds: insert("refunds", { discount_total: -20, total: 120 }),
  refunds_tax_bounds: insert("refunds", { tax_total: -1 }),
  refunds_total_bounds: insert("refunds", { subtotal: FAR_TOO_MUCH, total: FAR_TOO_MUCH }),
  refunds_total_sum: insert(
    "refunds",
    { total: 101 },
    { tax_total: 20, total: 120 },
    { tax_total: 20, tax_mode: "exclusive" },
  ),
  refunds_reason_length: insert("refunds", { reason: "" }, { reason: "x".repeat(501) }),
  refunds_born_open: insert("refunds", { sealed: 1 }, { sealed: 2 }),
  refunds_store_active: insert("refunds", { store_id: SHUT, terminal_id: null, shift_id: null }),
  refunds_terminal_active: insert("refunds", { terminal_id: DEAD_TILL, shift_id: null, happened: 1 }),
  refunds_sale_refundable: insert(
    "refunds",
    { sale_id: READY_SALE },
    { sale_id: SOLD, store_id: NORTH, terminal_id: null, shift_id: null },
    { sale_id: VOIDED },
    { sale_id: SOLD, currency: "EUR" },
    { sale_id: SOLD, tax_mode: "exclusive" },
  ),
  refunds_frozen: [
    ...update("refunds", byId(REFUNDED), { reason: "another" }, { customer_id: null }, { arrival: 99 }),
    // Not sealed yet, but what it was written as it stays.
    ...update("refunds", byId(READY_REFUND), { sale_id: SOLD }, { subtotal: 110, total: 110 }),
  ],
  refunds_sealed_once: [
    ...update("refunds", byId(REFUNDED), { sealed: 0 }, { sealed: 2 }),
    ...update("refunds", byId(READY_REFUND), { sealed: 2 }),
  ],
  refunds_no_delete: erase("refunds", byId(EMPTY_REFUND)),
  "refunds_parts_sum/refund_parts_sum": [
    ...seal(EMPTY_REFUND),
    ...seal(READY_REFUND, insertOf("refund_lines")),
    ...sealOther({ subtotal: 110, discount_total: 10 }),
    ...sealOther({ tax_total: 20 }),
    ...sealOther({}, { tax_total: 20, total: 120 }),
  ],
  "refunds_parts_sum/total_mismatch": [
    ...seal(READY_REFUND, insertOf("refund_payments")),
    ...sealOther({}, {}, { amount: 99 }),
  ],
  // A sale that has come back whole takes no further refund, because it says so.
  refunds_mark_sale: batch(
    [...refundRest, insertOf("refunds", { id: NOWHERE, sale_id: SOLD, refund_no: "MAIN-01-R000010" })],
    `SELECT 1 FROM refunds WHERE id = '${NOWHERE}'`,
    "over_refund",
  ),

  "refund_lines (refund_id) REFERENCES refunds": insert("refund_lines", { refund_id: NOWHERE }),
  "refund_lines (product_id) REFERENCES products": insert("refund_lines", { product_id: NOWHERE }),
  "refund_lines (refund_id, line_no) PRIMARY KEY": insert("refund_lines", { line_no: 1, quantity: 1 }),
  "refund_lines (sale_id, sale_line_no) REFERENCES sale_lines": insert("refund_lines", {
    ...milk,
    sale_line_no: 3,
  }),
  refund_lines_line_no_bounds: insert("refund_lines", { line_no: 0 }, { line_no: 1001 }),
  refund_lines_claim: insert(
    "refund_lines",
    { ...milk, refunded_before: null },
    { ...milk, sale_line_no: null, refunded_before: null },
    { ...milk, sale_line_no: null },
  ),
  refund_lines_quantity_bounds: insert("refund_lines", { quantity: 0 }, { quantity: 1000000001 }),
  refund_lines_discount_bounds: insert(
    "refund_lines",
    { discount_total: -10, total: 110 },
    { discount_total: 102, tax_total: 102 },
  ),
  refund_lines_tax_bounds: insert("refund_lines", { tax_total: -1 }),
  refund_lines_total_sum: insert("refund_lines", { total: 99 }, { tax_total: 20, total: 119 }),
  refund_lines_restock_known: insert("refund_lines", { restock: "shelf" }),
  refund_lines_refund_open: insert("refund_lines", { ...tea, refund_id: REFUNDED }),
  refund_lines_same_sale: insert(
    "refund_lines",
    { ...milk, refund_id: READY_REFUND, line_no: 2 },
    { refund_id: OPEN_REFUND },
  ),
  refund_lines_position: insert("refund_lines", { ...milk, refunded_before: 0 }),
  // `refund-share.test.ts` holds what it must let through.
  refund_lines_share: refundHalf(
    { product_id: TEA },
    { product_id: null },
    { subtotal: 53, total: 53 },
    { subtotal: 47, total: 47 },
    { discount_total: 3, total: 47 },
    { tax_total: 3 },
  ),
  // The count that refuses to refund more than was bought is kept by this trigger alone.
  refund_lines_apply: batch(
    [insertOf("refund_lines", { ...tea, quantity: 2, subtotal: 600, tax_total: 100, total: 600 })],
    `SELECT 1 FROM refund_lines WHERE sale_id = '${SOLD}' AND sale_line_no = 2 AND quantity = 2`,
    "CHECK constraint failed: over_refund",
  ),
  refund_lines_no_update: update("refund_lines", `refund_id = '${REFUNDED}'`, { name: "Air", quantity: 9 }),
  refund_lines_no_delete: erase("refund_lines", `refund_id = '${REFUNDED}'`),

  "refund_payments (refund_id) REFERENCES refunds": insert("refund_payments", { refund_id: NOWHERE }),
  "refund_payments (refund_id, payment_no) PRIMARY KEY": insert("refund_payments", {
    payment_no: 1,
    amount: 1,
  }),
  refund_payments_method_known: insert("refund_payments", { method: "barter" }),
  refund_payments_amount_bounds: insert("refund_payments", { amount: 0 }, { amount: FAR_TOO_MUCH }),
  refund_payments_reference_length: insert("refund_payments", { reference: "" }, { reference: "x".repeat(101) }),
  refund_payments_card_last4_form: insert("refund_payments", { card_last4: "4242424242424242" }, { card_last4: "42" }),
  refund_payments_refund_open: insert("refund_payments", { refund_id: REFUNDED }),
  refund_payments_no_update: update("refund_payments", `refund_id = '${REFUNDED}'`, { amount: 1 }),
  refund_payments_no_delete: erase("refund_payments", `refund_id = '${REFUNDED}'`),
};
