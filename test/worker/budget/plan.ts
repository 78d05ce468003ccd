/** A step of a query plan, as EXPLAIN QUERY PLAN tells it. */
export interface Step {
  id: number;
  parent: number;
  detail: string;
}

/**
 * A row added to the first may be what a row of the second was waiting for, so SQLite plans a look through the second;
 * it takes it only while a reference of the same statement is broken, and such a statement is refused.
 */
const WAITING_REFERENCES: Record<string, readonly string[]> = {
  customers: ["orders", "parked_sales", "received_payments", "refunds"],
  gift_cards: ["received_payments"],
  orders: ["received_payments"],
  products: ["refund_lines", "sale_lines", "stock_levels"],
  received_payments: ["sale_payments"],
  sale_lines: ["refund_lines"],
  sales: ["orders", "sale_voids", "sync_exceptions"],
  salespeople: ["parked_sales"],
  sessions: ["audit_entries"],
  shifts: ["late_records", "received_payments", "refunds", "sales"],
  users: [
    "audit_entries",
    "cash_movements",
    "gift_cards",
    "ledger_entries",
    "orders",
    "parked_sales",
    "received_payments",
    "refunds",
    "sale_voids",
    "sales",
    "shifts",
    "spent_approvals",
    "sync_exceptions",
  ],
};

/** What in a plan grows with the tables: every step that reads a table from end to end, or once for each of a list. */
export function findSlowSteps(sql: string, plan: readonly Step[]): string[] {
  const [, target = ""] = /^\s*INSERT INTO (\w+)/i.exec(sql) ?? [];
  const waiting = WAITING_REFERENCES[target] ?? [];
  const made = new Set(plan.flatMap(({ detail }) => /^(?:CO-ROUTINE|MATERIALIZE) (\S+)/.exec(detail)?.[1] ?? []));
  const scans = plan.filter(({ detail }) => {
    const [, name = ""] = /^SCAN (\S+)/.exec(detail) ?? [];
    const harmless = isList(detail) || detail === "SCAN CONSTANT ROW" || made.has(name) || waiting.includes(name);
    return name !== "" && !harmless;
  });
  const late = plan.filter((step) => isList(step.detail) && isInsideOfRange(step, plan));
  return [...scans, ...late].map(({ detail }) => detail);
}

/** A list that came as one JSON parameter: it is as long as the request. */
function isList(detail: string): boolean {
  return /^SCAN \S+ VIRTUAL TABLE/.test(detail);
}

/** Whether a table is searched before the list in the same join: the list is then read again for each row found. */
function isInsideOfRange(list: Step, plan: readonly Step[]): boolean {
  return plan
    .slice(0, plan.indexOf(list))
    .some(({ parent, detail }) => parent === list.parent && detail.startsWith("SEARCH") && !detail.endsWith("(id=?)"));
}
