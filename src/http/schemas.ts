// Not `{ z }`: of the namespace a bundle takes only what is used, which leaves out the words of fifty languages.
import * as z from "zod";
import { looksLikeCardNumber } from "../core/card-number.ts";
import { isUuidV7 } from "../core/ids.ts";
import { MAX_AMOUNT, MAX_QUANTITY, MAX_UNIT_PRICE } from "../core/money.ts";
import { hasForbiddenCharacters, normalizeText } from "../core/text.ts";
import { describeInput } from "./input-messages.ts";

z.config({ customError: describeInput });

/** The shapes every module's wire schemas are made of. */

interface TextOptions {
  min?: number;
  multiline?: boolean;
}

/** What people type, of 1 (or `min`) to `max` characters: NFC, trimmed, nothing that is not seen, no card's number. */
export function text(max: number, options: TextOptions = {}) {
  // What is too long is refused for that: no more of it is read than may be kept.
  const isSafe = (value: string) => value.length > max || !looksLikeCardNumber(value);
  return z.string().check(...boundsOf(max, options), z.refine(isSafe, { error: LOOKS_LIKE_CARD_NUMBER }));
}

/**
 * The same for codes and numbers (SKU, barcode, batch, invoice number), which may be long digits by nature, and for what is
 * only looked for. Not for what people type: a card's number would be kept.
 */
export function codeText(max: number, options: TextOptions = {}) {
  return z.string().check(...boundsOf(max, options));
}

// Given to one `check` together: each by itself would copy the schema, at start-up, for each field of text there is.
function boundsOf(max: number, { min = 1, multiline = false }: TextOptions) {
  return [
    z.maxLength(max * 4),
    z.overwrite(normalizeText),
    z.minLength(min),
    z.maxLength(max),
    z.refine<string>((value) => !hasForbiddenCharacters(value, { multiline }), {
      error: "has control characters, or others that are not seen",
    }),
  ] as const;
}

export const LOOKS_LIKE_CARD_NUMBER =
  "looks like a card number, which is never accepted; of a card only its last four digits may be sent";

export const id = z.string().max(64).refine(isUuidV7, { error: "is not a UUIDv7" }).meta({ format: "uuid" });

/** The id that a client may give to what it brings in. */
export const newId = id.optional().meta({ description: "The client's own UUIDv7; given out when left out" });

/** The store of a command that another field, or the session, can say. */
export const storeIfNeeded = id.optional().meta({
  description: "Left out, the till's or the shift's store, else the one signed in to, else the only one you work in",
});

export const email = text(254).pipe(z.email()).meta({ format: "email" });

export const unitPrice = z.int().min(0).max(MAX_UNIT_PRICE).meta({ description: "Minor units" });
export const amount = z.int().min(0).max(MAX_AMOUNT).meta({ description: "Minor units" });
export const positiveAmount = z.int().min(1).max(MAX_AMOUNT).meta({ description: "Minor units" });
export const ratePpm = z.int().min(0).max(1_000_000).meta({ description: "Parts per million: 200000 is 20 %" });
export const quantity = z.int().min(1).max(MAX_QUANTITY).meta({ description: "In the product's base unit" });
const instant = z.iso
  .datetime({ offset: true })
  .max(40)
  .overwrite((value) => (Number.isNaN(Date.parse(value)) ? value : new Date(value).toISOString()));

/** When something happened: a clock that stands before the year 2000 is wrong. */
export const timestamp = instant
  // An offset can take an instant beyond the year 9999, which toISOString then writes with a sign and six digits.
  .refine((value) => !/^[01+-]/.test(value), { error: "is not within the years 2000 to 9999" })
  .meta({ description: "ISO 8601 with an offset, from 2000-01-01 on; kept in UTC with milliseconds" });

/** A time that is only compared with: 1970 asks for all there is. */
export const timeFilter = instant
  .refine((value) => !/^[+-]/.test(value), { error: "is not within the years 0000 to 9999" })
  .meta({ description: "ISO 8601 with an offset" });
export const businessDay = z.iso.date().meta({ description: "A business day, YYYY-MM-DD" });

/** A query parameter that is a boolean. */
export const queryFlag = z.enum(["true", "false"]).transform((value) => value === "true");

export const idParams = z.object({ id });

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
};

/** A list that is asked for by pages alone. */
export const pageOnly = z.strictObject(pageQuery);

/**
 * The schema of an answer, which is made when the API is described. The Worker never makes it: that handlers answer
 * what they declare is the compiler's to see, and start-up is short.
 */
export type Later<S extends z.ZodType = z.ZodType> = () => S;

export type OutputOf<L extends Later> = z.output<ReturnType<L>>;

/** Makes a schema at the first call, and gives the same one ever after. */
export function later<S extends z.ZodType>(make: Later<S>): Later<S> {
  let made: S | undefined;
  return () => (made ??= make());
}

/** An answer's schema that stands under its own name in the API's description. */
export function component<S extends z.ZodType>(name: string, make: Later<S>): Later<S> {
  return later(() => named(name, make()));
}

/**
 * Gives a schema its name in the API's description. `openapi` is there only while that is written: the library that
 * adds it to every schema is no part of the Worker.
 */
export function named<S extends z.ZodType>(name: string, schema: S): S {
  return "openapi" in schema ? schema.openapi(name) : schema;
}

/** A page in the server's own order of arrival. */
export function pageOf<T extends z.ZodType>(item: Later<T>) {
  return later(() => z.object({ data: z.array(item()), next_cursor: z.string().nullable() }));
}

export const problemSchema = component("Problem", () =>
  z
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
    .loose(),
);
