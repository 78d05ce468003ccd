import type { ModelOrder, ModelPayment } from "../books/books.ts";
import { type Drawn, workOut } from "../online/basket.ts";
import { held, postDeposit } from "../online/ordering.ts";
import { type Bringing, drawerOf, type FactsOf, type Outcome, rejected, taken } from "./brought.ts";
import { applySale } from "./brought-sales.ts";

/** Custom orders at an offline till: taken, paid in advance, and turned into sales. */

export function applyOrder({ world, till }: Bringing, { id, basket, customer }: FactsOf<"order">): Outcome {
  // What has not been sold yet is looked at as online.
  const { faults } = workOut(till.store, basket, world.admin, false);
  if (faults.length > 0) return rejected(...faults);
  world.books.orders.push({ id, store: till.store, customer, basket, state: "open", version: 1, deposits: [] });
  return taken("order", id);
}

function orderOf({ world, till }: Bringing, id: string): ModelOrder<Drawn> | undefined {
  return world.books.orders.find((order) => order.id === id && order.store === till.store);
}

export function applyDeposit(bringing: Bringing, { order_id, payments }: FactsOf<"deposit">): Outcome {
  const { world, till, command } = bringing;
  const drawer = drawerOf(bringing);
  const order = orderOf(bringing, order_id);
  if (!order) return rejected("not_found");
  if (order.state !== "open") return rejected("conflict", ...drawer.faults);
  if (drawer.faults.length > 0) return rejected(...drawer.faults);
  order.version += 1;
  postDeposit(world, order, { store: till.store, till, shift: drawer.shift, at: command.sent.occurred_at }, payments);
  return taken("order", order_id, { flags: drawer.flags });
}

export function applyOrderCompletion(bringing: Bringing, facts: FactsOf<"order_complete">): Outcome {
  const order = orderOf(bringing, facts.order_id);
  if (!order) return rejected("not_found");
  if (order.state !== "open") return rejected("conflict");
  const deposits: ModelPayment[] = held(order).kept.map(({ method, amount }) => ({ method, amount, deposit: true }));
  const { basket, customer } = order;
  const outcome = applySale(bringing, bringing.given_id, {
    basket,
    customer,
    payments: [...deposits, ...facts.payments],
  });
  // What is too much by the deposits is another fault than what is too much by the rest.
  if (outcome.faults.length > 0) return deposits.length > 0 ? rejected(...outcome.faults, "conflict") : outcome;
  order.state = "completed";
  order.version += 1;
  return outcome;
}
