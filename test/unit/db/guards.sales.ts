import {
  FAR_TOO_MUCH,
  LONG_NAME,
  NOT_RFC,
  NOT_V7,
  TOO_MUCH,
  batch,
  byId,
  erase,
  insert,
  update,
  updateOf,
} from "./attack.ts";
import type { Attacks } from "./attack.ts";
import { insertOf, plain } from "./statement.ts";
import type { Statement } from "./statement.ts";
import {
  DEAD_TILL,
  DEPOSIT,
  DROPPED,
  EMPTY_SALE,
  MILK,
  NORTH_TILL,
  NOWHERE,
  READY_SALE,
  SHUT,
  SOLD,
  NEW_SALE,
  NEW_STORE,
  VOIDABLE,
  VOIDED,
} from "./ids.ts";
import type { Row } from "./rows.ts";

const overridden = { product_id: MILK, product_version: 1, override_reason: "torn box" };
/** What no till's shift is asked for. */
const noTill = { terminal_id: null, shift_id: null };
const noShift = { shift_id: null, happened: 1 };
const byCard = { sale_id: NEW_SALE, payment_no: 3, amount: 60 };
const firstLine = `sale_id = '${SOLD}' AND line_no = 1`;

/** Completes the ready sale after one more thing was written to it. */
function complete(sale: string, ...before: Statement[]): ReturnType<typeof batch> {
  const done = `SELECT 1 FROM sales WHERE id = '${sale}' AND status = 'completed'`;
  return batch([...before, updateOf("sales", byId(sale), { status: "completed" })], done);
}

/** Writes a new sale whose header says this of the ready sale's line and payment, and completes it. */
function completeOther(header: Row, line: Row = {}, payment: Row = {}): ReturnType<typeof batch> {
  const sale_id = NEW_SALE;
  return complete(
    sale_id,
    insertOf("sales", header),
    insertOf("sale_lines", { ...line, sale_id }),
    insertOf("sale_payments", { ...payment, sale_id }),
  );
}

/** A new sale of 100 on account, of which 99 stand there. */
function sellShort(): Statement[] {
  const sale_id = NEW_SALE;
  return [
    insertOf("sales", { balance_due: 100, paid_total: 0 }),
    insertOf("sale_lines", { sale_id }),
    insertOf("sale_payments", { sale_id, payment_no: 1, method: "on_account", amount: 99 }),
    owe(sale_id, 1, 99),
  ];
}

/** The row of the account, which stands at 60, for a payment of a sale. */
function owe(sale_id: string, source_no: number, amount: number): Statement {
  return insertOf("ledger_entries", {
    kind: "sale",
    source_id: sale_id,
    source_no,
    amount,
    balance_after: 60 + amount,
  });
}

