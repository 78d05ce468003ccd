import * as z from "zod";
import { barcodeKey } from "../../core/barcode.ts";
import { looksLikeCardNumber } from "../../core/card-number.ts";
import { hasForbiddenCharacters, normalizeText } from "../../core/text.ts";
import {
  codeText,
  component,
  id,
  later,
  LOOKS_LIKE_CARD_NUMBER,
  newId,
  type OutputOf,
  pageOf,
  pageQuery,
  quantity,
  queryFlag,
  ratePpm,
  text,
  timeFilter,
  unitPrice,
} from "../../http/schemas.ts";
import { describeBarcodeFault } from "./barcodes.ts";

/** The wire shapes of products. */

const MAX_BARCODES = 20;
const MAX_ATTRIBUTES = 50;
const MAX_ATTRIBUTES_LENGTH = 8000;
const MAX_ATTRIBUTE_LENGTH = 500;
// Names that reach an object's prototype where a reader of ours or of others copies the attributes carelessly.
const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);

const barcode = codeText(64).superRefine((value, check) => {
  const fault = describeBarcodeFault(value);
  if (fault !== null) check.addIssue({ code: "custom", message: fault });
});

const barcodes = z
  .array(barcode)
  .max(MAX_BARCODES)
  .superRefine((values, check) => {
    const keys = values.map((value) => barcodeKey(value));
    for (const [index, key] of keys.entries()) {
      if (keys.indexOf(key) === index) continue;
      check.addIssue({ code: "custom", path: [index], message: "is the same barcode as one before it" });
    }
  })
  .meta({
    description: "8, 12, 13 or 14 digits need a right GS1 check digit; other text is taken as it is",
  });

// A zod record passes `__proto__` over in silence, so the keys are looked at before it is one.
const attributes = z
  .unknown()
  .transform((value, check): Record<string, string | number | boolean> => {
    const fault = (message: string, path: string[] = []): void => {
      check.addIssue({ code: "custom", message, path });
    };
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      fault("is not an object");
      return z.NEVER;
    }
    const entries = Object.entries(value).map(([key, item]): [string, unknown] => [
      key,
      typeof item === "string" ? normalizeText(item) : item,
    ]);
    if (entries.length > MAX_ATTRIBUTES) fault(`has more than ${String(MAX_ATTRIBUTES)} attributes`);
    if (JSON.stringify(value).length > MAX_ATTRIBUTES_LENGTH) {
      fault(`is longer than ${String(MAX_ATTRIBUTES_LENGTH)} characters`);
    }
    for (const [key, item] of entries.slice(0, MAX_ATTRIBUTES)) {
      const detail = describeAttributeFault(key, item);
      if (detail !== null) fault(detail, [key]);
    }
    return Object.fromEntries(entries) as Record<string, string | number | boolean>;
  })
  .meta({
    type: "object",
    maxProperties: MAX_ATTRIBUTES,
    additionalProperties: { type: ["string", "number", "boolean"] },
    description: "What else is known of it: names of 1 to 64 characters with text, numbers or booleans",
  });

function describeAttributeFault(key: string, item: unknown): string | null {
  if (FORBIDDEN_KEYS.has(key)) return "is not allowed as a name";
  if (key.length === 0 || key.length > 64) return "has a name that is not 1 to 64 characters long";
  if (hasForbiddenCharacters(key, { multiline: false })) return "has control characters in its name";
  if (looksLikeCardNumber(key)) return LOOKS_LIKE_CARD_NUMBER;
  if (typeof item === "boolean") return null;
  if (typeof item !== "string" && typeof item !== "number") return "is not text, a number or a boolean";
  const written = String(item);
  if (written.length > MAX_ATTRIBUTE_LENGTH) return `is longer than ${String(MAX_ATTRIBUTE_LENGTH)} characters`;
  if (hasForbiddenCharacters(written, { multiline: true })) return "has control characters";
  return looksLikeCardNumber(written) ? LOOKS_LIKE_CARD_NUMBER : null;
}

const imageUrl = z
  .url({ protocol: /^https$/u, error: "is not an https URL" })
  .max(2000)
  .meta({ description: "https only" });

