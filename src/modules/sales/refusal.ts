import type { Row } from "../../db/database.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { type Explanation, NO_EXPLANATION } from "../../http/once.ts";
import { type InputError, Problem, type ProblemCode, invalidInput } from "../../http/problem.ts";
import type { LedgerEntry } from "../ledgers/index.ts";
import type { Draft } from "./draft.ts";
import { selectBalances, selectOnHand, selectPeople } from "./queries.ts";
import type { SaleInput } from "./schemas.ts";

/** What a refusal of a sale or refund can say beyond its name. */

/** Says which lines want more than is on hand, which tender more than there is, or which person is unknown. */
export function explainRefusal(
  input: Pick<SaleInput, "customer_id" | "salesperson_id">,
  draft: Draft,
  error: unknown,
): Explanation {
  if (isViolationOf(error, "insufficient_stock")) {
    const { movements } = draft;
    return {
      statements: [selectOnHand(draft.once.store_id, [...new Set(movements.map((one) => one.product_id))])],
      explain: ([levels = []]) => explainShortage(draft, levels),
    };
  }
  if (isViolationOf(error, ...Object.keys(BALANCE_REFUSALS))) {
    return {
      statements: [selectBalances(draft.entries)],
      explain: ([balances = []]) => explainBalance(error.constraint, draft, balances),
    };
  }
  return isViolationOf(error, "FOREIGN KEY") ? explainStrangers(input) : NO_EXPLANATION;
}

/** Says whom nobody knows. */
export function explainStrangers(input: Pick<SaleInput, "customer_id" | "salesperson_id">): Explanation {
  return {
    statements: [selectPeople(input.customer_id ?? null, input.salesperson_id ?? null)],
    explain: ([counts = []]) => explainPeople(input, counts[0] ?? {}),
  };
}

function explainShortage(draft: Draft, levels: Row[]): Problem {
  const onHand = new Map(levels.map((level) => [String(level["product_id"]), Number(level["on_hand"])]));
  const left = new Map(onHand);
  const errors = draft.movements.flatMap((movement) => {
    const before = left.get(movement.product_id) ?? 0;
    left.set(movement.product_id, before + movement.quantity);
    if (before + movement.quantity >= 0) return [];
    const known = onHand.get(movement.product_id) ?? 0;
    const detail = `wants more than the ${String(known)} on hand`;
    return [
      {
        pointer: `/lines/${String(movement.line_no - 1)}/quantity`,
        detail,
        product_id: movement.product_id,
        on_hand: known,
      },
    ];
  });
  // Stock that came back since the refusal leaves nothing to point at; the refusal stands.
  return new Problem("insufficient_stock", "There is not enough stock.", errors.length > 0 ? { errors } : {});
}

function explainPeople(input: Pick<SaleInput, "customer_id" | "salesperson_id">, counts: Row): Problem | null {
  const errors = [
    ...(input.customer_id !== undefined && counts["customers"] === 0
      ? [{ pointer: "/customer_id", detail: "names no customer" }]
      : []),
    ...(input.salesperson_id !== undefined && counts["salespeople"] === 0
      ? [{ pointer: "/salesperson_id", detail: "names no salesperson" }]
      : []),
  ];
  return errors.length > 0 ? invalidInput(errors) : null;
}

const BALANCE_REFUSALS: Record<string, { code: ProblemCode; detail: string }> = {
  insufficient_balance: { code: "insufficient_balance", detail: "There is not enough on it." },
  credit_exceeded: { code: "credit_exceeded", detail: "It is more than the customer's credit." },
  gift_card_unknown: { code: "validation_failed", detail: "There is no such gift card in this currency." },
  ledger_currency: { code: "validation_failed", detail: "It is kept in another currency." },
};

/** Points at each tender that its ledger can't take. What came in since the refusal leaves nothing to point at. */
function explainBalance(constraint: string, { entries, payment_places }: Draft, rows: Row[]): Problem | null {
  const refusal = BALANCE_REFUSALS[constraint];
  if (!refusal) return null;
  // Tenders of one ledger are taken from it one after the other.
  const moved = new Map<string, number>();
  const errors = entries.flatMap((entry, index): InputError[] => {
    const row = rows[index] ?? {};
    const place = entry.source_no - 1;
    const pointer = `/payments/${String(payment_places?.[place] ?? place)}`;
    const holder = `${entry.ledger} ${entry.holder_id ?? entry.gift_card_code ?? ""}`;
    const balance = Number(row["balance"] ?? 0) + (moved.get(holder) ?? 0);
    moved.set(holder, (moved.get(holder) ?? 0) + entry.amount);
    if (constraint === "gift_card_unknown" || constraint === "ledger_currency") {
      return isOfOtherCurrency(entry, row) ? [otherCurrency(pointer, entry)] : [];
    }
    if (constraint === "insufficient_balance" && entry.ledger !== "account" && balance + entry.amount < 0) {
      return [{ pointer: `${pointer}/amount`, detail: `is more than the ${String(balance)} left`, balance }];
    }
    if (constraint === "credit_exceeded" && entry.ledger === "account") {
      const left = Math.max(0, Number(row["credit_limit"] ?? 0) - balance);
      if (entry.amount > left) {
        const detail = `is more than the ${String(left)} of credit left`;
        return [{ pointer: `${pointer}/amount`, detail, credit_left: left }];
      }
    }
    return [];
  });
  return new Problem(refusal.code, refusal.detail, errors.length > 0 ? { errors } : {});
}

/** A gift card that is not there is of no currency at all. */
function isOfOtherCurrency({ ledger, currency }: LedgerEntry, row: Row): boolean {
  if (ledger === "gift_card") return row["currency"] !== currency;
  return typeof row["kept_in"] === "string" && row["kept_in"] !== currency;
}

function otherCurrency(pointer: string, { ledger }: LedgerEntry): InputError {
  if (ledger === "gift_card") return { pointer: `${pointer}/reference`, detail: "names no gift card in this currency" };
  return { pointer: `${pointer}/method`, detail: "is kept in another currency for this customer" };
}
