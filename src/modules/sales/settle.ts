import { MAX_AMOUNT, type RoundingMode, roundToMultiple } from "../../core/money.ts";

/** What payments make of a total: cash rounding, change, and what is short or over. Minor units throughout. */

export interface Settlement {
  rounding_adjustment: number;
  /** With the rounding of what was left to pay in cash. */
  total: number;
  paid_total: number;
  change_due: number;
  balance_due: number;
}

export class SettlementError extends Error {
  readonly code: "payment_short" | "overpaid";
  /** How much more is needed; 0 when too much was paid. */
  readonly due: number;
  /** The first payment by which tenders other than cash pass what is due; -1 when too little was paid. */
  readonly index: number;
  constructor(code: SettlementError["code"], details: { due?: number; index?: number }) {
    super(code);
    this.name = "SettlementError";
    this.code = code;
    this.due = details.due ?? 0;
    this.index = details.index ?? -1;
  }
}

interface Tendered {
  total: number;
  payments: readonly { method: string; amount: number }[];
  /** Cash is paid in multiples of this many minor units. */
  cash_rounding: number;
  mode: RoundingMode;
}

/**
 * What goes on the customer's account (`on_account`) is a tender like others, but nothing that was handed over: it is the
 * balance that stays due. Throws SettlementError: `overpaid` (change comes from cash alone) or `payment_short`.
 */
export function settlePayments({ total, payments, cash_rounding, mode }: Tendered): Settlement {
  let left = total;
  let cash = 0;
  let balance = 0;
  for (const [index, { method, amount }] of payments.entries()) {
    if (method === "cash") cash += amount;
    else left -= amount;
    if (method === "on_account") balance += amount;
    // No drawer holds that much cash, and beyond it sums would lose units.
    if (left < 0 || cash > MAX_AMOUNT) throw new SettlementError("overpaid", { index });
  }
  const adjustment = cash > 0 ? roundToMultiple(left, cash_rounding, mode) - left : 0;
  const dueInCash = left + adjustment;
  if (cash < dueInCash) throw new SettlementError("payment_short", { due: dueInCash - cash });
  return {
    rounding_adjustment: adjustment,
    total: total + adjustment,
    paid_total: total - left - balance + cash,
    change_due: cash - dueInCash,
    balance_due: balance,
  };
}