/** Attacks on the guards of sales but for what binds them to a shift, an account, an order or a void. */
export const saleAttacks: Attacks = {
  "number_sequences (store_id) REFERENCES stores": insert("number_sequences", { store_id: NOWHERE }),
  "number_sequences (store_id, terminal_code, kind) PRIMARY KEY": batch(
    [insertOf("number_sequences"), insertOf("number_sequences", { last: 7 })],
    "SELECT 1 FROM number_sequences GROUP BY store_id, terminal_code, kind HAVING count(*) > 1",
  ),
  number_sequences_kind_known: insert("number_sequences", { kind: "order" }),
  number_sequences_last_bounds: insert("number_sequences", { last: 0 }, { last: 1_000_000_000 }),
  number_sequences_run_forward: batch(
    [insertOf("number_sequences", { last: 7 }), updateOf("number_sequences", "last = 7", { last: 6 })],
    "SELECT 1 FROM number_sequences WHERE last = 6",
  ),

  "sales (id) UNIQUE": insert("sales", { id: SOLD }),
  // The trigger asks for the store when a sale is written; only the key keeps the store afterwards.
  "sales (store_id) REFERENCES stores": batch(
    [
      insertOf("stores"),
      insertOf("sales", { ...noTill, store_id: NEW_STORE }),
      plain(`DELETE FROM stores WHERE id = '${NEW_STORE}'`),
    ],
    "SELECT 1 FROM sales WHERE store_id NOT IN (SELECT id FROM stores)",
  ),
  "sales (customer_id) REFERENCES customers": insert("sales", { customer_id: NOWHERE }),
  "sales (salesperson_id) REFERENCES salespeople": insert("sales", { salesperson_id: NOWHERE }),
  "sales (user_id) REFERENCES users": insert("sales", { user_id: NOWHERE }),
  "sales (store_id, invoice_no) UNIQUE": insert("sales", { invoice_no: "MAIN-01-000001" }),
  "sales (terminal_id, store_id) REFERENCES terminals": insert("sales", { ...noShift, terminal_id: NORTH_TILL }),
  sales_id_is_uuid7: insert("sales", { id: "sale" }, { id: NOT_V7 }, { id: NOT_RFC }),
  sales_invoice_no_length: insert("sales", { invoice_no: "" }, { invoice_no: "9".repeat(25) }),
  sales_business_date_form: insert("sales", { business_date: "2 March" }, { business_date: "2026-03-99" }),
  sales_sold_at_form: insert("sales", { sold_at: "2026-03-02T09:30:00Z" }, { sold_at: "2026-03-02 09:30:00.000" }),
  sales_tax_mode_known: insert("sales", { tax_mode: "none" }),
  sales_rounding_mode_known: insert("sales", { rounding_mode: "down" }),
  sales_discount_bounds: insert(
    "sales",
    { discount_total: -20, total: 120, paid_total: 120 },
    { discount_total: 120, rounding_adjustment: 120 },
  ),
  sales_tax_bounds: insert("sales", { tax_total: -1 }),
  sales_rounding_bounds: insert("sales", {
    rounding_adjustment: 1000001,
    total: 1000101,
    paid_total: 1000101,
  }),
  sales_total_bounds: insert("sales", {
    subtotal: FAR_TOO_MUCH,
    total: FAR_TOO_MUCH,
    paid_total: FAR_TOO_MUCH,
  }),
  sales_total_sum: insert(
    "sales",
    { subtotal: 101 },
    { tax_total: 20, total: 120, paid_total: 120 },
    { tax_total: 20, tax_mode: "exclusive" },
    { rounding_adjustment: 1 },
  ),
  sales_paid_sum: insert("sales", { paid_total: 99 }, { change_due: 1 }),
  sales_change_bounds: insert("sales", { change_due: -1, paid_total: 99 }),
  sales_note_length: insert("sales", { note: "x".repeat(501) }),
  sales_born_parked: insert("sales", { status: "completed" }, { status: "lost" }),
  sales_store_active: insert("sales", { ...noTill, store_id: SHUT }),
  sales_store_proof: insert("sales", { store_version: 2 }),
  sales_terminal_active: insert("sales", { ...noShift, terminal_id: DEAD_TILL }),
  sales_frozen: update("sales", byId(SOLD), { note: "not by hand" }, { customer_id: null }, { arrival: 99 }),
  sales_no_delete: erase("sales", byId(EMPTY_SALE)),
  sales_status_path: [
    ...update("sales", byId(READY_SALE), { status: "refunded" }, { status: "lost" }),
    ...update("sales", byId(SOLD), { status: "parked" }, { status: "completed" }, { status: "lost" }),
    // Without the void that says by whom and why, and back from one.
    ...update("sales", byId(VOIDABLE), { status: "voided" }),
    ...update("sales", byId(VOIDED), { status: "completed" }, { status: "refunded" }),
  ],
  "sales_parts_sum/stale_catalogue": [
    ...completeOther({}, { product_id: MILK, product_version: 2, unit_price: 100 }),
    ...completeOther({}, { product_id: DROPPED, product_version: 1, unit_price: 250 }),
    ...completeOther({}, { product_id: MILK, product_version: 1, unit_price: 99 }),
    // An override says what it overrides: the price in force, and no other.
    ...completeOther({}, { ...overridden, list_price: 99, unit_price: 100 }),
    ...completeOther({}, { product_id: null, product_version: 1 }),
    // The line was right when it was written; the product has changed since.
    ...complete(READY_SALE, updateOf("products", byId(MILK), { version: 2, unit_price: 110 })),
  ],
  "sales_parts_sum/sale_parts_sum": [
    ...complete(EMPTY_SALE),
    ...complete(READY_SALE, insertOf("sale_lines")),
    ...completeOther({ subtotal: 110, discount_total: 10 }),
    ...completeOther({ tax_total: 20 }),
    ...completeOther({ rounding_adjustment: 10, subtotal: 90 }),
    ...completeOther({}, { tax_rate_ppm: 200000, tax_total: 20, total: 120 }),
  ],
  // What is not paid is on account, no more and no less.
  "sales_parts_sum/payment_short": [
    ...complete(NEW_SALE, ...sellShort()),
    ...completeOther({ balance_due: 10, paid_total: 90 }, {}, { amount: 90 }),
    ...complete(READY_SALE, insertOf("sale_payments", { method: "on_account" }), owe(READY_SALE, 2, 100)),
  ],
  "sales_parts_sum/sale_payments_sum": [
    ...complete(READY_SALE, insertOf("sale_payments")),
    ...completeOther({}, {}, { amount: 99 }),
    ...completeOther({ paid_total: 120, change_due: 20 }, {}, { amount: 120 }),
    // The cash of a deposit passed the drawer before; no change comes of it.
    ...completeOther({ paid_total: 110, change_due: 10 }, {}, { method: "cash", amount: 50, deposit_id: DEPOSIT }).map(
      ({ statements, ...attack }) => ({
        ...attack,
        statements: [...statements.slice(0, -1), insertOf("sale_payments", byCard), ...statements.slice(-1)],
      }),
    ),
  ],

  "sale_lines (sale_id) REFERENCES sales": insert("sale_lines", { sale_id: NOWHERE }),
  "sale_lines (product_id) REFERENCES products": insert("sale_lines", { product_id: NOWHERE }),
  "sale_lines (sale_id, line_no) PRIMARY KEY": insert("sale_lines", { line_no: 1, name: "Another" }),
  sale_lines_line_no_bounds: insert("sale_lines", { line_no: 0 }, { line_no: 1001 }),
  sale_lines_name_length: insert("sale_lines", { name: "" }, { name: LONG_NAME }),
  sale_lines_unit_known: insert("sale_lines", { unit: "kg" }),
  sale_lines_price_quantity_bounds: insert("sale_lines", { price_quantity: 0 }, { price_quantity: 1000001 }),
  sale_lines_unit_price_bounds: insert("sale_lines", { unit_price: -1 }, { unit_price: TOO_MUCH }),
  sale_lines_quantity_bounds: insert("sale_lines", { quantity: 0, subtotal: 0, total: 0 }, { quantity: 1000000001 }),
  sale_lines_tax_rate_bounds: insert("sale_lines", { tax_rate_ppm: -1 }, { tax_rate_ppm: 1000001 }),
  sale_lines_discount_sum: insert("sale_lines", { line_discount: 10 }, { discount_total: 10, total: 90 }),
  sale_lines_discount_bounds: insert(
    "sale_lines",
    { line_discount: -10, order_discount: 10 },
    { line_discount: 10, order_discount: -10 },
    { line_discount: 110, discount_total: 110, tax_total: 110 },
  ),
  sale_lines_tax_bounds: insert("sale_lines", { tax_total: -1 }),
  sale_lines_total_sum: insert("sale_lines", { total: 99 }, { tax_total: 20, total: 119 }),
  sale_lines_override_has_reason: insert("sale_lines", { list_price: 60 }),
  over_refund: [
    ...update("sale_lines", firstLine, { refunded_quantity: 3, refunded_total: 180 }),
    ...update("sale_lines", firstLine, { refunded_quantity: -1 }),
  ],
  sale_lines_refunded_total_bounds: update("sale_lines", firstLine, { refunded_total: 181 }, { refunded_total: -1 }),
  sale_lines_refund_exact: update("sale_lines", firstLine, { refunded_quantity: 2, refunded_total: 179 }),
  sale_lines_born_whole: insert("sale_lines", { refunded_quantity: 1 }, { refunded_total: 50 }),
  sale_lines_sale_open: insert("sale_lines", { sale_id: SOLD, line_no: 3 }),
  sale_lines_frozen: update("sale_lines", firstLine, { unit_price: 1 }, { product_id: null, name: "Air" }),
  sale_lines_no_delete: erase("sale_lines", `sale_id = '${READY_SALE}'`),

  "sale_payments (sale_id) REFERENCES sales": insert("sale_payments", { sale_id: NOWHERE }),
  "sale_payments (sale_id, payment_no) PRIMARY KEY": insert("sale_payments", { payment_no: 1, amount: 1 }),
  sale_payments_method_known: insert("sale_payments", { method: "barter" }),
  sale_payments_amount_bounds: insert("sale_payments", { amount: 0 }, { amount: FAR_TOO_MUCH }),
  sale_payments_reference_length: insert("sale_payments", { reference: "" }, { reference: "x".repeat(101) }),
  sale_payments_card_last4_form: insert("sale_payments", { card_last4: "4242424242424242" }, { card_last4: "42" }),
  sale_payments_sale_open: insert("sale_payments", { sale_id: SOLD, payment_no: 3 }),
  sale_payments_no_update: update("sale_payments", `sale_id = '${SOLD}' AND payment_no = 1`, {
    method: "cash",
    amount: 1,
  }),
  sale_payments_no_delete: erase("sale_payments", `sale_id = '${SOLD}'`),

  "receipt_counts (sale_id) REFERENCES sales": insert("receipt_counts", { sale_id: NOWHERE }),
  "receipt_counts (sale_id) PRIMARY KEY": insert("receipt_counts", { sale_id: SOLD }),
  receipt_counts_run_forward: update(
    "receipt_counts",
    `sale_id = '${SOLD}' OR copies = 3`,
    { copies: 1 },
    { sale_id: READY_SALE, copies: 3 },
  ),
};
