import * as z from "zod";
import {
  amount,
  businessDay,
  component,
  id,
  later,
  named,
  newId,
  type OutputOf,
  pageOf,
  pageQuery,
  text,
} from "../../http/schemas.ts";
import { METHODS } from "../payments/index.ts";
import { taxByRateSchema } from "./tax-by-rate.ts";

/** The wire shapes of a till's day. Amounts are minor units of the shift's currency. */

export const shiftOpenSchema = named(
  "ShiftOpen",
  z.strictObject({
    id: newId,
    terminal_id: id,
    opening_float: amount.meta({ description: "What lies in the drawer before the first sale, in minor units" }),
  }),
);

export type ShiftOpening = z.output<typeof shiftOpenSchema>;

export const shiftParams = z.object({ shift_id: id });

const shift = () => ({
  id: z.string(),
  store_id: z.string(),
  terminal_id: z.string(),
  status: z.enum(["open", "closed"]),
  currency: z.string(),
  opening_float: z.int(),
  business_date: z.string().meta({ description: "The business day on which it was opened" }),
  opened_at: z.string(),
  opened_by: z.string(),
  closed_at: z.string().nullable(),
  closed_by: z.string().nullable(),
  note: z.string().nullable(),
  created_at: z.string(),
});

export const shiftSchema = component("Shift", () => z.object(shift()));

export type Shift = OutputOf<typeof shiftSchema>;

export const shiftListQuery = z.strictObject({
  store_id: id.optional(),
  terminal_id: id.optional(),
  status: z.enum(["open", "closed"]).optional(),
  ...pageQuery,
});

export type ShiftFilter = z.output<typeof shiftListQuery>;

export const shiftListSchema = pageOf(shiftSchema);

const MOVEMENTS = ["paid_in", "paid_out", "drop", "no_sale"] as const;

export const cashMovementInput = named(
  "CashMovementCreate",
  z
    .strictObject({
      id: newId,
      type: z.enum(MOVEMENTS),
      amount: amount.optional().meta({ description: "Minor units; none for `no_sale`, which only opens the drawer" }),
      reason: text(500),
    })
    .refine(({ type, amount: moved = 0 }) => (type === "no_sale") === (moved === 0), {
      error: "must be above 0, or for `no_sale` be 0 or left out",
      path: ["amount"],
    }),
);

export type CashMovementInput = z.output<typeof cashMovementInput>;

const cashMovement = later(() =>
  z.object({
    id: z.string(),
    type: z.enum(MOVEMENTS),
    amount: z.int(),
    reason: z.string(),
    user_id: z.string(),
    moved_at: z.string(),
  }),
);

export const cashMovementSchema = component("CashMovement", () =>
  cashMovement().extend({
    store_id: z.string(),
    terminal_id: z.string(),
    shift_id: z.string(),
    created_at: z.string(),
  }),
);

export type CashMovement = OutputOf<typeof cashMovementSchema>;

const MOST_DENOMINATIONS = 50;

export const shiftCloseSchema = named(
  "ShiftClose",
  z.strictObject({
    counted: z
      .array(z.strictObject({ method: z.enum(METHODS), amount }))
      .min(1)
      .max(METHODS.length)
      .meta({ description: "What was found; cash always" }),
    denominations: z
      .array(
        z.strictObject({
          value: z.int().min(1).max(1_000_000_000).meta({ description: "Of one note or coin, in minor units" }),
          count: z.int().min(0).max(1_000_000),
        }),
      )
      .max(MOST_DENOMINATIONS)
      .optional()
      .meta({ description: "The cash by notes and coins; it sums to the cash that was counted" }),
    note: text(500).optional(),
  }),
);

export type ShiftClosing = z.output<typeof shiftCloseSchema>;

const count = () => z.int().min(0);

export const reportSchema = component("ShiftReport", () =>
  z.object({
    kind: z.enum(["x", "z"]),
    number: z.int().nullable().meta({ description: "From 1 for each till; null for an X report" }),
    supplement: z.boolean().meta({ description: "What came for the shift after it was closed" }),
    store_id: z.string(),
    terminal_id: z.string(),
    shift_id: z.string(),
    business_date: z.string(),
    business_dates: z.array(z.string()).meta({ description: "Every business day it touches" }),
    currency: z.string(),
    opened_at: z.string(),
    opened_by: z.string(),
    closed_at: z.string().nullable(),
    closed_by: z.string().nullable(),
    opening_float: z.int(),
    sales_count: count(),
    refunds_count: count(),
    voids_count: count(),
    voids_total: z.int(),
    no_sales_count: count(),
    gross: z
      .int()
      .meta({ description: "The sum of sale totals, with tax; voided sales are in no figure but the voids" }),
    discount_total: z.int(),
    tax_total: z.int(),
    refund_total: z.int(),
    refund_tax_total: z.int(),
    net: z.int().meta({ description: "`gross` less `refund_total`" }),
    tax_by_rate: taxByRateSchema(),
    by_method: z.array(
      z.object({
        method: z.enum(METHODS),
        sales: z.int().meta({ description: "Of cash, what stayed after change" }),
        refunds: z.int(),
        expected: z.int().meta({ description: "What there must be of it, with deposits and account payments" }),
        counted: z.int().nullable(),
        difference: z.int().nullable().meta({ description: "`counted` less `expected`" }),
      }),
    ),
    cash: z.object({
      opening_float: z.int(),
      sales: z.int().meta({ description: "What was handed over in cash for sales, before change" }),
      change: z.int(),
      refunds: z.int(),
      deposits: z.int().meta({ description: "On orders, and for gift cards" }),
      account_payments: z.int(),
      paid_in: z.int(),
      paid_out: z.int(),
      drops: z.int(),
      expected: z.int(),
    }),
    cash_movements: z.array(cashMovement()),
    first_invoice_no: z.string().nullable(),
    last_invoice_no: z.string().nullable(),
    by_category: z
      .array(
        z.object({
          category_id: z.string().nullable(),
          name: z.string().nullable(),
          quantity: z.int(),
          total: z.int(),
        }),
      )
      .meta({ description: "What was sold less what came back, by lines" }),
    grand_total: z.int().meta({ description: "The sum of `net` of the till's Z reports to date" }),
    previous_hash: z.string().nullable(),
    hash: z.string().nullable().meta({ description: "SHA-256 over the report without `hash`, as JSON by RFC 8785" }),
  }),
);

export type ShiftReport = OutputOf<typeof reportSchema>;

export const closedShiftSchema = component("ClosedShift", () => z.object({ ...shift(), report: reportSchema() }));

export const zReportQuery = z.strictObject({
  store_id: id.optional(),
  terminal_id: id.optional(),
  shift_id: id.optional(),
  business_date: businessDay.optional(),
  ...pageQuery,
});

export type ZReportFilter = z.output<typeof zReportQuery>;

export const zReportListSchema = pageOf(reportSchema);
