import { TOO_MUCH, batch, insert, erase, update, updateOf } from "./attack.ts";
import type { Attacks } from "./attack.ts";
import { insertOf } from "./statement.ts";
import { MAIN, NORTH, NOWHERE, SOLD, TEA, UNSOLD } from "./ids.ts";

const ofTea = `store_id = '${MAIN}' AND product_id = '${TEA}'`;

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
  // The tea's own level once more: it says what its movements sum to, so no trigger minds it.
  "stock_levels (store_id, product_id) PRIMARY KEY": batch(
    [insertOf("stock_levels", { store_id: MAIN, product_id: TEA, on_hand: 4, ledger_balance: 4 })],
    "SELECT 1 FROM stock_levels GROUP BY store_id, product_id HAVING count(*) > 1",
  ),
  stock_balance: [
    ...update("stock_levels", ofTea, { on_hand: 1000 }, { ledger_balance: 0 }),
    ...insert("stock_levels", { ledger_balance: 7 }),
    // A movement that claims more, or less, than it leaves.
    ...insert("stock_movements", { on_hand_after: 6 }, { quantity: -9, on_hand_after: 0 }),
  ],
  stock_levels_born_of_movement: [
    ...insert("stock_levels", { on_hand: 7, ledger_balance: 7 }),
    ...insert("stock_movements", { product_id: UNSOLD, on_hand_after: 1000 }),
  ],
  stock_levels_no_delete: erase("stock_levels", ofTea),
  stock_levels_stay: [
    ...batch(
      [updateOf("stock_levels", ofTea, { store_id: NORTH })],
      `SELECT 1 FROM stock_levels WHERE store_id = '${NORTH}' AND product_id = '${TEA}'`,
    ),
    ...batch(
      [updateOf("stock_levels", ofTea, { product_id: UNSOLD })],
      `SELECT 1 FROM stock_levels WHERE store_id = '${MAIN}' AND product_id = '${UNSOLD}'`,
    ),
  ],

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
    { reason: "void", quantity: -1, on_hand_after: 3 },
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
  stock_movements_apply: [
    ...batch(
      [insertOf("stock_movements", { product_id: UNSOLD, on_hand_after: 1000 })],
      "SELECT 1 FROM stock_movements WHERE product_id NOT IN (SELECT product_id FROM stock_levels)",
      "stock_balance",
    ),
    ...batch(
      [insertOf("stock_movements", { on_hand_after: 6 })],
      "SELECT 1 FROM stock_movements WHERE on_hand_after = 6",
      "CHECK constraint failed: stock_balance",
    ),
  ],
  stock_movements_no_update: update("stock_movements", "arrival = 1", { quantity: 99 }),
  stock_movements_no_delete: erase("stock_movements", "arrival = 1"),
};
