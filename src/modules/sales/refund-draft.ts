import { businessDate } from "../../core/business-day.ts";
import { actorOf, type Context } from "../../context.ts";
import type { Row } from "../../db/database.ts";
import { Problem } from "../../http/problem.ts";
import type { StockMovement } from "../inventory/index.ts";
import type { SoldBasket } from "./basket.ts";
import { tenderEntries } from "../ledgers/index.ts";
import { type Draft, type DraftOptions, movement, numberRequest, paymentRows } from "./draft.ts";
import { refuseNobody } from "./tender.ts";
import { refundLine } from "./refund-shares.ts";
import type { Refund, RefundInput, RefundLineInput, UnlinkedRefundInput } from "./refund-schemas.ts";
import type { Shelf } from "./shelf.ts";

/** The rows of a refund, of a sale's lines or of goods without a sale. */

type RestockTo = RefundLineInput["restock"];
type ShownLine = Omit<Refund["lines"][number], "id">;

interface TakenLine {
  shown: ShownLine;
  /** What only the books keep. */
  kept: { sale_id: string | null; refunded_before: number | null; category_id: string | null };
  tracked: boolean;
}

export interface TakenBack {
  lines: TakenLine[];
  totals: { subtotal: number; discount_total: number; tax_total: number; total: number };
}

/**
 * What comes back of a sale's lines and what that is worth: the difference between the shares of what will have come
 * back and of what had. Throws Problem `validation_failed` for a line that is not there, `over_refund` for more than is left.
 */
export function takeBack(sale: { header: Row; lines: Row[] }, wanted: readonly RefundLineInput[]): TakenBack {
  const { header } = sale;
  if (header["status"] === "voided") {
    throw new Problem("over_refund", "The sale is voided: nothing of it is left to refund.");
  }
  const rules = {
    tax_mode: header["tax_mode"] as "inclusive" | "exclusive",
    mode: header["rounding_mode"] as "half_up" | "half_even",
  };
  const before = new Map(sale.lines.map((line) => [Number(line["line_no"]), Number(line["refunded_quantity"])]));
  const lines = wanted.map((want, index): TakenLine => {
    const line = sale.lines.find((one) => one["id"] === want.line_id || one["line_no"] === want.line_no);
    if (!line) {
      const pointer = `/lines/${String(index)}/${want.line_id === undefined ? "line_no" : "line_id"}`;
      throw new Problem("validation_failed", `${pointer} names no line of the sale.`, {
        errors: [{ pointer, detail: "names no line of the sale" }],
      });
    }
    const lineNo = Number(line["line_no"]);
    const refundedBefore = before.get(lineNo) ?? 0;
    const left = Number(line["quantity"]) - refundedBefore;
    if (want.quantity > left) {
      throw new Problem("over_refund", `Line ${String(lineNo)} has ${String(left)} left to refund.`, {
        errors: [
          {
            pointer: `/lines/${String(index)}/quantity`,
            detail: `is more than the ${String(left)} left`,
            refundable_quantity: left,
          },
        ],
      });
    }
    before.set(lineNo, refundedBefore + want.quantity);
    const parts = {
      subtotal: Number(line["subtotal"]),
      discount_total: Number(line["discount_total"]),
      tax_total: Number(line["tax_total"]),
      quantity: Number(line["quantity"]),
    };
    const shown = {
      line_no: index + 1,
      sale_line_no: lineNo,
      product_id: line["product_id"],
      sku: line["sku"],
      name: line["name"],
      unit: line["unit"],
      price_quantity: line["price_quantity"],
      unit_price: line["unit_price"],
      quantity: want.quantity,
      tax_rate_ppm: line["tax_rate_ppm"],
      restock: want.restock,
      ...refundLine(parts, refundedBefore, want.quantity, rules),
    } as ShownLine;
    return {
      shown,
      kept: {
        sale_id: String(header["id"]),
        refunded_before: refundedBefore,
        category_id: line["category_id"] as string | null,
      },
      tracked: line["track_stock"] === 1,
    };
  });
  const totals = sumLines(lines);
  if (totals.total < 0) {
    const detail = "Rounding leaves these pieces at less than nothing; refund more of the line at once.";
    throw new Problem("validation_failed", detail, {
      errors: [{ pointer: "/lines", detail: "come to less than nothing" }],
    });
  }
  return { lines, totals };
}

