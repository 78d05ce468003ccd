import * as z from "zod";
import { looksLikeCardNumber } from "../../core/card-number.ts";
import { hasForbiddenCharacters, normalizeText } from "../../core/text.ts";
import {
  amount,
  businessDay,
  component,
  id,
  later,
  LOOKS_LIKE_CARD_NUMBER,
  named,
  newId,
  type OutputOf,
  pageOf,
  pageQuery,
  text,
} from "../../http/schemas.ts";
import { MONEY_METHODS, moneyTenders, saleTenders } from "../payments/index.ts";
import { saleCreateSchema, saleLineSchema, saleSchema } from "../sales/index.ts";

/** The wire shapes of custom orders. Amounts are minor units of the store's currency. */

const MAX_ITEMS = 1000;
const MAX_FIELDS = 50;
const MAX_NAME_LENGTH = 64;

export const STATUSES = ["pending", "in_progress", "ready", "completed", "cancelled"] as const;

const items = z
  .array(saleLineSchema)
  .min(1)
  .max(MAX_ITEMS)
  .meta({ description: "What is ordered, as the lines of a sale; priced when the order is completed" });

// The names that reach an object's prototype are refused in every body, before any schema sees it.
const fields = z
  .record(z.string(), text(500, { multiline: true }))
  .superRefine((value, check) => {
    const names = Object.keys(value);
    if (names.length > MAX_FIELDS) {
      check.addIssue({ code: "custom", message: `has more than ${String(MAX_FIELDS)} fields` });
    }
    for (const name of names.filter((one) => !isFieldName(one)).slice(0, MAX_FIELDS)) {
      check.addIssue({ code: "custom", path: [name], message: "has a name that is not 1 to 64 plain characters long" });
    }
    for (const name of names.filter(looksLikeCardNumber).slice(0, MAX_FIELDS)) {
      check.addIssue({ code: "custom", path: [name], message: LOOKS_LIKE_CARD_NUMBER });
    }
  })
  .meta({
    description: "Whatever else is to be known of it, as text: names of 1 to 64 characters",
    maxProperties: MAX_FIELDS,
  });

function isFieldName(name: string): boolean {
  const plain = name === normalizeText(name) && !hasForbiddenCharacters(name);
  return plain && name.length >= 1 && name.length <= MAX_NAME_LENGTH;
}

const note = text(1000, { multiline: true });
const dueDate = businessDay.meta({ description: "When it is promised for, YYYY-MM-DD" });

export const orderCreateSchema = named(
  "OrderCreate",
  z.strictObject({
    id: newId,
    store_id: id.optional().meta({ description: "Left out, the one signed in to, else the only one you work in" }),
    customer_id: id,
    items,
    fields: fields.optional(),
    due_date: dueDate.nullish(),
    note: note.nullish(),
  }),
);

export type OrderInput = z.output<typeof orderCreateSchema> & { store_id: string };

export const orderChangeSchema = named(
  "OrderChange",
  z
    .strictObject({
      items: items.optional(),
      fields: fields.optional().meta({ description: "In place of all that were there" }),
      due_date: dueDate.nullish(),
      note: note.nullish(),
      status: z
        .enum(["pending", "in_progress", "ready", "cancelled"])
        .optional()
        .meta({ description: "Forward only; completed by `POST /v1/orders/{id}/complete`" }),
    })
    .refine((change) => Object.values(change).some((value) => value !== undefined), {
      error: "Names no field to change",
    })
    .meta({ description: "What is named changes; null empties a field" }),
);

export type OrderChange = z.output<typeof orderChangeSchema>;

export const orderListQuery = z.strictObject({
  store_id: id.optional(),
  status: z.enum(STATUSES).optional(),
  customer_id: id.optional(),
  ...pageQuery,
});

export type OrderFilter = z.output<typeof orderListQuery>;

const header = () => ({
  id: z.string(),
  store_id: z.string(),
  customer_id: z.string(),
  status: z.enum(STATUSES),
  currency: z.string(),
  items: z.array(saleLineSchema),
  fields: z.record(z.string(), z.string()),
  due_date: z.string().nullable(),
  note: z.string().nullable(),
  sale_id: z.string().nullable().meta({ description: "The sale that a completed order has become" }),
  deposit_total: amount.meta({ description: "What it holds: deposits less those given back" }),
  user_id: z.string(),
  version: z.int(),
  created_at: z.string(),
  updated_at: z.string(),
});

export const orderSummarySchema = component("OrderSummary", () => z.object(header()));

export type OrderSummary = OutputOf<typeof orderSummarySchema>;

export const orderListSchema = pageOf(orderSummarySchema);

const depositSchema = later(() =>
  z.object({
    id: z.string(),
    method: z.enum(MONEY_METHODS),
    amount: z.int(),
    reference: z.string().nullable(),
    card_last4: z.string().nullable(),
    terminal_id: z.string().nullable(),
    shift_id: z.string().nullable(),
    business_date: z.string(),
    user_id: z.string(),
    note: z.string().nullable(),
    received_at: z.string(),
    given_back_at: z.string().nullable(),
  }),
);

export type Deposit = OutputOf<typeof depositSchema>;

export const orderSchema = component("Order", () => z.object({ ...header(), deposits: z.array(depositSchema()) }));

export type Order = OutputOf<typeof orderSchema>;

const drawer = {
  terminal_id: id.optional().meta({ description: "The till; alone it means that till's open shift" }),
  shift_id: id.optional().meta({ description: "The shift whose drawer the money goes to; it must be open" }),
};

export const depositCreateSchema = named(
  "DepositCreate",
  z.strictObject({ payments: moneyTenders, ...drawer, note: text(500).optional() }),
);

export type DepositInput = z.output<typeof depositCreateSchema>;

export const depositRefundSchema = named(
  "DepositRefundCreate",
  z.strictObject({
    deposit_id: id.meta({ description: "The deposit that goes back: all of it, by the method it came by" }),
    ...drawer,
    note: text(500).optional(),
  }),
);

export type DepositRefundInput = z.output<typeof depositRefundSchema>;

const { discount, salesperson_id, total } = saleCreateSchema.shape;

export const orderCompleteSchema = named(
  "OrderComplete",
  z.strictObject({
    ...drawer,
    discount,
    salesperson_id,
    payments: saleTenders.default([]).meta({ description: "What is still to be paid after the deposits" }),
    total,
  }),
);

export type OrderCompletion = z.output<typeof orderCompleteSchema>;

export const completedOrderSchema = component("CompletedOrder", () =>
  z.object({ order: orderSchema(), sale: saleSchema() }),
);
