import { NOT_RFC, NOT_V7, batch, byId, erase, insert, update } from "./attack.ts";
import type { Attacks } from "./attack.ts";
import {
  CLOSED_SALE,
  CLOSED_SHIFT,
  CREDIT_SALE,
  DEPOSIT_SALE,
  MAIN,
  NORTH,
  NOWHERE,
  PARKED,
  SHUT,
  SOLD,
  THROWN_AWAY,
  VOIDABLE,
  VOIDED,
} from "./ids.ts";
import { insertOf, plain } from "./statement.ts";

/** Attacks on the guards of parked sales and of voids. */
export const parkedAndVoidAttacks: Attacks = {
  "parked_sales (id) UNIQUE": insert("parked_sales", { id: PARKED, basket: '{"lines":[]}' }),
  "parked_sales (store_id) REFERENCES stores": insert("parked_sales", { store_id: NOWHERE }),
  "parked_sales (customer_id) REFERENCES customers": insert("parked_sales", { customer_id: NOWHERE }),
  "parked_sales (salesperson_id) REFERENCES salespeople": insert("parked_sales", { salesperson_id: NOWHERE }),
  "parked_sales (user_id) REFERENCES users": insert("parked_sales", { user_id: NOWHERE }),
  parked_sales_store_active: insert("parked_sales", { store_id: SHUT }),
  parked_sales_id_is_uuid7: insert("parked_sales", { id: "sale" }, { id: NOT_V7 }, { id: NOT_RFC }),
  parked_sales_business_date_form: insert(
    "parked_sales",
    { business_date: "2 March" },
    { business_date: "2026-03-99" },
  ),
  parked_sales_basket_object: insert("parked_sales", { basket: "[]" }, { basket: "{" }),
  parked_sales_shown_object: insert("parked_sales", { shown: "[]" }, { shown: "{" }),
  parked_sales_born_parked: insert("parked_sales", { state: "completed" }, { state: "lost" }, { id: SOLD }),
  parked_sales_end_once: [
    ...update("parked_sales", byId(THROWN_AWAY), { state: "completed" }, { state: "parked" }),
    ...update("parked_sales", byId(VOIDABLE), { state: "voided" }),
    ...update("parked_sales", byId(PARKED), { state: "lost" }),
  ],
  parked_sales_frozen: update(
    "parked_sales",
    byId(PARKED),
    { state: "completed", basket: '{"lines":[]}' },
    { state: "voided", store_id: NORTH },
  ),
  parked_sales_no_delete: erase("parked_sales", byId(PARKED)),
  // Whoever sells what was put aside ends it first; what was thrown away is not sold.
  sales_parked_ended: insert("sales", { id: PARKED }, { id: THROWN_AWAY }),

  "sale_voids (user_id) REFERENCES users": insert("sale_voids", { user_id: NOWHERE }),
  sale_voids_reason_length: insert("sale_voids", { reason: "" }, { reason: "x".repeat(501) }),
  sale_voids_voided_at_form: insert("sale_voids", { voided_at: "2026-03-02T09:30:00Z" }),
  sale_voids_voidable: insert(
    "sale_voids",
    { business_date: "2026-03-03" },
    { total: 99 },
    { store_id: NORTH },
    { shift_id: null },
    { sale_id: NOWHERE },
  ),
  sale_voids_nothing_moved: [
    ...insert("sale_voids", { sale_id: CREDIT_SALE }, { sale_id: DEPOSIT_SALE }),
    ...batch(
      [insertOf("refunds", { sale_id: VOIDABLE }), insertOf("sale_voids")],
      `SELECT 1 FROM sale_voids WHERE sale_id = '${VOIDABLE}'`,
    ),
  ],
  sale_voids_shift_open: insert("sale_voids", { sale_id: CLOSED_SALE, shift_id: CLOSED_SHIFT }),
  sale_voids_store_active: batch(
    [plain(`UPDATE stores SET active = 0, version = version + 1 WHERE id = '${MAIN}'`), insertOf("sale_voids")],
    `SELECT 1 FROM sale_voids WHERE sale_id = '${VOIDABLE}'`,
  ),
  // A sale is voided once because it says that it is.
  sale_voids_mark_sale: batch(
    [insertOf("sale_voids"), insertOf("sale_voids")],
    "SELECT 1 FROM sale_voids GROUP BY sale_id HAVING count(*) > 1",
    "void_refused",
  ),
  sale_voids_no_update: update("sale_voids", `sale_id = '${VOIDED}'`, { total: 1 }, { shift_id: null }),
  sale_voids_no_delete: erase("sale_voids", `sale_id = '${VOIDED}'`),
};
