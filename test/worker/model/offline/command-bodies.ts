import { bodyOf, lineBody } from "../online/basket.ts";
import { type ModelCustomer, type ModelTill, numberText } from "../books/books.ts";
import type { Facts } from "./outbox.ts";

/** What a till sends of what it has done. */

const SALES = new Set(["sale", "complete", "order_complete"]);
const DRAWER = new Set([...SALES, "refund", "refund_without", "gift_card", "customer_payment", "payment", "deposit"]);

export function usesDrawer({ type }: Facts): boolean {
  return DRAWER.has(type);
}

export function numberBody(till: ModelTill, { type }: Facts, own: number | undefined): Record<string, string> {
  if (own === undefined) return {};
  return SALES.has(type)
    ? { invoice_no: numberText(till.store, till.code, "sale", own) }
    : { refund_no: numberText(till.store, till.code, "refund", own) };
}

export function typeOf({ type }: Facts): string {
  if (type === "park" || type === "nonsense") return "sale";
  return type === "refund_without" ? "refund" : type;
}

export function commandBody(facts: Facts): Record<string, unknown> {
  const who = (customer: ModelCustomer | null) => (customer ? { customer_id: customer.id } : {});
  switch (facts.type) {
    case "sale": {
      const { id, basket, customer, payments, total } = facts;
      return { id, ...who(customer), ...bodyOf(basket), payments, ...(total === undefined ? {} : { total }) };
    }
    case "park":
      return { id: facts.id, status: "parked", ...who(facts.customer), ...bodyOf(facts.basket) };
    case "complete": {
      const { sale_id, other, customer, payments } = facts;
      return { sale_id, ...who(customer), ...(other ? bodyOf(other) : {}), payments };
    }
    case "refund": {
      const { sale_id, wanted, customer, payments } = facts;
      return { sale_id, lines: wanted, ...who(customer), payments, reason: "Brought back" };
    }
    case "refund_without": {
      const { basket, restock, customer, payments } = facts;
      const lines = basket.lines.map((line, index) => ({ ...lineBody(line), restock: restock[index] }));
      return { ...who(customer), ...bodyOf(basket), lines, payments, reason: "No bill" };
    }
    case "void":
      return { sale_id: facts.sale_id, reason: "Rung up twice" };
    case "shift_open":
      return { id: facts.id, opening_float: facts.opening_float };
    case "shift_close":
      return { shift_id: facts.shift_id, counted: facts.counted };
    case "cash_movement": {
      const { id, shift_id, kind, amount, reason } = facts;
      return { id, shift_id, type: kind, amount, reason };
    }
    case "customer":
      return { id: facts.id, name: "Someone at the counter" };
    case "gift_card":
      return { ...facts.card };
    case "customer_payment":
      return { customer_id: facts.customer.id, payments: facts.payments };
    case "payment":
      return { sale_id: facts.sale_id, payments: facts.payments };
    case "order": {
      const { id, basket, customer } = facts;
      return { id, customer_id: customer.id, items: bodyOf(basket)["lines"] };
    }
    case "deposit":
    case "order_complete":
      return { order_id: facts.order_id, payments: facts.payments };
    case "nonsense":
      return { lines: [], colour: "red" };
  }
}
