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
  readonly code: "payment_short" | "overpaid" | "amount_too_large";
  /** How much more is needed; 0 when too much was paid. */
  readonly due: number;
  /**
   * The first payment by which tenders other than cash pass what is due, or cash passes `MAX_AMOUNT`, or the last cash where the
   * total passes it by its rounding; -1 when too little was paid.
   */
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
  /** Cash of 0 says that the rest is paid in cash, though that rounds to nothing. */
  payments: readonly { method: string; amount: number }[];
  /** Cash is paid in multiples of this many minor units. */
  cash_rounding: number;
  mode: RoundingMode;
}

/** What coins add to or take off a total: of what the other tenders leave of it, and only where cash is a tender. */
export function roundingOf({ total, payments, cash_rounding, mode }: Tendered): number {
  if (!payments.some(({ method }) => method === "cash")) return 0;
  const left = payments.reduce((sum, { method, amount }) => (method === "cash" ? sum : sum - amount), total);
  return left > 0 ? roundToMultiple(left, cash_rounding, mode) - left : 0;
}

/**
 * What goes on the customer's account (`on_account`) is a tender like others, but nothing that was handed over: it is the
 * balance that stays due. Throws SettlementError: `overpaid` (change comes from cash alone), `amount_too_large` or
 * `payment_short`.
 */
export function settlePayments(tendered: Tendered): Settlement {
  const { total, payments } = tendered;
  let left = total;
  let cash = 0;
  let balance = 0;
  for (const [index, { method, amount }] of payments.entries()) {
    if (method === "cash") cash += amount;
    else left -= amount;
    if (method === "on_account") balance += amount;
    if (left < 0) throw new SettlementError("overpaid", { index });
    if (cash > MAX_AMOUNT) throw new SettlementError("amount_too_large", { index });
  }
  const adjustment = roundingOf(tendered);
  if (total + adjustment > MAX_AMOUNT) {
    const index = payments.findLastIndex(({ method }) => method === "cash");
    throw new SettlementError("amount_too_large", { index });
  }
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
