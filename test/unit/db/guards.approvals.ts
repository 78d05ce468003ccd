import { batch, byId, insert, NOT_RFC, NOT_V7, updateOf } from "./attack.ts";
import type { Attacks } from "./attack.ts";
import { GONE, MAIN, NOWHERE, SPENT_APPROVAL } from "./ids.ts";

/** Attacks on each guard of 0010_approvals.sql. */
export const approvalAttacks: Attacks = {
  "spent_approvals (id) PRIMARY KEY": insert("spent_approvals", { id: SPENT_APPROVAL }),
  "spent_approvals (store_id) REFERENCES stores": insert("spent_approvals", { store_id: NOWHERE }),
  "spent_approvals (approved_by) REFERENCES users": insert("spent_approvals", { approved_by: NOWHERE }),
  spent_approvals_id_is_uuid7: insert("spent_approvals", { id: "approval" }, { id: NOT_V7 }, { id: NOT_RFC }),
  spent_approvals_action_known: insert("spent_approvals", { action: "everything" }),
  spent_approvals_expires_at_form: insert("spent_approvals", { expires_at: "tomorrow" }, { expires_at: "2026-03-02" }),
  spent_approvals_approver_active: insert("spent_approvals", { approved_by: GONE }),
  // Under another id it could be spent once more.
  spent_approvals_no_update: batch(
    [updateOf("spent_approvals", byId(SPENT_APPROVAL), { id: NOWHERE })],
    `SELECT 1 FROM spent_approvals WHERE id = '${NOWHERE}' AND store_id = '${MAIN}'`,
  ),
};
