import { MAX_AMOUNT } from "../../core/money.ts";
import { Problem } from "../../http/problem.ts";
import type { TenderInput } from "../payments/index.ts";
import { discountedTo, withoutOwnDiscounts } from "./as-charged.ts";
import type { SoldBasket } from "./basket.ts";
import type { PricedBasket } from "./pricing.ts";
import { roundingOf, type Settlement, SettlementError, settlePayments } from "./settle.ts";
import type { Shelf } from "./shelf.ts";

/** Taking the payments of a sale, and saying in a Problem what is short, over, or another total than was claimed. */

/** A tender, or a deposit that was received before. */
export type Payment = TenderInput & { deposit_id?: string };

type Payments = readonly Payment[];

/** Settles payments against a total. Throws Problem `payment_short`, `validation_failed`. */
function settle(shelf: Shelf, total: number, payments: Payments): Settlement {
  try {
    return settlePayments(tendered(shelf, total, payments));
  } catch (error) {
    if (!(error instanceof SettlementError)) throw error;
    if (error.code === "payment_short") {
      throw new Problem("payment_short", `${String(error.due)} is still due.`, { members: { due: error.due } });
    }
    const pointer = `/payments/${String(error.index)}/amount`;
    if (error.code === "amount_too_large") {
      const most = String(MAX_AMOUNT);
      throw new Problem("validation_failed", `One sale takes at most ${most} in cash, and comes to no more.`, {
        errors: [{ pointer, detail: `takes the cash, or the total that it rounds, above ${most} minor units` }],
      });
    }
    throw new Problem("validation_failed", "Only cash can be more than what is due.", {
      errors: [{ pointer, detail: "is more than what is left to pay; only cash gives change" }],
    });
  }
}

function tendered({ store }: Shelf, total: number, payments: Payments) {
  return {
    total,
    // A deposit in cash went into the drawer when it was received: it is neither rounded nor changed now.
    payments: payments.map((one) => (one.deposit_id === undefined ? one : { method: "deposit", amount: one.amount })),
    cash_rounding: store.cash_rounding,
    mode: store.rounding_mode,
  };
}

/**
 * Settles payments against a total that the till may have claimed. A wrong claim is told first, because payments that were
 * made for it are short or over. Throws Problem, `total_mismatch` among them.
 */
export function settleClaimed(
  shelf: Shelf,
  total: number,
  payments: Payments,
  claimed: number | undefined,
): Settlement {
  refuseOtherTotal(claimed, total + roundingOf(tendered(shelf, total, payments)));
  return settle(shelf, total, payments);
}

/** Throws Problem `total_mismatch` where the claim is not the total. */
export function refuseOtherTotal(claimed: number | undefined, total: number): void {
  if (claimed !== undefined && claimed !== total) throw otherTotal(total);
}

/** The most that the books keep as an excess that no price explains, in minor units: a slip of the till's, and no sale. */
const MOST_ADJUSTED = 1_000_000;

/** How the books keep a total that the till charged and they don't come to. */
export type KeptAs = "discount" | "without_own_discounts" | "adjustment" | "unrounded";

/** A sale that has happened, settled: `totals` are what its lines come to so. */
export interface SettledAsCharged extends Settlement {
  totals: PricedBasket;
  /** Where the till charged another total than the books make of it: theirs, and how its own is kept. */
  otherwise: { books: number; kept_as: KeptAs } | null;
}

/**
 * Settles a sale that has happened. Where prices or taxes have changed since, the customer has paid what the till showed:
 * if the till says that total, the books keep it. What was charged less is a further discount of the order, and what
 * was charged because a product's own discount had not begun is taken back into its line, so that a refund gives back
 * what was paid; any other excess stands as the sale's adjustment, which nothing gives back. Throws Problem.
 */
export function settleAsCharged(
  shelf: Shelf,
  { basket, totals }: Pick<SoldBasket, "basket" | "totals">,
  { payments, total: charged }: { payments: Payments; total?: number | undefined },
): SettledAsCharged {
  if (charged === undefined) return { ...settle(shelf, totals.total, payments), totals, otherwise: null };
  const usual = settleOrNull(shelf, totals.total, payments);
  if (usual?.total === charged) return { ...usual, totals, otherwise: null };
  const books = totals.total + roundingOf(tendered(shelf, totals.total, payments));
  if (charged > totals.total) {
    const plain = withoutOwnDiscounts(basket);
    const settled = plain && settleOrNull(shelf, plain.total, payments);
    if (plain && settled?.total === charged) {
      return { ...settled, totals: plain, otherwise: { books, kept_as: "without_own_discounts" } };
    }
  }
  if (charged - totals.total > MOST_ADJUSTED) throw otherTotal(books);
  const kept = discountedTo(basket, totals, charged);
  const settled = settle({ ...shelf, store: { ...shelf.store, cash_rounding: 1 } }, charged, payments);
  return {
    ...settled,
    rounding_adjustment: charged - kept.total,
    totals: kept,
    otherwise: { books, kept_as: keptAs(charged, totals.total) },
  };
}

function keptAs(charged: number, total: number): KeptAs {
  if (charged === total) return "unrounded";
  return charged < total ? "discount" : "adjustment";
}

function settleOrNull(shelf: Shelf, total: number, payments: Payments): Settlement | null {
  try {
    return settle(shelf, total, payments);
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

function otherTotal(total: number): Problem {
  return new Problem("total_mismatch", `The total is ${String(total)}.`, {
    members: { expected_total: total },
    errors: [{ pointer: "/total", detail: `is ${String(total)}`, current: total }],
  });
}

/** Refuses what goes to or comes from a customer's ledger where no customer is named (`validation_failed`). */
export function refuseNobody(payments: Payments, customerId: string | null | undefined): void {
  const of = payments.find(({ method }) => method === "on_account" || method === "store_credit");
  if (!of || (customerId !== undefined && customerId !== null)) return;
  throw new Problem("validation_failed", `/customer_id is needed for ${of.method}.`, {
    errors: [{ pointer: "/customer_id", detail: `is needed: ${of.method} is a customer's` }],
  });
}
