import type { Row } from "../../db/database.ts";
import { Problem } from "../../http/problem.ts";
import type { ReceivedPayment } from "../payments/index.ts";
import type { Deposit, Order, OrderSummary } from "./schemas.ts";

/** An order as the API shows it, and what may come of it. */

/** What is declared of an order leaves, and nothing else. */
export function toSummary(row: Row): OrderSummary {
  const { id, store_id, customer_id, status, currency, due_date, note, sale_id, deposit_total } = row;
  const { user_id, version, created_at, updated_at } = row;
  return {
    id,
    store_id,
    customer_id,
    status,
    currency,
    items: JSON.parse(String(row["items"])) as unknown,
    fields: JSON.parse(String(row["fields"])) as unknown,
    due_date,
    note,
    sale_id,
    deposit_total,
    user_id,
    version,
    created_at,
    updated_at,
  } as OrderSummary;
}

export function toOrder(row: Row, received: Row[]): Order {
  return { ...toSummary(row), deposits: toDeposits(received as unknown as ReceivedRow[]) };
}

type ReceivedRow = Omit<Deposit, "given_back_at"> & { document_id: string };

/** The deposits, in order; a row below 0 gives one of them back and names it in `document_id`. */
function toDeposits(rows: readonly ReceivedRow[]): Deposit[] {
  const givenBack = new Map(rows.filter(({ amount }) => amount < 0).map((row) => [row.document_id, row.received_at]));
  return rows
    .filter(({ amount }) => amount > 0)
    .map(({ document_id: _request, ...deposit }) => ({
      ...deposit,
      given_back_at: givenBack.get(deposit.id) ?? null,
    }));
}

/** A deposit as it will be read, from the row it becomes. */
export function toDeposit(row: ReceivedPayment): Deposit {
  const { id, method, amount, reference, card_last4, terminal_id, shift_id, business_date, user_id, note } = row;
  return {
    id,
    method: method as Deposit["method"],
    amount,
    reference,
    card_last4,
    terminal_id,
    shift_id,
    business_date,
    user_id,
    note,
    received_at: row.received_at,
    given_back_at: null,
  };
}

/** Why nothing more comes of an order that is completed or cancelled (`conflict`); null while it is worked on. */
export function finishedProblem({ status }: OrderSummary): Problem | null {
  if (status !== "completed" && status !== "cancelled") return null;
  return new Problem("conflict", `The order is ${status}: nothing more comes of it.`);
}

/** Throws what `finishedProblem` tells. */
export function refuseFinished(order: OrderSummary): void {
  const problem = finishedProblem(order);
  if (problem) throw problem;
}
