import { MAX_AMOUNT } from "../../core/money.ts";

/** What a manager can approve for somebody else. */

export const APPROVAL_ACTIONS = [
  "discount",
  "price",
  "refund_unlinked",
  "void",
  "close_other",
  "drawer_difference",
] as const;

export type ApprovalAction = (typeof APPROVAL_ACTIONS)[number];

interface ActionRule {
  /** The greatest `limit`, in parts per million for a discount, else in minor units; null where there is nothing to limit. */
  max_limit: number | null;
  /** Whether it can be bound to one sale. */
  of_a_sale: boolean;
}

/** What overrides take off, and what a drawer lacks, are sums: what a report can say of them can be approved. */
const MOST_SUMMED = Number.MAX_SAFE_INTEGER;

export const ACTION_RULES: Readonly<Record<ApprovalAction, ActionRule>> = {
  discount: { max_limit: 1_000_000, of_a_sale: true },
  price: { max_limit: MOST_SUMMED, of_a_sale: true },
  refund_unlinked: { max_limit: MAX_AMOUNT, of_a_sale: false },
  void: { max_limit: MAX_AMOUNT, of_a_sale: true },
  close_other: { max_limit: null, of_a_sale: false },
  drawer_difference: { max_limit: MOST_SUMMED, of_a_sale: false },
};

/** The permission of who does it alone, and of who may approve it for another. */
export function permissionFor<A extends ApprovalAction>(action: A): `approve:${A}` {
  return `approve:${action}`;
}
