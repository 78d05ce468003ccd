import * as the from "./ids.ts";
import { idOf } from "./ids.ts";
import type { Row } from "./rows.ts";
import { insertOf } from "./statement.ts";
import type { Statement } from "./statement.ts";
import { nextSupplement, zReport } from "./z-report-row.ts";

/** Shifts in which the rest of the world happens. */
export function openShifts(): Statement[] {
  const main = { store_id: the.MAIN };
  return [
    insertOf("shifts", { ...main, id: the.OPEN_SHIFT, terminal_id: the.TILL }),
    insertOf("shifts", { ...main, id: the.CLOSED_SHIFT, terminal_id: the.BACK_TILL }),
    insertOf("shifts", { ...main, id: the.UNTOLD_SHIFT, terminal_id: the.SIDE_TILL }),
  ];
}

/** What happens at the tills beyond selling and refunding. */
export function tillDay(): Statement[] {
  return [...onAccount(), ...giftCard(), ...storeCredit(), ...parkedSales(), ...orders(), ...closing()];
}

/**
 * A completed sale of two pieces of gift wrap at 50, paid by card unless `payments` says otherwise; `entries` are the rows
 * of ledgers that its tenders make.
 */
export function sell(header: Row, payments: Row[] = [{}], entries: Row[] = []): Statement[] {
  const sale_id = header["id"] ?? the.NEW_SALE;
  return [
    insertOf("sales", header),
    insertOf("sale_lines", { sale_id, line_no: 1 }),
    ...payments.map((one, index) =>
      insertOf("sale_payments", { payment_no: index + 1, reference: null, card_last4: null, ...one, sale_id }),
    ),
    ...entries.map((entry) => insertOf("ledger_entries", { kind: "sale", source_id: sale_id, ...entry })),
    { sql: "UPDATE sales SET status = 'completed' WHERE id = ?", values: [sale_id] },
  ];
}

/** A closing of a shift that has summed so many records. */
export function close(shift: string, records: number): Statement {
  return {
    sql: "UPDATE shifts SET status = 'closed', closed_at = ?, closed_by = ?, records = ? WHERE id = ?",
    values: [the.LATER, the.ANN, records, shift],
  };
}

function onAccount(): Statement[] {
  return [
    ...sell(
      { id: the.CREDIT_SALE, invoice_no: "MAIN-01-000004", paid_total: 0, balance_due: 100 },
      [{ method: "on_account" }],
      [{ amount: 100, balance_after: 100 }],
    ),
    insertOf("received_payments", { id: the.SETTLEMENT, document_id: idOf(64), sale_id: the.CREDIT_SALE, amount: 40 }),
    insertOf("ledger_entries", { source_id: idOf(64), amount: -40, balance_after: 60 }),
  ];
}

function giftCard(): Statement[] {
  const card = { ledger: "gift_card", holder_id: the.GIFT_CARD };
  const sold = { kind: "gift_card", gift_card_id: the.GIFT_CARD, customer_id: null, amount: 50 };
  return [
    insertOf("gift_cards", { id: the.GIFT_CARD, code: the.GIFT_CODE }),
    insertOf("received_payments", { ...sold, id: idOf(65), document_id: the.GIFT_CARD }),
    insertOf("ledger_entries", { ...card, kind: "issue", source_id: the.GIFT_CARD, amount: 50, balance_after: 50 }),
    ...sell(
      { id: the.VOIDED, invoice_no: "MAIN-01-000005" },
      [{ method: "gift_card", amount: 20, reference: the.GIFT_CODE }, { amount: 80 }],
      [{ ...card, amount: -20, balance_after: 30 }],
    ),
    insertOf("sale_voids", { sale_id: the.VOIDED }),
    insertOf("ledger_entries", { ...card, kind: "void", source_id: the.VOIDED, amount: 20, balance_after: 50 }),
  ];
}

