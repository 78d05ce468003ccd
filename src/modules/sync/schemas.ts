import * as z from "zod";
import { isCardNumber } from "../../core/card-number.ts";
import { hasForbiddenCharacters } from "../../core/text.ts";
import { MAX_APPROVALS_LENGTH } from "../../http/approvals.ts";
import {
  codeText,
  component,
  id,
  LOOKS_LIKE_CARD_NUMBER,
  named,
  type OutputOf,
  pageOf,
  pageQuery,
  text,
  timestamp,
} from "../../http/schemas.ts";
import { accountPaymentSchema, customerSchema } from "../customers/index.ts";
import { giftCardCreateSchema } from "../gift-cards/index.ts";
import { depositCreateSchema, depositRefundSchema, orderCompleteSchema, orderCreateSchema } from "../orders/index.ts";
import {
  refundCreateSchema,
  saleCompleteSchema,
  saleCreateSchema,
  saleVoidSchema,
  unlinkedRefundSchema,
} from "../sales/index.ts";
import { settlementSchema } from "../settlements/index.ts";
import { cashMovementInput, shiftCloseSchema, shiftOpenSchema } from "../shifts/index.ts";

/** The wire shapes of an offline till: commands that have happened, and what came of them. */

export const MAX_COMMANDS = 50;

/**
 * What every command has. Its body is looked at later, one by one, so that a malformed one is rejected alone; that is
 * why this object alone lets through what it does not know.
 */
export const syncRequestSchema = named(
  "SyncRequest",
  z.strictObject({ terminal_id: id, commands: z.array(z.unknown()).min(1).max(MAX_COMMANDS) }).meta({
    description:
      "Each command: `seq`, `idempotency_key`, `type`, `occurred_at`, `body` (the endpoint's, with the path's parameters by name).",
  }),
);

const envelope = {
  seq: z.int().min(1),
  idempotency_key: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .refine((key) => !hasForbiddenCharacters(key), { error: "has control characters" })
    .refine((key) => !isCardNumber(key), { error: LOOKS_LIKE_CARD_NUMBER }),
  occurred_at: timestamp,
  approval: z.string().max(MAX_APPROVALS_LENGTH).optional().meta({
    description: "A manager's approvals, as `X-Approval` bears them; they were in time if they were when this happened",
  }),
};

const invoiceNo = codeText(24).optional().meta({ description: "The number the till gave while it was offline" });

export const commandSchema = z.discriminatedUnion("type", [
  z.strictObject({
    ...envelope,
    type: z.literal("sale"),
    body: saleCreateSchema.extend({ store_id: id.optional(), invoice_no: invoiceNo }),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal("refund"),
    body: z.union([
      refundCreateSchema.extend({ sale_id: id, refund_no: invoiceNo }),
      unlinkedRefundSchema.extend({ store_id: id.optional(), refund_no: invoiceNo }),
    ]),
  }),
  z.strictObject({ ...envelope, type: z.literal("customer"), body: customerSchema }),
  z.strictObject({
    ...envelope,
    type: z.literal("complete"),
    body: saleCompleteSchema.extend({ sale_id: id, invoice_no: invoiceNo }),
  }),
  z.strictObject({ ...envelope, type: z.literal("void"), body: saleVoidSchema.extend({ sale_id: id }) }),
  z.strictObject({
    ...envelope,
    type: z.literal("shift_open"),
    body: shiftOpenSchema.extend({ terminal_id: id.optional() }),
  }),
  z.strictObject({ ...envelope, type: z.literal("shift_close"), body: shiftCloseSchema.extend({ shift_id: id }) }),
  z.strictObject({
    ...envelope,
    type: z.literal("cash_movement"),
    body: cashMovementInput.safeExtend({ shift_id: id }),
  }),
  z.strictObject({ ...envelope, type: z.literal("payment"), body: settlementSchema.extend({ sale_id: id }) }),
  z.strictObject({
    ...envelope,
    type: z.literal("gift_card"),
    body: giftCardCreateSchema.extend({ store_id: id.optional() }),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal("customer_payment"),
    body: accountPaymentSchema.extend({ customer_id: id, store_id: id.optional() }),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal("order"),
    body: orderCreateSchema.extend({ store_id: id.optional() }),
  }),
  z.strictObject({ ...envelope, type: z.literal("deposit"), body: depositCreateSchema.extend({ order_id: id }) }),
  z.strictObject({
    ...envelope,
    type: z.literal("deposit_refund"),
    body: depositRefundSchema.extend({ order_id: id }),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal("order_complete"),
    body: orderCompleteSchema.extend({ order_id: id, invoice_no: invoiceNo }),
  }),
]);

export type Command = z.output<typeof commandSchema>;

export const syncResponseSchema = component("SyncResponse", () =>
  z.object({
    results: z.array(
      z.object({
        seq: z.int().nullable(),
        outcome: z.enum(["applied", "flagged", "replayed", "rejected"]),
        resource: z
          .object({
            type: z.string(),
            id: z.string(),
            invoice_no: z.string().optional(),
            refund_no: z.string().optional(),
          })
          .optional(),
        problem: z
          .looseObject({
            code: z.string(),
            detail: z.string(),
            errors: z.array(z.looseObject({ pointer: z.string(), detail: z.string() })).optional(),
          })
          .optional(),
      }),
    ),
  }),
);

export type SyncResult = OutputOf<typeof syncResponseSchema>["results"][number];

export const EXCEPTION_TYPES = [
  "oversold",
  "stale_price",
  "closed_shift",
  "credit_exceeded",
  "clock_skew",
  "number_gap",
  "number_repeat",
] as const;

export const exceptionSchema = component("SyncException", () =>
  z.object({
    id: z.string(),
    type: z.enum(EXCEPTION_TYPES),
    state: z.enum(["open", "resolved"]),
    store_id: z.string(),
    terminal_id: z.string(),
    seq: z.int(),
    seq_to: z.int().nullable().meta({
      description:
        "The last number of the hole in `seq` that a number_gap tells of; null of a hole in invoice or refund numbers",
    }),
    sale_id: z.string().nullable(),
    detail: z.string(),
    opened_at: z.string(),
    resolved_at: z.string().nullable(),
    resolved_by: z.string().nullable(),
    note: z.string().nullable(),
  }),
);

export type SyncException = OutputOf<typeof exceptionSchema>;
export type ExceptionType = (typeof EXCEPTION_TYPES)[number];

export const exceptionListQuery = z.strictObject({
  store_id: id.optional(),
  terminal_id: id.optional(),
  type: z.enum(EXCEPTION_TYPES).optional(),
  state: z.enum(["open", "resolved"]).optional(),
  ...pageQuery,
});

export const exceptionListSchema = pageOf(exceptionSchema);
export const exceptionParams = z.object({ exception_id: id });
export const resolveSchema = z.strictObject({ note: text(500) });
