import { type Statement, statement } from "../../db/database.ts";
import type { Approval } from "./token.ts";

const SPEND = `
  INSERT INTO spent_approvals (id, action, store_id, approved_by, spent_at, expires_at)
  SELECT a.value ->> 'id', a.value ->> 'action', a.value ->> 'store_id', a.value ->> 'approved_by', ?2,
    a.value ->> 'expires_at'
  FROM json_each(?1) a`;

/** Refused by `spent_approvals.id` at the second use, and by `approver_inactive` when the manager has left. */
export function spendApprovalsStatement(approvals: readonly Approval[], now: Date): Statement {
  return statement(SPEND, JSON.stringify(approvals), now.toISOString());
}

// By the UNIQUE of id.
const SELECT_STORE_OF_SALE = "SELECT store_id FROM sales WHERE id = ?1";

export function storeOfSaleStatement(saleId: string): Statement {
  return statement(SELECT_STORE_OF_SALE, saleId);
}
