import { batch, erase, insert, neededBy, update, updateOf } from "./attack.ts";
import type { Attack, Attacks } from "./attack.ts";
import {
  BACK_TILL,
  CLOSED_SHIFT,
  FIRST_HASH,
  MAIN,
  NEW_SALE,
  NORTH,
  NOWHERE,
  OPEN_SHIFT,
  QUIET_SHIFT,
  SECOND_HASH,
  SIDE_TILL,
  TAKEN_LATE,
  TILL,
  UNTOLD_SHIFT,
  WAITING_LATE,
  idOf,
} from "./ids.ts";
import type { Row, Table } from "./rows.ts";
import { insertOf, plain } from "./statement.ts";
import type { Statement } from "./statement.ts";
import { close, sell } from "./till-day.ts";
import { nextSupplement, zReport } from "./z-report-row.ts";

/** What comes late for `CLOSED_SHIFT`. */
const late = { terminal_id: BACK_TILL, shift_id: CLOSED_SHIFT, happened: 1 };
const inQuietShift = { terminal_id: BACK_TILL, shift_id: QUIET_SHIFT };
const lateSale = { ...late, id: NEW_SALE, invoice_no: "MAIN-03-000009" };
/** The Z report of `CLOSED_SHIFT` once more, at the end of its till's chain. */
const nextOfShift = { terminal_id: BACK_TILL, shift_id: CLOSED_SHIFT, number: 3, previous_hash: SECOND_HASH };

/** Z reports that say this. */
function report(...sets: Row[]): Attack[] {
  return sets.flatMap((set) => insert("z_reports", zReport(set)));
}

/** A supplement that takes in the record that waits, and so many more, after this. */
function supplement(...before: Statement[]): Statement[] {
  return [...before, insertOf("z_reports", nextSupplement({ records: 2 }))];
}

/** A supplement that has summed a late record of this table needs the trigger that writes it down as late. */
function summedLate(table: Table): Attacks[string] {
  return neededBy(supplement(insertOf(table, late)), "stale_shift");
}

/** Closes `QUIET_SHIFT` as having so many records, after this. */
function closeQuiet(records: number, ...before: Statement[]): Attack[] {
  const done = `SELECT 1 FROM shifts WHERE id = '${QUIET_SHIFT}' AND status = 'closed'`;
  return batch([...before, close(QUIET_SHIFT, records)], done);
}

