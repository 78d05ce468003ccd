import * as z from "zod";
import {
  businessDay,
  component,
  id,
  later,
  named,
  pageOf,
  pageQuery,
  quantity,
  text,
  timestamp,
  type OutputOf,
} from "../../http/schemas.ts";
import { shownTender, tenders } from "../payments/index.ts";
import { discount, documentNumber, drawer, exactlyOne, listedStore, MAX_LINES, saleLineSchema } from "./schemas.ts";

/** The wire shapes of refunds. Amounts are minor units, rates parts per million, quantities base units. */

export const refundParams = z.object({ refund_id: id });

const restock = z
  .enum(["sellable", "damaged", "none"])
  .default("sellable")
  .meta({ description: "Where the goods go: back on the shelf, written off, or nowhere" });

const refundLine = z
  .strictObject({ line_id: id.optional(), line_no: z.int().min(1).max(MAX_LINES).optional(), quantity, restock })
  .refine(exactlyOne(["line_id", "line_no"]), { error: "needs either `line_id` or `line_no`" });

export const refundQuoteSchema = named(
  "RefundQuoteRequest",
  z.strictObject({ lines: z.array(refundLine).min(1).max(MAX_LINES) }),
);

export const refundCreateSchema = named(
  "RefundCreate",
  z.strictObject({
    id: id.optional(),
    lines: z.array(refundLine).min(1).max(MAX_LINES),
    payments: tenders,
    reason: text(500),
    ...drawer,
    customer_id: id.optional().meta({
      description:
        "Whose store credit or account it goes to, where the sale names nobody; never another than the sale's",
    }),
    refunded_at: timestamp
      .optional()
      .meta({ description: "Not before the sale; another business day than today's needs `reports:read`" }),
  }),
);

export type RefundInput = z.output<typeof refundCreateSchema>;
export type RefundLineInput = z.output<typeof refundLine>;

export const unlinkedRefundSchema = named(
  "UnlinkedRefundCreate",
  z.strictObject({
    id: id.optional(),
    store_id: id,
    ...drawer,
    customer_id: id.optional(),
    lines: z.array(saleLineSchema.safeExtend({ restock })).min(1).max(MAX_LINES),
    discount: discount.optional(),
    payments: tenders,
    reason: text(500),
    refunded_at: timestamp.optional().meta({ description: "Another business day than today's needs `reports:read`" }),
  }),
);

export type UnlinkedRefundInput = z.output<typeof unlinkedRefundSchema>;

const refundTotals = () => ({ subtotal: z.int(), discount_total: z.int(), tax_total: z.int(), total: z.int() });

const refundedLine = later(() =>
  z.object({
    line_no: z.int(),
    sale_line_no: z.int().nullable(),
    product_id: z.string().nullable(),
    sku: z.string().nullable(),
    name: z.string(),
    unit: z.enum(["each", "g", "ml"]),
    price_quantity: z.int(),
    unit_price: z.int(),
    quantity: z.int(),
    tax_rate_ppm: z.int(),
    restock: z.enum(["sellable", "damaged", "none"]),
    ...refundTotals(),
  }),
);

export const refundQuoteResponse = component("RefundQuote", () =>
  z.object({
    sale_id: z.string(),
    currency: z.string(),
    ...refundTotals(),
    on_account_at_least: z.int().meta({
      description: "How much of `total` has to go `on_account`, because it is still owed of the sale; minor units",
    }),
    lines: z.array(refundedLine()),
  }),
);

const refundHeader = () => ({
  id: z.string(),
  refund_no: z.string(),
  sale_id: z.string().nullable(),
  store_id: z.string(),
  terminal_id: z.string().nullable(),
  shift_id: z.string().nullable(),
  customer_id: z.string().nullable(),
  user_id: z.string(),
  business_date: z.string(),
  refunded_at: z.string(),
  currency: z.string(),
  tax_mode: z.enum(["inclusive", "exclusive"]),
  ...refundTotals(),
  reason: z.string(),
  created_at: z.string(),
});

export const refundSummarySchema = component("RefundSummary", () => z.object(refundHeader()));

export const refundSchema = component("Refund", () =>
  z.object({
    ...refundHeader(),
    lines: z.array(refundedLine().extend({ id: z.string() })),
    payments: z.array(shownTender()),
  }),
);

export const refundListQuery = z.strictObject({
  store_id: listedStore,
  sale_id: id.optional(),
  business_date: businessDay.optional(),
  shift_id: id.optional(),
  refund_no: documentNumber.optional(),
  ...pageQuery,
});

export type RefundFilter = z.output<typeof refundListQuery>;

export const refundListSchema = pageOf(refundSummarySchema);

export type Refund = OutputOf<typeof refundSchema>;
export type RefundSummary = OutputOf<typeof refundSummarySchema>;
export type RefundQuote = OutputOf<typeof refundQuoteResponse>;
