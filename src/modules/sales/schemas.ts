import * as z from "zod";
import {
  amount,
  businessDay,
  codeText,
  component,
  id,
  named,
  type OutputOf,
  pageOf,
  pageQuery,
  quantity,
  ratePpm,
  text,
  timestamp,
  unitPrice,
} from "../../http/schemas.ts";
import { APPROVAL_ACTIONS } from "../approvals/index.ts";
import { saleTenders, shownTender } from "../payments/index.ts";

/** The wire shapes of selling. Amounts are minor units, rates parts per million, quantities base units. */

export const MAX_LINES = 1000;
const SALE_STATUSES = ["parked", "completed", "partially_refunded", "refunded", "voided"] as const;

export const exactlyOne = (names: readonly string[]) => (value: object) =>
  names.filter((name) => (value as Record<string, unknown>)[name] !== undefined).length === 1;

export const discount = z
  .strictObject({ amount: amount.optional(), ppm: ratePpm.optional(), reason: text(200).optional() })
  .refine(exactlyOne(["amount", "ppm"]), { error: "needs either `amount` or `ppm`" })
  .meta({ description: "Of what it applies to: an amount, or parts per million" });

/** A line of a sale, a parked sale, an order or a refund without its sale. */
export const saleLineSchema = z
  .strictObject({
    product_id: id.optional(),
    sku: codeText(64).optional(),
    barcode: codeText(64).optional(),
    custom: z.strictObject({ name: text(200), unit_price: unitPrice, tax_rate_ppm: ratePpm }).optional(),
    quantity: quantity.optional().meta({ description: "Left out for an in-store code that carries weight or price" }),
    unit_price: unitPrice.optional().meta({ description: "A claim: refused when it is not the price in force" }),
    override: z.strictObject({ unit_price: unitPrice, reason: text(200) }).optional(),
    discount: discount.optional(),
    note: text(500).optional(),
  })
  .refine(exactlyOne(["product_id", "sku", "barcode", "custom"]), {
    error: "needs one of `product_id`, `sku`, `barcode` and `custom`",
  })
  .refine((line) => line.custom === undefined || (line.unit_price === undefined && line.override === undefined), {
    error: "is a custom line: its price stands in `custom`",
  });

export type SaleLineInput = z.output<typeof saleLineSchema>;

export const drawer = {
  terminal_id: id.optional().meta({ description: "The till; alone it means that till's open shift" }),
  shift_id: id.optional().meta({ description: "The shift whose drawer the money goes to; it must be open" }),
};

const basket = {
  store_id: id,
  ...drawer,
  customer_id: id.optional(),
  lines: z.array(saleLineSchema).min(1).max(MAX_LINES),
  discount: discount.optional().meta({ description: "On the whole order" }),
  total: amount.optional().meta({ description: "A claim: refused when it is another" }),
};

export const saleCreateSchema = named(
  "SaleCreate",
  z.strictObject({
    id: id.optional(),
    ...basket,
    salesperson_id: id.optional(),
    sold_at: timestamp.optional(),
    status: z
      .literal("parked")
      .optional()
      .meta({ description: "Puts the basket aside: nothing is paid, nothing moves, no number is taken" }),
    payments: saleTenders.default([]),
    note: text(500).optional(),
  }),
);

export type SaleInput = z.output<typeof saleCreateSchema>;

/** What a parked sale is finished with: what is named replaces what was parked, and null takes it away. */
export const saleCompleteSchema = named(
  "SaleComplete",
  z.strictObject({
    ...drawer,
    customer_id: id.nullable().optional().meta({ description: "In place of the one that was parked; null for nobody" }),
    lines: basket.lines.optional().meta({ description: "In place of the lines that were parked" }),
    discount: discount
      .nullable()
      .optional()
      .meta({ description: "On the whole order, in place of the one that was parked; null for none" }),
    payments: saleTenders.default([]),
    total: basket.total,
  }),
);

export type SaleCompletion = z.output<typeof saleCompleteSchema>;

export const saleVoidSchema = named("SaleVoid", z.strictObject({ reason: text(500).optional() }));

export type SaleVoid = z.output<typeof saleVoidSchema>;

export const quoteSchema = named("QuoteRequest", z.strictObject({ ...basket, payments: saleTenders.optional() }));

export type QuoteInput = z.output<typeof quoteSchema>;

const pricedLine = () => ({
  line_no: z.int(),
  product_id: z.string().nullable(),
  sku: z.string().nullable(),
  barcode: z.string().nullable(),
  name: z.string(),
  unit: z.enum(["each", "g", "ml"]),
  price_quantity: z.int(),
  list_price: z.int().nullable().meta({ description: "The catalogue's price where it was overridden" }),
  unit_price: z.int(),
  override_reason: z.string().nullable(),
  quantity: z.int(),
  tax_rate_ppm: z.int(),
  subtotal: z.int(),
  line_discount: z.int(),
  order_discount: z.int(),
  discount_total: z.int(),
  discount_reason: z.string().nullable(),
  tax_total: z.int(),
  total: z.int(),
  note: z.string().nullable(),
});