/**
 * How much of a refund of so much has to go on account: what is still owed of the sale was never paid in, but for what the
 * customer has paid ahead, or in another store.
 */
export function leastOnAccount(total: number, sale: Row): number {
  return Math.min(total, Number(sale["due"]), Math.max(0, Number(sale["account_balance"])));
}

/** Throws Problem `over_refund`, `total_mismatch`, `validation_failed`. */
export function draftLinkedRefund(
  ctx: Context,
  sale: { header: Row; lines: Row[] },
  input: RefundInput,
  shelf: Shelf,
  options: DraftOptions,
): Draft {
  const { header } = sale;
  const taken = takeBack(sale, input.lines);
  const customerId = (header["customer_id"] as string | null) ?? input.customer_id ?? null;
  // Of what has happened at an offline till the money is out of the drawer: it is kept, for the sale's own customer.
  if (!options.happened) refuseOtherCustomer(customerId, input.customer_id);
  return draftRefund(ctx, taken, shelf, options, {
    sale_id: String(header["id"]),
    customer_id: customerId,
    currency: String(header["currency"]),
    tax_mode: header["tax_mode"] as "inclusive" | "exclusive",
    reason: input.reason,
    refunded_at: input.refunded_at ?? ctx.now.toISOString(),
    payments: input.payments,
    on_account_at_least: options.happened ? 0 : leastOnAccount(taken.totals.total, header),
  });
}

/** Throws Problem `total_mismatch`. */
export function draftUnlinkedRefund(
  ctx: Context,
  input: UnlinkedRefundInput,
  shelf: Shelf,
  basket: SoldBasket,
  options: DraftOptions,
): Draft {
  const lines = basket.lines.map((line, index): TakenLine => {
    const { subtotal, discount_total, tax_total, total } = line.priced;
    return {
      shown: {
        line_no: line.line_no,
        sale_line_no: null,
        product_id: line.product?.id ?? null,
        sku: line.product?.sku ?? null,
        name: line.name,
        unit: line.unit,
        price_quantity: line.price_quantity,
        unit_price: line.unit_price,
        quantity: line.quantity,
        tax_rate_ppm: line.tax_rate_ppm,
        restock: input.lines[index]?.restock ?? "sellable",
        subtotal,
        discount_total,
        tax_total,
        total,
      },
      kept: { sale_id: null, refunded_before: null, category_id: line.product?.category_id ?? null },
      tracked: line.product?.track_stock ?? false,
    };
  });
  return draftRefund(ctx, { lines, totals: sumLines(lines) }, shelf, options, {
    sale_id: null,
    customer_id: input.customer_id ?? null,
    currency: shelf.store.currency,
    tax_mode: shelf.store.tax_mode,
    reason: input.reason,
    refunded_at: input.refunded_at ?? ctx.now.toISOString(),
    payments: input.payments,
    on_account_at_least: 0,
  });
}

interface RefundFacts {
  sale_id: string | null;
  customer_id: string | null;
  currency: string;
  tax_mode: "inclusive" | "exclusive";
  reason: string;
  refunded_at: string;
  payments: RefundInput["payments"];
  on_account_at_least: number;
}

