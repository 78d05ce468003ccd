import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DatabaseSync } from "node:sqlite";
import { readMigrations } from "../../support/schema.ts";
import { buildWorld, openSchema } from "./fixture.ts";
import {
  CLOSED_EXCEPTION,
  CLOSED_SHIFT,
  DONE_ORDER,
  GIFT_CARD,
  MOVEMENT,
  REFUNDED,
  SETTLEMENT,
  SOLD,
  SPENT_APPROVAL,
  TAKEN_LATE,
  THROWN_AWAY,
  VOIDED,
} from "./ids.ts";

/** What is written for good: the row to try, and the columns that may still move, each by a guard of its own. */
const frozen: [table: string, row: string, open: string[]][] = [
  ["audit_entries", "seq = 1", []],
  ["stock_movements", "arrival = 1", []],
  ["sales", `id = '${SOLD}'`, ["status", "paid_total", "balance_due", "later_change"]],
  ["sale_lines", `sale_id = '${SOLD}'`, ["refunded_quantity", "refunded_total"]],
  ["sale_payments", `sale_id = '${SOLD}'`, []],
  ["refunds", `id = '${REFUNDED}'`, []],
  ["refund_lines", `refund_id = '${REFUNDED}'`, []],
  ["refund_payments", `refund_id = '${REFUNDED}'`, []],
  ["idempotency_keys", "key = 'k-1'", []],
  ["sync_exceptions", `id = '${CLOSED_EXCEPTION}'`, []],
  ["shifts", `id = '${CLOSED_SHIFT}'`, []],
  ["cash_movements", `id = '${MOVEMENT}'`, []],
  ["z_reports", "number = 2", []],
  ["late_records", `record_id = '${TAKEN_LATE}'`, []],
  ["gift_cards", `id = '${GIFT_CARD}'`, []],
  ["received_payments", `id = '${SETTLEMENT}'`, []],
  ["ledger_entries", "arrival = 1", []],
  ["orders", `id = '${DONE_ORDER}'`, []],
  ["parked_sales", `id = '${THROWN_AWAY}'`, []],
  ["sale_voids", `sale_id = '${VOIDED}'`, []],
  ["spent_approvals", `id = '${SPENT_APPROVAL}'`, []],
];

let db: DatabaseSync;

beforeAll(() => {
  db = openSchema(readMigrations());
  buildWorld(db);
});

afterAll(() => {
  db.close();
});

describe("a row written for good", () => {
  test.each(frozen)("of %s takes no change of any column, an added one included", (table, row, open) => {
    const columns = db
      .prepare(`SELECT name FROM pragma_table_info('${table}')`)
      .all()
      .map(({ name }) => String(name));
    expect(columns).toEqual(expect.arrayContaining(open));
    const changeable = columns.filter((column) => canChange(`UPDATE ${table} SET ${column} = ${column} WHERE ${row}`));
    expect(changeable).toEqual(open);
  });
});

function canChange(sql: string): boolean {
  try {
    return db.prepare(sql).run().changes > 0;
  } catch {
    return false;
  }
}