function storeCredit(): Statement[] {
  const credit = { ledger: "store_credit", kind: "refund", amount: 100, balance_after: 100 };
  return [
    insertOf("refunds", { id: the.CREDIT_REFUND, refund_no: "MAIN-01-R000005" }),
    insertOf("refund_lines", { refund_id: the.CREDIT_REFUND, line_no: 1 }),
    insertOf("refund_payments", { refund_id: the.CREDIT_REFUND, payment_no: 1, method: "store_credit" }),
    insertOf("ledger_entries", { ...credit, source_id: the.CREDIT_REFUND }),
    { sql: "UPDATE refunds SET sealed = 1 WHERE id = ?", values: [the.CREDIT_REFUND] },
  ];
}

function parkedSales(): Statement[] {
  const end = (state: string, id: string): Statement => ({
    sql: "UPDATE parked_sales SET state = ? WHERE id = ?",
    values: [state, id],
  });
  return [
    insertOf("parked_sales", { id: the.PARKED }),
    insertOf("parked_sales", { id: the.THROWN_AWAY }),
    end("voided", the.THROWN_AWAY),
    insertOf("parked_sales", { id: the.VOIDABLE }),
    end("completed", the.VOIDABLE),
    ...sell({ id: the.VOIDABLE, invoice_no: "MAIN-01-000006" }, [{ method: "cash" }]),
  ];
}

function orders(): Statement[] {
  const deposit = { kind: "deposit", method: "cash", reference: null, card_last4: null };
  const used = { ...deposit, order_id: the.DONE_ORDER, amount: 30 };
  const returned = { ...deposit, order_id: the.CANCELLED_ORDER };
  const step = (id: string, status: string, sale_id: string | null = null): Statement => ({
    sql: "UPDATE orders SET status = ?, sale_id = ?, version = version + 1 WHERE id = ?",
    values: [status, sale_id, id],
  });
  return [
    insertOf("orders", { id: the.HELD_ORDER }),
    step(the.HELD_ORDER, "ready"),
    insertOf("received_payments", { ...deposit, id: the.DEPOSIT, order_id: the.HELD_ORDER, amount: 50 }),
    insertOf("orders", { id: the.PLAIN_ORDER }),
    insertOf("orders", { id: the.DONE_ORDER }),
    insertOf("received_payments", { ...used, id: the.USED_DEPOSIT }),
    ...sell({ id: the.DEPOSIT_SALE, invoice_no: "MAIN-01-000007" }, [
      { method: "cash", amount: 30, deposit_id: the.USED_DEPOSIT },
      { amount: 70 },
    ]),
    step(the.DONE_ORDER, "completed", the.DEPOSIT_SALE),
    insertOf("orders", { id: the.CANCELLED_ORDER }),
    insertOf("received_payments", { ...returned, id: the.RETURNED_DEPOSIT, amount: 20 }),
    insertOf("received_payments", { ...returned, id: idOf(66), amount: -20 }),
    step(the.CANCELLED_ORDER, "cancelled"),
  ];
}

/** Two shifts are closed, one of them with its Z report; what comes for it after that is late. */
function closing(): Statement[] {
  const place = { terminal_id: the.BACK_TILL, shift_id: the.CLOSED_SHIFT };
  const told = zReport({ ...place, records: 2, net: 100, grand_total: 100, hash: the.FIRST_HASH });
  const supplement = nextSupplement({ number: 2, previous_hash: the.FIRST_HASH, hash: the.SECOND_HASH });
  return [
    ...sell({ ...place, id: the.CLOSED_SALE, invoice_no: "MAIN-03-000001" }),
    insertOf("cash_movements", { ...place, id: the.MOVEMENT }),
    close(the.CLOSED_SHIFT, 2),
    insertOf("z_reports", told),
    insertOf("cash_movements", { ...place, id: the.TAKEN_LATE, happened: 1 }),
    insertOf("z_reports", supplement),
    insertOf("cash_movements", { ...place, id: the.WAITING_LATE, happened: 1 }),
    insertOf("shifts", { store_id: the.MAIN, id: the.QUIET_SHIFT, terminal_id: the.BACK_TILL }),
    insertOf("cash_movements", { id: idOf(67), terminal_id: the.BACK_TILL, shift_id: the.QUIET_SHIFT }),
    close(the.UNTOLD_SHIFT, 0),
  ];
}
