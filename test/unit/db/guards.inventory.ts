import { TOO_MUCH, batch, insert, erase, twice, update } from "./attack.ts";
import type { Attacks } from "./attack.ts";
import { insertOf } from "./fixture.ts";
import { NOWHERE, SOLD, UNSOLD } from "./ids.ts";

const UNSOUND =
  "SELECT 1 FROM stock_movements m WHERE NOT EXISTS (SELECT 1 FROM stock_levels l WHERE l.product_id = m.product_id)";

/** Attacks on each guard of 0003_inventory.sql. */
export const inventoryAttacks: Attacks = {
  // A movement names no parent itself: the level that its trigger writes does.
  "stock_levels (store_id) REFERENCES stores": insert("stock_movements", {
    store_id: NOWHERE,
    on_hand_after: 1,
  }),
  "stock_levels (product_id) REFERENCES products": insert("stock_movements", {
    product_id: NOWHERE,
    on_hand_after: 1,
  }),
  "stock_levels (store_id, product_id) PRIMARY KEY": twice("stock_levels", ["store_id", "product_id"]),

  "stock_movements (source_id, line_no, reason) UNIQUE": insert("stock_movements", {
    source_id: SOLD,
    reason: "sale",
    quantity: -1,
    on_hand_after: 3,
  }),
  stock_movements_reason_known: insert("stock_movements", { reason: "stolen" }),
  stock_movements_quantity_sign: insert(
    "stock_movements",
    { quantity: 0, on_hand_after: 4 },
    { reason: "refund", quantity: -1, on_hand_after: 3 },
    { reason: "received", quantity: -1, on_hand_after: 3 },
    { reason: "sale" },
    { reason: "damaged" },
  ),
  stock_movements_quantity_bounds: insert("stock_movements", {
    quantity: 1000000001,
    on_hand_after: 1000000005,
  }),
  insufficient_stock: insert("stock_movements", { reason: "sale", quantity: -5, on_hand_after: -1 }),
  stock_movements_oversell_boolean: insert("stock_movements", { oversell: 2 }),
  stock_movements_unit_cost_bounds: insert("stock_movements", { unit_cost: -1 }, { unit_cost: TOO_MUCH }),
  stock_movements_batch_length: insert("stock_movements", { batch: "" }, { batch: "B".repeat(65) }),
  stock_movements_expires_on_form: insert(
    "stock_movements",
    { expires_on: "31/01/2027" },
    { expires_on: "2027-21-01" },
  ),
  stock_movements_note_length: insert("stock_movements", { note: "x".repeat(501) }),
  // Without the level there is nothing that a false balance could be held against.
  "stock_movements_apply/INSERT": batch(
    [insertOf("stock_movements", { product_id: UNSOLD, on_hand_after: 1000 })],
    UNSOUND,
    "stock_balance",
  ),
  "stock_movements_apply/stock_balance": insert(
    "stock_movements",
    { on_hand_after: 6 },
    { quantity: -9, on_hand_after: 0 },
  ),
  stock_movements_no_update: update("stock_movements", "arrival = 1", { quantity: 99 }),
  stock_movements_no_delete: erase("stock_movements", "arrival = 1"),
};
