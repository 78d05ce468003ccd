import { type ProductFacts, type StoreRules, tendersOf, totalOf } from "./amounts.ts";
import type { Invoice } from "./invoices.ts";
import { customerIdOf, keyOf } from "./keys.ts";
import type { Method } from "./options.ts";
import type { Entry } from "./row.ts";

const REASON = "imported history";

/** A command of POST /v1/sync/commands, but for its number, which it gets when it is sent. */
export type Command = {
  idempotency_key: string;
  type: "customer" | "sale" | "refund";
  occurred_at: string;
  body: object;
};

/** A correction of tracked stock: a document of POST /v1/stock/movements. */
export type Adjustment = { idempotency_key: string; lines: { product_id: string; quantity: number }[] };

/** What an invoice becomes, in the order in which it is sent. */
export type Steps = {
  commands: Command[];
  adjustment: Adjustment | null;
  /** What the file says of it: minor units, and how many rows only correct stock. */
  reckoning: Reckoning;
};

export type Reckoning = { sales: number; refunds: number; adjustments: number; gross: number; refund_total: number };

export type StepRules = {
  store: { id: string; code: string; created_at: string } & StoreRules;
  method: Method;
  factsOf: (sku: string) => ProductFacts;
  /** Whether a customer has been brought in before, asked once for each invoice that names one. */
  isKnownCustomer: (code: string) => boolean;
};

/**
 * Turns an invoice into at most one customer, one sale, one refund and one correction of stock. Their keys and bodies
 * come from the invoice alone, so that whoever sends them again sends the same. Throws PricingError.
 */
export function planInvoice(invoice: Invoice, rules: StepRules): Steps {
  const { store, factsOf } = rules;
  const sold = invoice.entries.filter(({ kind }) => kind === "sale");
  const returned = invoice.entries.filter(({ kind }) => kind === "refund");
  const adjusted = invoice.entries.filter(({ kind }) => kind === "adjustment");
  const gross = totalOf(store, sold, factsOf);
  const refundTotal = totalOf(store, returned, factsOf);
  const command = commandOf(invoice, rules);
  return {
    commands: [
      ...(sold.length + returned.length > 0 ? customerCommand(invoice, rules) : []),
      ...(sold.length > 0
        ? [command("sale", { lines: sold.map(lineOf), payments: tendersOf(store, rules.method, gross) })]
        : []),
      ...(returned.length > 0 ? [command("refund", refundBody(returned, rules.method, refundTotal))] : []),
    ],
    adjustment: planAdjustment(invoice, adjusted, rules),
    reckoning: {
      sales: sold.length > 0 ? 1 : 0,
      refunds: returned.length > 0 ? 1 : 0,
      adjustments: adjusted.length,
      gross,
      refund_total: refundTotal,
    },
  };
}

function commandOf(invoice: Invoice, { store }: StepRules) {
  const { invoice_no, part, sold_at, customer } = invoice;
  const named = customer === null ? {} : { customer_id: customerIdOf(store, customer) };
  return (type: "sale" | "refund", body: object): Command => ({
    idempotency_key: keyOf(store.code, type, invoice_no, part),
    type,
    occurred_at: sold_at,
    body: { ...named, ...body },
  });
}

function customerCommand({ customer, sold_at }: Invoice, { store, isKnownCustomer }: StepRules): Command[] {
  if (customer === null || isKnownCustomer(customer)) return [];
  const body = { id: customerIdOf(store, customer), name: customer };
  return [{ idempotency_key: keyOf(store.code, "customer", customer), type: "customer", occurred_at: sold_at, body }];
}

/**
 * Always at the price that was paid, also where that is the catalogue's: what the catalogue asks may change before
 * the file is read again, and the command must not. For the same reason no discount of the product's own counts.
 */
function lineOf({ sku, quantity, unit_price }: Entry) {
  return { sku, quantity, override: { unit_price, reason: REASON }, discount: { amount: 0 } };
}

function refundBody(returned: readonly Entry[], method: Method, total: number): object {
  return {
    reason: REASON,
    lines: returned.map((entry) => ({ ...lineOf(entry), restock: "sellable" })),
    payments: total === 0 ? [] : [{ method, amount: total }],
  };
}

function planAdjustment(invoice: Invoice, adjusted: readonly Entry[], rules: StepRules): Adjustment | null {
  const lines = adjusted.flatMap(({ sku, quantity }) => {
    const { tracked_id } = rules.factsOf(sku);
    return tracked_id === null ? [] : [{ product_id: tracked_id, quantity }];
  });
  if (lines.length === 0) return null;
  return { idempotency_key: keyOf(rules.store.code, "adjustment", invoice.invoice_no, invoice.part), lines };
}
