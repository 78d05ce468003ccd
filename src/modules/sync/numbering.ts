import { Problem } from "../../http/problem.ts";
import type { DraftOptions } from "../sales/index.ts";
import type { Findings } from "./findings.ts";
import type { Command } from "./schemas.ts";
import { ownNumberOf, type Till } from "./till.ts";

/** The number the command brings, or, where that is taken, one of the store's own. Throws Problem `validation_failed`. */
export function numbering(
  till: Till,
  command: Command,
  findings: Findings,
): Pick<DraftOptions, "own_number" | "number_from_store"> {
  const { seq_taken } = findings;
  const own = ownNumberOf(command);
  if (own === undefined) return { number_from_store: seq_taken };
  const isRefund = command.type === "refund";
  const field = isRefund ? "refund_no" : "invoice_no";
  const prefix = `${till.store_code}-${till.terminal_code}-${isRefund ? "R" : ""}`;
  const digits = own.startsWith(prefix) ? own.slice(prefix.length) : "";
  if (!/^(?:\d{6}|[1-9]\d{6,7})$/.test(digits) || Number(digits) === 0) {
    throw new Problem("validation_failed", `/${field} is not a number of this till.`, {
      errors: [{ pointer: `/${field}`, detail: `must be ${prefix} and six digits, from 000001` }],
    });
  }
  if (till.taken_numbers.has(own)) {
    if (!seq_taken) findings.flag("number_repeat", `${own} was used before.`);
    return { number_from_store: true };
  }
  if (seq_taken) return { number_from_store: true };
  return { own_number: { text: own, number: Number(digits) } };
}