const sku = codeText(64).meta({ description: "Unique; a-z and A-Z are the same" });

const optionalFields = {
  description: text(4000, { min: 0, multiline: true }).optional(),
  barcodes: barcodes.optional(),
  unit: z.enum(["each", "g", "ml"]).optional().meta({ description: "The base unit of its quantities" }),
  price_quantity: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .meta({ description: "The base units that unit_price is for: 1000 for a price per kilogram" }),
  cost_price: unitPrice
    .nullish()
    .meta({ description: "Minor units for price_quantity base units; needs the permission catalog:cost" }),
  tax_rate_ppm: ratePpm.optional(),
  discount_ppm: ratePpm.optional(),
  category_id: id.nullish(),
  brand_id: id.nullish(),
  max_per_sale: quantity.nullish().meta({ description: "The most that one sale may have of it" }),
  track_stock: z.boolean().optional(),
  attributes: attributes.optional(),
  image_url: imageUrl.nullish(),
  active: z.boolean().optional().meta({ description: "Needs the permission catalog:deactivate" }),
};

export const productInput = z.strictObject({
  id: newId,
  sku,
  name: text(200),
  unit_price: unitPrice,
  ...optionalFields,
});
export type ProductInput = z.output<typeof productInput>;

export const productPatch = z
  .strictObject({
    sku: sku.optional(),
    name: text(200).optional(),
    unit_price: unitPrice.optional(),
    ...optionalFields,
  })
  .refine((patch) => Object.values(patch).some((value) => value !== undefined), {
    error: "Names no field to change",
  });
export type ProductPatch = z.output<typeof productPatch>;

const batchEntry = z.strictObject({
  id: newId,
  sku,
  name: text(200).optional(),
  unit_price: unitPrice.optional(),
  ...optionalFields,
});
export type BatchEntry = z.output<typeof batchEntry>;

export const productBatch = z.strictObject({ products: z.array(batchEntry).min(1).max(1000) });
export type ProductBatch = z.output<typeof productBatch>;

export const batchAnswer = later(() =>
  z.object({
    data: z.array(
      z.object({
        index: z.int(),
        id,
        sku: z.string(),
        version: z.int(),
        created: z.boolean(),
      }),
    ),
  }),
);
export type BatchAnswer = OutputOf<typeof batchAnswer>;

export const productAnswer = component("Product", () =>
  z.object({
    id,
    sku: z.string(),
    name: z.string(),
    description: z.string(),
    barcodes: z.array(z.string()),
    unit: z.enum(["each", "g", "ml"]),
    price_quantity: z.int(),
    unit_price: z.int().meta({ description: "Minor units" }),
    cost_price: z
      .int()
      .nullable()
      .meta({ description: "Minor units; null too for those without the permission stock:write" }),
    tax_rate_ppm: z.int(),
    discount_ppm: z.int(),
    category_id: z.string().nullable(),
    brand_id: z.string().nullable(),
    max_per_sale: z.int().nullable(),
    track_stock: z.boolean(),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    image_url: z.string().nullable(),
    active: z.boolean(),
    version: z.int(),
    created_at: z.string(),
    updated_at: z.string(),
  }),
);

export const productPage = pageOf(productAnswer);

export const productQuery = z.strictObject({
  q: codeText(100).optional().meta({ description: "Each word must begin a word of the name or the SKU" }),
  barcode: codeText(64).optional(),
  sku: codeText(64).optional(),
  category_id: id.optional(),
  brand_id: id.optional(),
  active: queryFlag.optional(),
  updated_since: timeFilter.optional(),
  ...pageQuery,
});
export type ProductQuery = z.output<typeof productQuery>;

export const lookupQuery = z.strictObject({ barcode: codeText(64) });

export const lookupAnswer = later(() =>
  z.object({
    product: productAnswer(),
    quantity: z.int().meta({
      description:
        "In the product's base unit: the grams of a weighed item's printed code, 0 for an in-store code that carries none, else 1",
    }),
    price: z.int().optional().meta({ description: "Minor units, as printed in the code: what is charged" }),
  }),
);
