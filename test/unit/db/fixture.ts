import { DatabaseSync } from "node:sqlite";
import { idOf } from "./ids.ts";
import { isTable } from "./rows.ts";
import { insertOf } from "./statement.ts";
import type { Statement } from "./statement.ts";
import { openShifts, tillDay } from "./till-day.ts";
import * as the from "./ids.ts";

/** A database of this schema in memory, with the foreign keys enforced as D1 does. */
export function openSchema(sql: string): DatabaseSync {
  const db = new DatabaseSync(":memory:", { enableForeignKeyConstraints: true });
  db.exec(sql);
  return db;
}

/** Runs statements as D1's batch does: all of them or, when one fails, none. */
export function runBatch(db: DatabaseSync, statements: readonly Statement[]): void {
  db.exec("BEGIN");
  try {
    for (const { sql, values } of statements) db.prepare(sql).run(...values);
    db.exec("COMMIT");
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  }
}

/** Fills a database of the whole schema with a small, lawful world, by the statements the application would send. */
export function buildWorld(db: DatabaseSync): void {
  runBatch(db, [...people(), ...goods(), ...openShifts(), ...sales(), ...refunds(), ...tillDay(), ...remainder()]);
}

/** What of the world there was before tills had shifts. */
export function worldBeforeTills(): Statement[] {
  return [...people(), ...goods(), ...sales(), ...refunds(), ...remainder()];
}

/**
 * A database of another schema with the same rows. They are copied before the triggers stand and with the foreign
 * keys off, so that a schema which lacks something, and could not have taken the world itself, still holds it.
 */
export function copyWorld(from: DatabaseSync, schema: string, foreignKeys = true): DatabaseSync {
  const to = new DatabaseSync(":memory:", { enableForeignKeyConstraints: false });
  // `schemaOf` puts the triggers last.
  const triggers = schema.search(/^CREATE TRIGGER /mu);
  to.exec(`BEGIN; ${schema.slice(0, triggers)}`);
  for (const table of listTables(from)) copyRows(from, to, table);
  to.exec(`${schema.slice(triggers)} COMMIT;`);
  if (foreignKeys) to.exec("PRAGMA foreign_keys = ON");
  return to;
}

/** The names of a database's own tables. */
export function listTables(db: DatabaseSync): string[] {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
  return tables.map(({ name }) => String(name));
}