/** Attacks on the guards of Z reports and of what they sum. */
export const zReportAttacks: Attacks = {
  shifts_records_summed: [
    ...closeQuiet(0),
    ...closeQuiet(2),
    // One more of each kind, and the closing has not seen it.
    ...closeQuiet(1, ...sell(inQuietShift)),
    ...closeQuiet(2, ...sell({ ...inQuietShift, id: NEW_SALE }), insertOf("sale_voids", voidOf(NEW_SALE))),
    ...closeQuiet(1, ...refundInQuietShift()),
    ...closeQuiet(1, insertOf("received_payments", inQuietShift)),
    ...closeQuiet(1, insertOf("cash_movements", inQuietShift)),
  ],
  // They could be finished when the report has been made.
  shifts_nothing_unfinished: [
    ...closeQuiet(2, insertOf("sales", inQuietShift)),
    ...closeQuiet(2, insertOf("refunds", inQuietShift)),
  ],

  z_reports_supplement_boolean: report({ supplement: 2 }),
  z_reports_hash_form: report({ hash: "f".repeat(63) }, { hash: "F".repeat(64) }),
  z_reports_says: report(
    { report: zReport({ number: 2 })["report"] ?? null },
    { report: zReport({ store_id: NORTH })["report"] ?? null },
    { report: zReport({ terminal_id: TILL })["report"] ?? null },
    { report: zReport({ shift_id: OPEN_SHIFT })["report"] ?? null },
    { report: zReport({ business_date: "2026-03-03" })["report"] ?? null },
    { report: zReport({ net: 1 })["report"] ?? null },
    { report: zReport({ grand_total: 1 })["report"] ?? null },
    { report: zReport({ previous_hash: FIRST_HASH })["report"] ?? null },
    { report: zReport({ hash: FIRST_HASH })["report"] ?? null },
    { report: "{}" },
    { report: "[]" },
  ),
  z_reports_one_a_shift: report({ ...nextOfShift, records: 2, grand_total: 100 }),
  z_reports_chain: [
    ...report({ number: 2 }, { previous_hash: FIRST_HASH }, { grand_total: 1 }, { number: 0 }),
    // A gap, a fork, a link past the last and a total begun anew, in a chain of two.
    ...insert("z_reports", nextSupplement({ number: 4 }), nextSupplement({ number: 2, previous_hash: FIRST_HASH })),
    ...insert("z_reports", nextSupplement({ previous_hash: FIRST_HASH }), nextSupplement({ grand_total: 0 })),
  ],
  z_reports_of_closed_shift: [
    ...report({ store_id: NORTH }, { records: 1 }, { business_date: "2026-03-03" }, { shift_id: NOWHERE }),
    ...report({ terminal_id: TILL }, { terminal_id: TILL, shift_id: OPEN_SHIFT, records: 15 }),
    ...report({ ...nextOfShift, shift_id: QUIET_SHIFT, records: 1, grand_total: 100 }),
  ],
  "z_reports_supplement_sums/z_missing": batch(
    [
      insertOf("cash_movements", { ...late, terminal_id: SIDE_TILL, shift_id: UNTOLD_SHIFT }),
      insertOf("z_reports", zReport({ supplement: 1, records: 1 })),
    ],
    `SELECT 1 FROM z_reports WHERE shift_id = '${UNTOLD_SHIFT}'`,
  ),
  "z_reports_supplement_sums/stale_shift": [
    ...insert("z_reports", nextSupplement({ records: 0 }), nextSupplement({ records: 2 })),
    ...batch(
      [insertOf("cash_movements", late), insertOf("z_reports", nextSupplement())],
      "SELECT 1 FROM z_reports WHERE number = 3",
    ),
    // Nothing is left to sum.
    ...batch(
      [insertOf("z_reports", nextSupplement()), insertOf("z_reports", emptySupplement())],
      "SELECT 1 FROM z_reports WHERE number = 4",
    ),
  ],
  z_reports_take_late: batch(
    [insertOf("z_reports", nextSupplement()), insertOf("z_reports", emptySupplement({ records: 1 }))],
    "SELECT 1 FROM z_reports WHERE number = 4",
    "stale_shift",
  ),
  z_reports_no_update: update("z_reports", "number = 2", { records: 5 }, { created_at: "later" }),
  z_reports_no_delete: erase("z_reports", "number = 2"),

  "late_records (shift_id) REFERENCES shifts": insert("late_records", { shift_id: NOWHERE }),
  "late_records (kind, record_id) PRIMARY KEY": batch(
    [insertOf("late_records", { record_id: WAITING_LATE })],
    "SELECT 1 FROM late_records GROUP BY kind, record_id HAVING count(*) > 1",
  ),
  sales_late: neededBy(supplement(...sell(lateSale)), "stale_shift"),
  refunds_late: neededBy(supplement(...refundOf(late)), "stale_shift"),
  received_payments_late: summedLate("received_payments"),
  cash_movements_late: summedLate("cash_movements"),
  late_records_born_waiting: insert("late_records", { z_number: 2 }),
  late_records_stay: update(
    "late_records",
    "z_number IS NULL",
    { kind: "sale" },
    { record_id: idOf(279) },
    { shift_id: OPEN_SHIFT },
    { terminal_id: TILL },
  ),
  late_records_taken_once: [
    // Into a Z report that is not there, and into one that sums no late records.
    ...update("late_records", `record_id = '${WAITING_LATE}'`, { z_number: 9 }, { z_number: 1 }),
    ...update("late_records", `record_id = '${TAKEN_LATE}'`, { z_number: null }),
    ...batch(
      [insertOf("z_reports", nextSupplement()), updateOf("late_records", "z_number = 2", { z_number: 3 })],
      `SELECT 1 FROM late_records WHERE record_id = '${TAKEN_LATE}' AND z_number = 3`,
    ),
  ],
  late_records_whole: [
    ...batch(
      supplement(insertOf("sales", lateSale)),
      `SELECT 1 FROM late_records WHERE record_id = '${NEW_SALE}' AND z_number = 3`,
    ),
    ...batch(
      supplement(insertOf("refunds", late)),
      "SELECT 1 FROM late_records WHERE kind = 'refund' AND z_number = 3",
    ),
  ],
  late_records_no_delete: erase("late_records", `record_id = '${WAITING_LATE}'`),
};

function emptySupplement(set: Row = {}): Row {
  return nextSupplement({ number: 4, previous_hash: "f".repeat(64), records: 0, ...set });
}

function voidOf(sale_id: string): Row {
  return { sale_id, store_id: MAIN, shift_id: QUIET_SHIFT };
}

/** A sealed refund without a sale, in this drawer. */
function refundOf(drawer: Row): Statement[] {
  const refund_id = idOf(181);
  return [
    insertOf("refunds", drawer),
    insertOf("refund_lines", { refund_id }),
    insertOf("refund_payments", { refund_id }),
    plain(`UPDATE refunds SET sealed = 1 WHERE id = '${refund_id}'`),
  ];
}

function refundInQuietShift(): Statement[] {
  return refundOf(inQuietShift);
}
