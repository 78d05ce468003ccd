import { FAR_TOO_MUCH, NOT_RFC, NOT_V7, byId, erase, insert, update } from "./attack.ts";
import type { Attacks } from "./attack.ts";
import {
  ANN,
  AT,
  BACK_TILL,
  BEN,
  CLOSED_SHIFT,
  DEAD_TILL,
  LATER,
  MAIN,
  MOVEMENT,
  NOWHERE,
  OPEN_SHIFT,
  QUIET_SHIFT,
  READY_REFUND,
  TILL,
  UNTOLD_SHIFT,
} from "./ids.ts";
import type { Row } from "./rows.ts";

const closed = { status: "closed", closed_at: LATER, closed_by: ANN };
const reopened = { status: "open", closed_at: null, closed_by: null, records: null };
/** `QUIET_SHIFT` has one record. */
const closing = { ...closed, records: 1 };

/** Money in a drawer where it can't be: none open, closed, another till's, no till's, or nowhere. */
const wrongDrawers: Row[] = [
  { shift_id: null },
  { shift_id: CLOSED_SHIFT, terminal_id: BACK_TILL },
  { shift_id: QUIET_SHIFT },
  { shift_id: CLOSED_SHIFT, happened: 1 },
  { terminal_id: null },
  { shift_id: NOWHERE, happened: 1 },
];

/** Attacks on the guards of shifts and of what is written into them. */
export const shiftAttacks: Attacks = {
  "shifts (id) UNIQUE": insert("shifts", { id: OPEN_SHIFT }),
  "shifts (opened_by) REFERENCES users": insert("shifts", { opened_by: NOWHERE }),
  "shifts (closed_by) REFERENCES users": update("shifts", byId(QUIET_SHIFT), { ...closing, closed_by: NOWHERE }),
  "shifts (terminal_id, store_id) REFERENCES terminals": insert("shifts", { store_id: MAIN }),
  shifts_id_is_uuid7: insert("shifts", { id: "shift" }, { id: NOT_V7 }, { id: NOT_RFC }),
  shifts_opening_float_bounds: insert("shifts", { opening_float: -1 }, { opening_float: FAR_TOO_MUCH }),
  shifts_business_date_form: insert("shifts", { business_date: "2 March" }, { business_date: "2026-03-99" }),
  shifts_opened_at_form: insert("shifts", { opened_at: "2026-03-02T09:30:00Z" }),
  shifts_closed_at_form: update("shifts", byId(QUIET_SHIFT), { ...closing, closed_at: "2026-03-02T09:45:00Z" }),
  shifts_closed_whole: [
    ...insert("shifts", { closed_at: AT }, { closed_by: ANN }, { records: 0 }),
    ...update("shifts", byId(QUIET_SHIFT), { ...closing, closed_at: null }, { ...closing, closed_by: null }),
    ...update("shifts", byId(QUIET_SHIFT), { ...closing, records: null }),
  ],
  shifts_note_length: insert("shifts", { note: "x".repeat(501) }),
  shifts_one_open: insert("shifts", { store_id: MAIN, terminal_id: TILL }),
  shifts_born_open: insert("shifts", { ...closed, records: 0 }, { status: "lost" }),
  shifts_terminal_active: insert("shifts", { store_id: MAIN, terminal_id: DEAD_TILL }, { currency: "EUR" }),
  shifts_frozen: update(
    "shifts",
    byId(QUIET_SHIFT),
    { ...closing, opening_float: 0 },
    { ...closing, opened_by: BEN },
    { ...closing, arrival: 99 },
  ),
  shifts_close_once: [
    ...update("shifts", byId(UNTOLD_SHIFT), reopened, { note: "all is well" }),
    ...update("shifts", byId(QUIET_SHIFT), { note: "all is well" }, { status: "lost" }),
  ],
  shifts_no_delete: erase("shifts", byId(UNTOLD_SHIFT)),

  sales_happened_boolean: insert("sales", { happened: 2 }),
  sales_shift_open: insert("sales", ...wrongDrawers),
  refunds_happened_boolean: insert("refunds", { happened: 2 }),
  refunds_shift_open: insert("refunds", ...wrongDrawers),
  refunds_shift_frozen: update("refunds", byId(READY_REFUND), { shift_id: QUIET_SHIFT }, { happened: 1 }),
  received_payments_happened_boolean: insert("received_payments", { happened: 2 }),
  received_payments_shift_open: insert("received_payments", ...wrongDrawers),

  "cash_movements (id) UNIQUE": insert("cash_movements", { id: MOVEMENT }),
  "cash_movements (user_id) REFERENCES users": insert("cash_movements", { user_id: NOWHERE }),
  cash_movements_id_is_uuid7: insert("cash_movements", { id: "movement" }, { id: NOT_V7 }, { id: NOT_RFC }),
  cash_movements_happened_boolean: insert("cash_movements", { happened: 2 }),
  cash_movements_type_known: insert("cash_movements", { type: "lent" }),
  cash_movements_amount_bounds: insert(
    "cash_movements",
    { amount: 0 },
    { amount: -10, type: "paid_out" },
    { amount: FAR_TOO_MUCH, type: "drop" },
    { type: "no_sale" },
  ),
  cash_movements_reason_length: insert("cash_movements", { reason: "" }, { reason: "x".repeat(501) }),
  cash_movements_moved_at_form: insert("cash_movements", { moved_at: "2026-03-02T09:30:00Z" }),
  cash_movements_shift_open: insert(
    "cash_movements",
    { shift_id: CLOSED_SHIFT, terminal_id: BACK_TILL },
    { shift_id: QUIET_SHIFT },
    { shift_id: NOWHERE, happened: 1 },
  ),
  cash_movements_no_update: update("cash_movements", byId(MOVEMENT), { amount: 99 }, { shift_id: OPEN_SHIFT }),
  cash_movements_no_delete: erase("cash_movements", byId(MOVEMENT)),
};
