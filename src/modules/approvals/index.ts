import { actorOf, type Context } from "../../context.ts";
import type { Statement } from "../../db/database.ts";
import { type InputError, Problem } from "../../http/problem.ts";

export type ApprovalAction =
  | "discount"
  | "price"
  | "refund_unlinked"
  | "void"
  | "close_other"
  | "drawer_difference";

export interface Wanted {
  action: ApprovalAction;
  store_id: string;
  sale_id: string | null;
  size: number;
  why: string;
  errors?: InputError[];
}

export interface Leave {
  statements: Statement[];
  audit: { approvals?: { action: ApprovalAction; approval_id: string; approved_by: string }[] };
}

export const NO_LEAVE: Leave = { statements: [], audit: {} };

export function takeLeave(ctx: Context, wanted: readonly Wanted[], _at?: Date): Leave {
  const actor = actorOf(ctx);
  for (const { action, why, errors } of wanted) {
    if (!actor.permissions.has(`approve:${action}` as never)) {
      throw new Problem("approval_required", why, errors ? { errors } : {});
    }
  }
  return NO_LEAVE;
}
