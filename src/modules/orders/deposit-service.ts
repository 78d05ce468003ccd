import type { Context } from "../../context.ts";
import { fingerprintOf, keyOf } from "../../http/idempotency.ts";
import type { Work } from "../../http/once.ts";
import { Problem } from "../../http/problem.ts";
import type { RawBody } from "../../http/route.ts";
import { auditStatement } from "../audit/index.ts";
import { receivedPaymentsStatement, receivedRows, sumOf } from "../payments/index.ts";
import { doOnceAtPlace, type Happened, type Moment, type Place } from "../shifts/index.ts";
import { refuseFinished, toDeposit } from "./order.ts";
import { touchOrder } from "./queries.ts";
import type { Deposit, DepositInput, DepositRefundInput, Order } from "./schemas.ts";
import { entryOf, loadOrder } from "./service.ts";

/** Deposits: real money in the drawer, held for an order until it becomes a sale or goes back. */

/** Each is a payment of the sale that the order becomes. */
const MOST_DEPOSITS = 100;

/** Takes a deposit. The answer is the order as JSON. Throws Problem and Violation, `conflict` for a finished order. */
export async function takeDeposit(
  ctx: Context,
  orderId: string,
  input: DepositInput,
  happened?: Happened,
): Promise<RawBody> {
  return onOrder(ctx, orderId, { operation: "order.deposit", input, happened }, (order, place, moment) => {
    const deposit_total = sumOf([{ amount: order.deposit_total }, ...input.payments]);
    const amount = deposit_total - order.deposit_total;
    if (order.deposits.length + input.payments.length > MOST_DEPOSITS) {
      throw new Problem("conflict", `An order takes at most ${String(MOST_DEPOSITS)} deposits.`);
    }
    const { id: order_id, customer_id } = order;
    const what = {
      kind: "deposit",
      document_id: ctx.newId(),
      order_id,
      customer_id,
      note: input.note ?? null,
    } as const;
    const rows = receivedRows(ctx, place, input.payments, what, moment);
    const after = movedOn(ctx, { ...order, deposit_total, deposits: [...order.deposits, ...rows.map(toDeposit)] });
    const entry = { ...entryOf(order, "order.deposit"), after: { amount, deposit_total } };
    return {
      statements: [
        auditStatement(ctx, [entry]),
        receivedPaymentsStatement(rows, ctx.now.toISOString()),
        touchOrder(after),
      ],
      response: after,
    };
  });
}

/**
 * Gives one deposit back, all of it, by the method it came by. The answer is the order as JSON. Throws Problem and
 * Violation, `conflict` for one that went back already.
 */
export async function giveDepositBack(
  ctx: Context,
  orderId: string,
  input: DepositRefundInput,
  happened?: Happened,
): Promise<RawBody> {
  return onOrder(ctx, orderId, { operation: "order.give_back", input, happened }, (order, place, moment) => {
    const deposit = findHeld(order, input.deposit_id);
    const { method, reference, card_last4 } = deposit;
    const tender = {
      method,
      amount: -deposit.amount,
      ...(reference === null ? {} : { reference }),
      ...(card_last4 === null ? {} : { card_last4 }),
    };
    const { id: order_id, customer_id } = order;
    const what = { kind: "deposit", document_id: deposit.id, order_id, customer_id, note: input.note ?? null } as const;
    const rows = receivedRows(ctx, place, [tender], what, moment);
    const deposit_total = order.deposit_total - deposit.amount;
    const deposits = order.deposits.map((one) =>
      one.id === deposit.id ? { ...one, given_back_at: moment.received_at } : one,
    );
    const after = movedOn(ctx, { ...order, deposit_total, deposits });
    const entry = {
      ...entryOf(order, "order.give_back"),
      after: { deposit_id: deposit.id, amount: deposit.amount, deposit_total },
    };
    return {
      statements: [
        auditStatement(ctx, [entry]),
        receivedPaymentsStatement(rows, ctx.now.toISOString()),
        touchOrder(after),
      ],
      response: after,
    };
  });
}

function findHeld(order: Order, depositId: string): Deposit {
  const deposit = order.deposits.find(({ id }) => id === depositId);
  if (!deposit) {
    throw new Problem("validation_failed", "/deposit_id names no deposit of this order", {
      errors: [{ pointer: "/deposit_id", detail: "names no deposit of this order" }],
    });
  }
  if (deposit.given_back_at !== null) throw new Problem("conflict", "The deposit was given back already.");
  return deposit;
}

interface DepositCommand {
  operation: string;
  input: DepositInput | DepositRefundInput;
  happened: Happened | undefined;
}

/** Works on an order as it is: where it has changed by the time of the commit, on what it has become. */
async function onOrder(
  ctx: Context,
  orderId: string,
  { operation, input, happened }: DepositCommand,
  work: (order: Order, place: Place, moment: Moment) => Work,
): Promise<RawBody> {
  const only = happened?.place.store.id;
  let known: Order | null = await loadOrder(ctx, orderId, only);
  const { store_id } = known;
  const once = {
    store_id,
    key: keyOf(ctx),
    operation,
    fingerprint: fingerprintOf(operation, { order_id: orderId, ...input }),
    resource_id: orderId,
  };
  const stale = { constraints: ["stale_version"], detail: "The order goes on changing; send it again." };
  return doOnceAtPlace(ctx, { once, request: { ...input, store_id }, happened, stale }, async (place, moment) => {
    const order: Order = known ?? (await loadOrder(ctx, orderId, only));
    // Another attempt is made because this has changed.
    known = null;
    refuseFinished(order);
    return work(order, place, moment);
  });
}

/** The version moves on with what an order holds, so that of two changes that race one is worked out again. */
function movedOn(ctx: Context, order: Order): Order {
  return { ...order, version: order.version + 1, updated_at: ctx.now.toISOString() };
}
