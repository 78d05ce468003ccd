import { Unavailable, Violation } from "../db/violation.ts";
import { Problem, type ProblemCode } from "./problem.ts";

/**
 * What a constraint of the schema means to the caller. A service says more where it can (which line, how many are
 * left); what reaches this table unsaid is still told by its right name. A constraint that is not here can only be
 * met by a mistake of ours, and answers 500.
 */
const MEANING: Record<string, [ProblemCode, string]> = {
  store_wall: ["not_found", "There is no such store."],
  credentials_changed: ["unauthenticated", "The account was changed meanwhile; sign in again."],
  device_revoked: ["unauthenticated", "The till is not paired any more; pair it again."],
  pairing_code_invalid: ["not_found", "There is no such pairing code, or it has expired."],
  "devices.code_hash": ["not_found", "The pairing code has been used."],
  approver_inactive: ["approval_required", "Whoever approved it does not work here any more."],
  "spent_approvals.id": ["approval_required", "The approval has been used; ask for another one."],
  user_pins_failures_bounds: ["forbidden", "The PIN is locked after too many wrong ones; a manager can unlock it."],
  pin_locked: ["forbidden", "The PIN is locked after too many wrong ones; a manager can unlock it."],
  too_many_passkeys: ["conflict", "A user has at most 20 passkeys; remove one first."],
  passkeys_count_up: ["unauthenticated", "The passkey's counter went back: it may have been copied."],
  "passkeys.credential_id": ["conflict", "This passkey is registered already."],
  "spent_challenges.challenge_hash": ["unauthenticated", "The challenge has been used; ask for a new one."],
  last_admin: ["conflict", "This is the last active admin; make another one first."],
  role_built_in: ["conflict", "A built-in role can't be changed; make one of your own."],
  role_inactive: ["conflict", "The role is not in use any more."],
  role_in_use: ["conflict", "Active users have this role; give them another one first."],
  "roles.name": ["conflict", "There is a role with this name already."],
  session_revoked: ["session_revoked", "This session has ended; sign in again."],
  store_inactive: ["conflict", "The store is closed for business."],
  terminal_inactive: ["conflict", "The terminal is not in use any more."],
  stale_version: ["stale_version", "It was changed meanwhile; read it again."],
  stale_catalogue: ["price_changed", "A price changed while the sale was being written; send it again."],
  stale_refund: ["conflict", "Another refund of the same sale came first; read the sale again."],
  insufficient_stock: ["insufficient_stock", "There is not enough stock."],
  over_refund: ["over_refund", "That is more than is left to refund."],
  payment_short: ["payment_short", "The payments do not cover the total."],
  total_mismatch: ["total_mismatch", "The payments must sum to the total."],
  shift_closed: ["shift_closed", "The shift is closed, or the till has none open; open one."],
  "shifts.terminal_id": ["conflict", "The till has an open shift already; close it first."],
  stale_shift: ["conflict", "More came into the shift while it was being closed; close it again."],
  z_chain: ["conflict", "Another Z report of the till came first; close the shift again."],
  void_refused: [
    "conflict",
    "Only a completed sale of which nothing came back or was paid later is voided, on its business day and in its open shift.",
  ],
  already_resumed: ["already_resumed", "The parked sale was completed or thrown away already."],
  sale_is_parked: ["conflict", "A sale was put aside under this id; complete it, or take another id."],
  parked_sales_born_parked: ["conflict", "There is a sale with this id already."],
  insufficient_balance: ["insufficient_balance", "There is not enough on the gift card or store credit."],
  credit_exceeded: ["credit_exceeded", "That is more than the customer's credit limit leaves."],
  gift_card_unknown: ["validation_failed", "There is no such gift card in this currency."],
  ledger_customer: ["validation_failed", "There is no such customer."],
  ledger_currency: ["validation_failed", "The customer's balance is kept in another currency."],
  nothing_due: ["conflict", "That is more than is still due of the sale."],
  order_status_path: ["conflict", "The order is completed or cancelled: it changes no more."],
  order_other_sale: ["conflict", "The sale is not one of the order's customer in its store."],
  order_finished: ["conflict", "The order is completed or cancelled: it takes no deposit."],
  order_holds_deposit: ["conflict", "The order still holds a deposit; give it back first."],
  stale_deposits: ["conflict", "The order's deposits changed meanwhile; read it again."],
  deposit_not_held: ["conflict", "That is more than the order holds."],
  exception_resolved: ["conflict", "The exception is resolved already."],
  stores_currency_frozen: ["conflict", "A store's currency can't change."],
  "sales.id": ["conflict", "There is a sale with this id already."],
  "refunds.id": ["conflict", "There is a refund with this id already."],
  "shifts.id": ["conflict", "There is a shift with this id already."],
  "cash_movements.id": ["conflict", "There is a cash movement with this id already."],
  "parked_sales.id": ["conflict", "There is a parked sale with this id already."],
  "received_payments.id": ["conflict", "There is a payment with this id already."],
  "sale_payments.deposit_id": ["conflict", "The deposit has been used already."],
  "gift_cards.id": ["conflict", "There is a gift card with this id already."],
  "gift_cards.code": ["conflict", "There is a gift card with this code already."],
  "orders.id": ["conflict", "There is an order with this id already."],
  "sales.store_id": ["conflict", "There is a sale with this invoice number already."],
  "refunds.store_id": ["conflict", "There is a refund with this number already."],
  "stock_movements.source_id": ["conflict", "There is a stock document with this id already."],
  "stores.code": ["conflict", "There is a store with this code already."],
  "terminals.store_id": ["conflict", "The store has a terminal with this code already."],
  "users.username": ["conflict", "There is a user with this name already."],
  "products.id": ["conflict", "There is a product with this id already."],
  "products.sku": ["conflict", "There is a product with this SKU already."],
  "product_barcodes.key": ["conflict", "Another product has this barcode."],
  "brands.id": ["conflict", "There is a brand with this id already."],
  "categories.id": ["conflict", "There is a category with this id already."],
  "brands.name": ["conflict", "There is a brand with this name already."],
  categories_name_unique: ["conflict", "There is a category with this name already."],
  "customers.id": ["conflict", "There is a customer with this id already."],
  "salespeople.id": ["conflict", "There is a salesperson with this id already."],
  "salespeople.code": ["conflict", "There is a salesperson with this code already."],
};

/** The problem a database error stands for, or null when it is a mistake of ours. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (error instanceof Violation) {
    const meaning = MEANING[error.constraint];
    return meaning ? new Problem(meaning[0], meaning[1], { cause: error }) : null;
  }
  if (error instanceof Unavailable) {
    const options = { headers: { "Retry-After": "1" }, cause: error };
    return error.outcome_unknown
      ? new Problem(
          "outcome_unknown",
          "It may or may not have happened: send it again with the same Idempotency-Key, or read whether it has.",
          options,
        )
      : new Problem("overloaded", "The database is too busy just now.", options);
  }
  return null;
}

/** Whether an error is the refusal of one of these constraints. */
export function isViolationOf(error: unknown, ...constraints: string[]): error is Violation {
  return error instanceof Violation && constraints.includes(error.constraint);
}