function copyRows(from: DatabaseSync, to: DatabaseSync, table: string): void {
  const rows = from.prepare(`SELECT * FROM ${table}`).all();
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length > 0) {
    const marks = columns.map(() => "?").join(", ");
    const insert = to.prepare(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${marks})`);
    for (const row of rows) insert.run(...Object.values(row));
  }
  if (!isTable(table)) throw new Error(`rows.ts has no fresh row for the table ${table}`);
}

function people(): Statement[] {
  return [
    insertOf("stores", { id: the.MAIN, code: "MAIN" }),
    insertOf("stores", { id: the.NORTH, code: "NORTH", tax_mode: "exclusive" }),
    insertOf("stores", { id: the.SHUT, code: "SHUT", active: 0 }),
    insertOf("terminals", { id: the.TILL, code: "01" }),
    insertOf("terminals", { id: the.DEAD_TILL, code: "02", active: 0 }),
    insertOf("terminals", { id: the.NORTH_TILL, store_id: the.NORTH, code: "01" }),
    insertOf("terminals", { id: the.BACK_TILL, code: "03" }),
    insertOf("terminals", { id: the.SIDE_TILL, code: "04" }),
    insertOf("roles", { name: "keeper", arrival: 4, id: idOf(25) }),
    insertOf("roles", { name: "retired", arrival: 5, id: idOf(26), active: 0 }),
    insertOf("users", { id: the.ANN, username: "ann", role: "admin" }),
    insertOf("users", { id: the.BEN, username: "ben" }),
    insertOf("users", { id: the.KIM, username: "kim", role: "keeper" }),
    insertOf("users", { id: the.GONE, username: "gone" }),
    insertOf("user_stores", { store_id: the.MAIN }),
    ...credentials(),
    insertOf("sessions", { id: the.LIVE_SESSION }),
    insertOf("sessions", { id: the.BEN_SESSION, user_id: the.BEN }),
    insertOf("sessions", { id: the.ENDED_SESSION, revoked_at: the.AT }),
    insertOf("sessions", { id: the.GONE_SESSION, user_id: the.GONE }),
    { sql: "UPDATE users SET active = 0, version = version + 1 WHERE id = ?", values: [the.GONE] },
    insertOf("refresh_tokens", { token_hash: the.TOKEN }),
    insertOf("refresh_tokens", { token_hash: the.NEXT_TOKEN, replaces: the.TOKEN }),
    insertOf("audit_entries", { action: "store.create", request_id: "r-1" }),
    insertOf("customers", { id: the.CUSTOMER, name: "Carl", credit_limit: 500 }),
    insertOf("customers", { id: the.OTHER_CUSTOMER, name: "Cora" }),
    insertOf("salespeople", { id: the.SELLER, code: "S1" }),
  ];
}

function credentials(): Statement[] {
  return [
    insertOf("pairing_codes", { code_hash: the.USED_CODE, terminal_id: the.TILL }),
    insertOf("pairing_codes", { code_hash: the.GONE_CODE }),
    insertOf("pairing_codes", { code_hash: the.OPEN_CODE }),
    insertOf("pairing_codes", { code_hash: the.SECOND_CODE, terminal_id: the.TILL }),
    insertOf("pairing_codes", { code_hash: the.DEAD_CODE, terminal_id: the.DEAD_TILL }),
    insertOf("pairing_codes", { code_hash: the.OLD_CODE, expires_at: the.AT }),
    insertOf("devices", {
      id: the.DEVICE,
      terminal_id: the.TILL,
      token_hash: "8".repeat(64),
      code_hash: the.USED_CODE,
    }),
    insertOf("devices", { id: the.GONE_DEVICE, token_hash: "9".repeat(64), code_hash: the.GONE_CODE }),
    { sql: "UPDATE devices SET revoked_at = ? WHERE id = ?", values: [the.AT, the.GONE_DEVICE] },
    // Locked at NORTH; good at MAIN.
    insertOf("user_pins", { user_id: the.ANN, failures: 20 }),
    insertOf("user_pins", { store_id: the.MAIN }),
    insertOf("passkeys", { id: the.PASSKEY, credential_id: "Zmlyc3Q", sign_count: 5 }),
    insertOf("spent_challenges", { challenge_hash: "f".repeat(64) }),
  ];
}

function goods(): Statement[] {
  const received = { reason: "received", quantity: 10, on_hand_after: 10, source_id: idOf(55) };
  return [
    insertOf("categories", { id: the.DAIRY, name: "Dairy" }),
    insertOf("brands", { id: the.OWN_BRAND, name: "Own" }),
    insertOf("products", { id: the.MILK, sku: "MILK-1", name: "Milk", unit_price: 100 }),
    insertOf("products", { id: the.TEA, sku: "TEA-1", name: "Tea", unit_price: 300 }),
    insertOf("products", { id: the.DROPPED, sku: "OLD-1", active: 0 }),
    insertOf("products", { id: the.UNSOLD, sku: "NEW-1" }),
    insertOf("product_barcodes", { key: "05012345678901" }),
    insertOf("product_words", { word: "milk" }),
    insertOf("stock_movements", { ...received, product_id: the.MILK }),
    insertOf("stock_movements", { ...received, line_no: 2, quantity: 5, on_hand_after: 5 }),
  ];
}

/** Two milk at 1.00 with 20 off and one tea at 3.00, tax of 20 % inside; paid by card and cash. */
function sales(): Statement[] {
  const line = { sale_id: the.SOLD, product_version: 1, tax_rate_ppm: 200000, track_stock: 1 };
  const taken = { reason: "sale", source_id: the.SOLD, unit_cost: null };
  const nothing = { subtotal: 0, total: 0, paid_total: 0 };
  return [
    insertOf("number_sequences", { store_id: the.MAIN }),
    insertOf("sales", {
      id: the.SOLD,
      invoice_no: "MAIN-01-000001",
      subtotal: 500,
      discount_total: 20,
      tax_total: 80,
      total: 480,
      paid_total: 500,
      change_due: 20,
    }),
    insertOf("sale_lines", {
      ...line,
      line_no: 1,
      product_id: the.MILK,
      unit_price: 100,
      quantity: 2,
      subtotal: 200,
      line_discount: 15,
      order_discount: 5,
      discount_total: 20,
      tax_total: 30,
      total: 180,
    }),
    insertOf("sale_lines", {
      ...line,
      product_id: the.TEA,
      unit_price: 300,
      quantity: 1,
      subtotal: 300,
      tax_total: 50,
      total: 300,
    }),
    insertOf("sale_payments", { sale_id: the.SOLD, payment_no: 1, amount: 300 }),
    insertOf("sale_payments", { sale_id: the.SOLD, method: "cash", amount: 200 }),
    insertOf("stock_movements", { ...taken, product_id: the.MILK, quantity: -2, on_hand_after: 8 }),
    insertOf("stock_movements", { ...taken, line_no: 2, quantity: -1, on_hand_after: 4 }),
    { sql: "UPDATE sales SET status = 'completed' WHERE id = ?", values: [the.SOLD] },
    insertOf("receipt_counts", { sale_id: the.SOLD, copies: 1 }),
    { sql: "UPDATE receipt_counts SET copies = copies + 1 WHERE sale_id = ?", values: [the.SOLD] },
    insertOf("sales", { id: the.READY_SALE, invoice_no: "MAIN-01-000002" }),
    insertOf("sale_lines", {
      line_no: 1,
      product_id: the.MILK,
      product_version: 1,
      list_price: 100,
      override_reason: "torn box",
    }),
    insertOf("sale_payments", { payment_no: 1 }),
    insertOf("sales", { id: the.EMPTY_SALE, invoice_no: "MAIN-01-000003", ...nothing }),
  ];
}

/** One of the two milk comes back. */
function refunds(): Statement[] {
  const half = { subtotal: 100, discount_total: 10, tax_total: 15, total: 90 };
  return [
    insertOf("refunds", { id: the.REFUNDED, sale_id: the.SOLD, refund_no: "MAIN-01-R000001", ...half }),
    insertOf("refund_lines", {
      ...half,
      refund_id: the.REFUNDED,
      line_no: 1,
      sale_id: the.SOLD,
      sale_line_no: 1,
      refunded_before: 0,
      product_id: the.MILK,
      quantity: 1,
      restock: "sellable",
    }),
    insertOf("refund_payments", { refund_id: the.REFUNDED, payment_no: 1, method: "cash", amount: 90 }),
    insertOf("stock_movements", {
      product_id: the.MILK,
      reason: "refund",
      quantity: 1,
      on_hand_after: 9,
      source_id: the.REFUNDED,
    }),
    { sql: "UPDATE refunds SET sealed = 1 WHERE id = ?", values: [the.REFUNDED] },
    insertOf("refunds", { id: the.READY_REFUND, refund_no: "MAIN-01-R000002" }),
    insertOf("refund_lines", { line_no: 1 }),
    insertOf("refund_payments", { payment_no: 1 }),
    insertOf("refunds", { id: the.EMPTY_REFUND, refund_no: "MAIN-01-R000003", subtotal: 0, total: 0 }),
    insertOf("refunds", { id: the.OPEN_REFUND, sale_id: the.SOLD, refund_no: "MAIN-01-R000004" }),
  ];
}

function remainder(): Statement[] {
  return [
    insertOf("idempotency_keys", { store_id: the.MAIN, key: "k-1" }),
    insertOf("sync_commands", { seq: 1 }),
    // It was rejected, and sent again mended.
    insertOf("sync_commands", { seq: 8, key: null }),
    { sql: "UPDATE sync_commands SET key = 'k-8' WHERE seq = 8", values: [] },
    insertOf("sync_exceptions", {
      id: the.OPEN_EXCEPTION,
      type: "number_gap",
      seq: 4,
      seq_to: 6,
      sale_id: null,
    }),
    insertOf("sync_exceptions", {
      id: the.NUMBER_EXCEPTION,
      type: "number_gap",
      seq: 8,
      seq_to: 8,
      number_kind: "sale",
      number_from: 7,
      number_to: 9,
    }),
    insertOf("sync_exceptions", {
      id: the.CLOSED_EXCEPTION,
      state: "resolved",
      resolved_at: the.AT,
      resolved_by: the.ANN,
    }),
    insertOf("spent_approvals", { id: the.SPENT_APPROVAL, action: "void" }),
  ];
}