function draftRefund(ctx: Context, taken: TakenBack, shelf: Shelf, options: DraftOptions, facts: RefundFacts): Draft {
  const { store, terminal } = shelf;
  const { payments: tendered, on_account_at_least, ...shown } = facts;
  const refundId = options.once.resource_id;
  const createdAt = ctx.now.toISOString();
  refuseOtherTotal(taken.totals.total, tendered);
  refuseNobody(tendered, facts.customer_id);
  refuseUnpaid(on_account_at_least, tendered);
  const happened = options.happened ? 1 : 0;
  const header = {
    id: refundId,
    ...shown,
    store_id: store.id,
    terminal_id: terminal?.id ?? null,
    shift_id: shelf.shift_id,
    user_id: actorOf(ctx).user_id,
    business_date: businessDate(facts.refunded_at, store.timezone, store.day_cutoff),
    ...taken.totals,
    created_at: createdAt,
  };
  const lines = taken.lines.map((line) => ({ id: ctx.newId(), ...line.shown }));
  const payments = paymentRows(tendered);
  const answer: Refund = { ...header, refund_no: "", lines, payments };
  return {
    kind: "refund",
    id: refundId,
    once: options.once,
    number: numberRequest(shelf, "refund", options),
    store_code: store.code,
    header: { ...header, happened, refund_no: options.own_number?.text ?? null },
    lines: lines.map((line, index) => ({ ...line, refund_id: refundId, ...taken.lines[index]?.kept })),
    payments: payments.map((payment) => ({ ...payment, owner_id: refundId, created_at: createdAt })),
    movements: taken.lines.flatMap((line) => (line.tracked ? restock(line.shown, store.id, refundId, facts) : [])),
    entries: tenderEntries(payments, {
      kind: "refund",
      source_id: refundId,
      customer_id: facts.customer_id,
      currency: facts.currency,
      store_id: store.id,
      user_id: header.user_id,
      occurred_at: facts.refunded_at,
      happened,
    }),
    leave: options.leave,
    before: options.before ?? [],
    after: options.after ?? [],
    answer,
    audit_total: taken.totals.total,
    charged_otherwise: null,
  };
}

/** Back on the shelf; or back and at once written off, so that the loss shows; or nowhere. */
function restock(line: ShownLine, storeId: string, refundId: string, facts: RefundFacts): StockMovement[] {
  const to: RestockTo = line.restock;
  if (line.product_id === null || to === "none") return [];
  const place = { source_id: refundId, line_no: line.line_no, occurred_at: facts.refunded_at, oversell: 0 as const };
  const back = movement(storeId, line.product_id, "refund", line.quantity, place);
  if (to === "sellable") return [back];
  // What is written off came in the row before, so it can't take away what was never there.
  return [back, movement(storeId, line.product_id, "damaged", -line.quantity, { ...place, oversell: 1 })];
}

function refuseOtherCustomer(customerId: string | null, named: string | undefined): void {
  if (named === undefined || named === customerId) return;
  throw new Problem("validation_failed", "/customer_id is not the sale's customer.", {
    errors: [{ pointer: "/customer_id", detail: "is not the sale's customer; leave it out" }],
  });
}

/**
 * Money that never came in is not paid out. That is read without a proof in the commit: what is owed of a sale never grows,
 * so where it is paid off meanwhile only more has gone on the account than had to.
 */
function refuseUnpaid(least: number, payments: RefundInput["payments"]): void {
  const onAccount = payments.reduce((sum, { method, amount }) => (method === "on_account" ? sum + amount : sum), 0);
  if (onAccount >= least) return;
  const detail = `must put at least ${String(least)} on_account, which is still owed of the sale`;
  throw new Problem("validation_failed", `/payments ${detail}.`, {
    errors: [{ pointer: "/payments", detail, on_account_at_least: least }],
  });
}

function refuseOtherTotal(total: number, payments: RefundInput["payments"]): void {
  const paid = payments.reduce((sum, payment) => sum + payment.amount, 0);
  if (paid === total) return;
  throw new Problem("total_mismatch", `The refund comes to ${String(total)}; its payments to ${String(paid)}.`, {
    members: { expected_total: total },
    errors: [{ pointer: "/payments", detail: `must sum to ${String(total)}`, current: total }],
  });
}

function sumLines(lines: readonly TakenLine[]): TakenBack["totals"] {
  const totals = { subtotal: 0, discount_total: 0, tax_total: 0, total: 0 };
  for (const { shown } of lines) {
    totals.subtotal += shown.subtotal;
    totals.discount_total += shown.discount_total;
    totals.tax_total += shown.tax_total;
    totals.total += shown.total;
  }
  return totals;
}
