import * as z from "zod";
import { MAX_UNIT_PRICE } from "../../core/money.ts";
import { isCurrency } from "../../core/currency.ts";
import { isTimeZone } from "../../core/business-day.ts";
import { component, id, type OutputOf, pageOf, pageQuery, text } from "../../http/schemas.ts";

/** The wire shapes of stores, with the defaults of a store that names no more than it must. */

const code = z
  .string()
  .regex(/^[A-Z0-9]{2,8}$/, { error: "Needs 2 to 8 of A-Z and 0-9" })
  .meta({ description: "Begins every invoice number of the store", example: "MAIN" });
const taxMode = z.enum(["inclusive", "exclusive"]);
const roundingMode = z.enum(["half_up", "half_even"]);
const roundingScope = z.enum(["line", "invoice"]);
const receiptText = text(1000, { min: 0, multiline: true });

const fields = {
  name: text(200),
  timezone: z
    .string()
    .max(64)
    .refine(isTimeZone, { error: "Is not an IANA time zone" })
    .meta({ description: "IANA time zone", example: "Europe/London" }),
  day_cutoff: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: "Needs a time as HH:MM" })
    .meta({ description: "When a business day begins, local time" }),
  tax_mode: taxMode.meta({ description: "Whether prices include tax" }),
  cash_rounding: z.int().min(1).max(1_000_000).meta({ description: "Minor units; 1 rounds nothing" }),
  drawer_tolerance: z.int().min(0).max(MAX_UNIT_PRICE).meta({ description: "Minor units" }),
  allow_oversell: z.boolean().meta({ description: "Whether stock may go below zero" }),
};
const receiptWidth = z.int().min(24).max(80).meta({ description: "Columns" });

export const storeInput = z.strictObject({
  code,
  name: fields.name,
  currency: z
    .string()
    .refine(isCurrency, { error: "Is not a currency of ISO 4217" })
    .meta({ description: "ISO 4217; can't change later", example: "GBP" }),
  timezone: fields.timezone.default("UTC"),
  day_cutoff: fields.day_cutoff.default("00:00"),
  tax_mode: fields.tax_mode.default("inclusive"),
  rounding: z
    .strictObject({ mode: roundingMode.default("half_up"), scope: roundingScope.default("line") })
    .prefault({}),
  cash_rounding: fields.cash_rounding.default(1),
  drawer_tolerance: fields.drawer_tolerance.default(0),
  allow_oversell: fields.allow_oversell.default(false),
  receipt: z
    .strictObject({
      header: receiptText.default(""),
      footer: receiptText.default(""),
      width: receiptWidth.default(42),
    })
    .prefault({}),
});

export type StoreInput = z.output<typeof storeInput>;

/** Code and currency are on every bill and can't change. Of what is nested each field changes by itself. */
export const storeChange = z
  .strictObject({
    ...fields,
    rounding: z.strictObject({ mode: roundingMode, scope: roundingScope }).partial(),
    receipt: z.strictObject({ header: receiptText, footer: receiptText, width: receiptWidth }).partial(),
  })
  .partial()
  .refine((named) => Object.keys(named).length > 0, { error: "Names no field to change" });

export type StoreChange = z.output<typeof storeChange>;

export const storeAnswer = component("Store", () =>
  z.object({
    id,
    code: z.string(),
    name: z.string(),
    currency: z.string(),
    timezone: z.string(),
    day_cutoff: z.string(),
    tax_mode: taxMode,
    rounding: z.object({ mode: roundingMode, scope: roundingScope }),
    cash_rounding: z.int(),
    drawer_tolerance: z.int(),
    allow_oversell: z.boolean(),
    receipt: z.object({ header: z.string(), footer: z.string(), width: z.int() }),
    active: z.boolean(),
    version: z.int(),
    created_at: z.string(),
    updated_at: z.string(),
  }),
);

export type StoreAnswer = OutputOf<typeof storeAnswer>;

export const storePage = pageOf(storeAnswer);

export const storeQuery = z.strictObject({
  ...pageQuery,
  code: z.string().max(8).optional().meta({ description: "The one store of this code" }),
});

export type StoreQuery = z.output<typeof storeQuery>;
