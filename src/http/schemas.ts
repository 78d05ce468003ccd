import { z } from "@hono/zod-openapi";
import { isUuidV7 } from "../core/ids.ts";
import { MAX_AMOUNT, MAX_QUANTITY, MAX_UNIT_PRICE } from "../core/money.ts";
import { hasForbiddenCharacters, looksLikeCardNumber, normalizeText } from "../core/text.ts";
import { describeInput } from "./input-messages.ts";

z.config({ customError: describeInput });

/** The shapes every module's wire schemas are made of. */

/** Text of 1 (or `min`) to `max` characters: NFC, trimmed, no control or bidi-override characters. */
export function text(max: number, options: { min?: number; multiline?: boolean } = {}) {
  return z
    .string()
    .max(max * 4)
    .overwrite(normalizeText)
    .min(options.min ?? 1)
    .max(max)
    .refine((value) => !hasForbiddenCharacters(value, { multiline: options.multiline ?? false }), {
      error: "has control characters",
    });
}

/** Free text beside a payment: never a card number (PCI DSS 4.0.1, 3.3). */
export function textWithoutCardNumber(max: number) {
  return text(max).refine((value) => !looksLikeCardNumber(value), {
    error: "looks like a card number, which is never accepted; send the provider's reference and the last four digits",
  });
}

export const id = z.string().max(64).refine(isUuidV7, { error: "is not a UUIDv7" }).openapi({ format: "uuid" });

export const unitPrice = z.int().min(0).max(MAX_UNIT_PRICE).openapi({ description: "Minor units" });
export const amount = z.int().min(0).max(MAX_AMOUNT).openapi({ description: "Minor units" });
export const positiveAmount = z.int().min(1).max(MAX_AMOUNT).openapi({ description: "Minor units" });
export const ratePpm = z.int().min(0).max(1_000_000).openapi({ description: "Parts per million: 200000 is 20 %" });
export const quantity = z.int().min(1).max(MAX_QUANTITY).openapi({ description: "In the product's base unit" });
export const timestamp = z.iso
  .datetime({ offset: true })
  .max(40)
  .overwrite((value) => (Number.isNaN(Date.parse(value)) ? value : new Date(value).toISOString()))
  // An offset can take an instant out of the years 0000 to 9999, which toISOString then writes with six digits.
  .refine((value) => !/^[+-]/.test(value), { error: "is not within the years 0000 to 9999" })
  .openapi({ description: "ISO 8601 with an offset; kept in UTC with milliseconds" });
export const businessDay = z.iso.date().openapi({ description: "A business day, YYYY-MM-DD" });

/** A query parameter that is a boolean. */
export const queryFlag = z.enum(["true", "false"]).transform((value) => value === "true");

export const idParams = z.object({ id });

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
};

/** A page in the server's own order of arrival. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), next_cursor: z.string().nullable() });
}

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.string(),
    request_id: z.string(),
    errors: z.array(z.looseObject({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .loose()
  .openapi("Problem");