const totals = () => ({
  currency: z.string(),
  tax_mode: z.enum(["inclusive", "exclusive"]),
  subtotal: z.int(),
  discount_total: z.int(),
  tax_total: z.int(),
  rounding_adjustment: z.int(),
  total: z.int(),
});

export const quoteResponse = component("Quote", () =>
  z.object({
    store_id: z.string(),
    ...totals(),
    lines: z.array(z.object(pricedLine())),
    approvals_needed: z
      .array(z.object({ action: z.enum(APPROVAL_ACTIONS), limit: z.int().optional() }))
      .meta({ description: "What a sale of it needs a manager's approval for, as `POST /v1/approvals` takes it" }),
  }),
);

const saleHeader = () => ({
  id: z.string(),
  invoice_no: z.string().nullable().meta({ description: "Null while it is parked" }),
  status: z.enum(SALE_STATUSES),
  store_id: z.string(),
  terminal_id: z.string().nullable(),
  shift_id: z.string().nullable(),
  customer_id: z.string().nullable(),
  salesperson_id: z.string().nullable(),
  user_id: z.string(),
  business_date: z.string(),
  sold_at: z.string(),
  ...totals(),
  paid_total: z.int().meta({ description: "What was handed over, with what came later for the balance" }),
  change_due: z.int().meta({ description: "What went back of it, then and later" }),
  balance_due: z.int().meta({
    description:
      "What of the total went on the customer's account and has not been paid off: `paid_total - change_due + balance_due` " +
      "is the total. Neither a void nor a refund changes it; what is still owed is `due`",
  }),
  due: z.int().meta({
    description: "What is still owed of the balance: without what came back on account, and 0 of a voided sale",
  }),
  note: z.string().nullable(),
  created_at: z.string(),
});

export const saleSummarySchema = component("SaleSummary", () => z.object(saleHeader()));

export const saleSchema = component("Sale", () =>
  z.object({
    ...saleHeader(),
    lines: z.array(z.object({ id: z.string(), ...pricedLine(), refunded_quantity: z.int() })),
    payments: z.array(shownTender()),
  }),
);

export type Sale = OutputOf<typeof saleSchema>;
export type Quote = OutputOf<typeof quoteResponse>;
export type SaleSummary = OutputOf<typeof saleSummarySchema>;

/** Which business days a list is of: one of them, or those from one to another. */
const days = {
  business_date: businessDay.optional(),
  from: businessDay.optional().meta({ description: "The first business day, in place of `business_date`" }),
  to: businessDay.optional().meta({ description: "The last business day, inclusive" }),
};

function refuseOddDays(
  {
    business_date,
    from,
    to,
  }: { business_date?: string | undefined; from?: string | undefined; to?: string | undefined },
  issues: z.core.$RefinementCtx,
): void {
  if (business_date !== undefined && (from !== undefined || to !== undefined)) {
    issues.addIssue({ code: "custom", path: ["business_date"], message: "is not for use with `from` or `to`" });
  }
  if (from !== undefined && to !== undefined && to < from) {
    issues.addIssue({ code: "custom", path: ["to"], message: "is before `from`" });
  }
}

/** The number of a sale or refund: of capital letters, however it was typed. */
export const documentNumber = codeText(24).overwrite((value) => value.toUpperCase());

export const listedStore = id.optional().meta({ description: "All stores that the user works in when left out" });

export const saleListQuery = z
  .strictObject({
    store_id: listedStore,
    ...days,
    status: z
      .enum(SALE_STATUSES)
      .optional()
      .meta({ description: "Parked sales are listed where they are asked for, and not among the others" }),
    terminal_id: id.optional(),
    shift_id: id.optional(),
    customer_id: id.optional(),
    salesperson_id: id.optional(),
    user_id: id.optional().meta({ description: "The cashier" }),
    invoice_no: documentNumber.optional(),
    ...pageQuery,
  })
  .superRefine(refuseOddDays);

export type SaleFilter = z.output<typeof saleListQuery>;

export const saleListSchema = pageOf(saleSummarySchema);

export const saleParams = z.object({ sale_id: id });

export const receiptRequest = named(
  "ReceiptRequest",
  z.strictObject({
    format: z.enum(["json", "text", "html", "escpos"]).meta({
      description:
        "Data; text in the store's columns; a page to print; bytes for a receipt printer that knows ESC/POS, which " +
        "cut the paper and, of the first copy of a sale paid in cash in a shift that is still open, open the drawer",
    }),
  }),
);

export type ReceiptFormat = z.output<typeof receiptRequest>["format"];

export const receiptSchema = component("Receipt", () =>
  z.object({
    store: z.object({ name: z.string(), code: z.string() }),
    header: z.string(),
    footer: z.string(),
    terminal_code: z.string().nullable(),
    cashier: z.string(),
    sale: saleSchema(),
    tax_summary: z.array(z.object({ tax_rate_ppm: z.int(), taxable: z.int(), tax: z.int() })),
    copy: z.int(),
    duplicate: z.boolean(),
  }),
);
