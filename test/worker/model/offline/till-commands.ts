import type { ModelExceptionType } from "../books/books.ts";
import { type Bringing, type Outcome, rejected, taken } from "./brought.ts";
import {
  applyAccountPayment,
  applyCard,
  applyMovement,
  applySettlement,
  applyShiftClose,
  applyShiftOpen,
} from "./brought-money.ts";
import { applyDeposit, applyOrder, applyOrderCompletion } from "./brought-orders.ts";
import { applyRefund, applyRefundWithout, applyVoid } from "./brought-refunds.ts";
import { applyComplete, applyPark, applySale } from "./brought-sales.ts";

/** What the books make of each command that a till brings: applied, flagged or rejected. What is applied is entered. */

/** How far a till's clock may run ahead. */
const SKEW_MS = 5 * 60_000;
export function applyCommand(bringing: Bringing): Outcome {
  const outcome = applyFacts(bringing);
  const { world, command, seq_taken } = bringing;
  if (outcome.faults.length > 0) return outcome;
  const skewed = Date.parse(command.sent.occurred_at) > Date.parse(world.clock.at()) + SKEW_MS;
  const flags: ModelExceptionType[] = [
    ...(skewed ? (["clock_skew"] as const) : []),
    ...(seq_taken ? (["number_repeat"] as const) : []),
    ...outcome.flags,
  ];
  return { ...outcome, flags };
}

function applyFacts(bringing: Bringing): Outcome {
  const { facts } = bringing.command;
  switch (facts.type) {
    case "sale":
      return applySale(bringing, facts.id, facts);
    case "park":
      return applyPark(bringing, facts);
    case "complete":
      return applyComplete(bringing, facts);
    case "refund":
      return applyRefund(bringing, facts);
    case "refund_without":
      return applyRefundWithout(bringing, facts);
    case "void":
      return applyVoid(bringing, facts);
    case "shift_open":
      return applyShiftOpen(bringing, facts);
    case "shift_close":
      return applyShiftClose(bringing, facts);
    case "cash_movement":
      return applyMovement(bringing, facts);
    case "customer":
      bringing.world.books.customers.push({ id: facts.id, credit_limit: 0, version: 1 });
      return taken("customer", facts.id);
    case "gift_card":
      return applyCard(bringing, facts);
    case "customer_payment":
      return applyAccountPayment(bringing, facts);
    case "payment":
      return applySettlement(bringing, facts);
    case "order":
      return applyOrder(bringing, facts);
    case "deposit":
      return applyDeposit(bringing, facts);
    case "order_complete":
      return applyOrderCompletion(bringing, facts);
    case "nonsense":
      return rejected("validation_failed");
  }
}
