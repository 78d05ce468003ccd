import * as z from "zod";
import { MAX_QUANTITY } from "../../core/money.ts";
import {
  codeText,
  component,
  id,
  newId,
  type OutputOf,
  pageOf,
  pageQuery,
  text,
  unitPrice,
} from "../../http/schemas.ts";

/** The wire shapes of stock. Quantities are in the product's base unit, amounts in minor units for one base unit. */

const MAX_LINE_COST = 999_999_999_999_999;

const line = z
  .strictObject({
    product_id: id,
    quantity: z
      .int()
      .min(-MAX_QUANTITY)
      .max(MAX_QUANTITY)
      .refine((value) => value !== 0, { error: "must not be 0" })
      .meta({
        description: "What comes in (received: above 0), or what an adjustment adds or takes away",
      }),
    batch: codeText(64).optional(),
    expires_on: z.iso.date().optional(),
    unit_cost: unitPrice.optional(),
  })
  // The average cost is worked out from this product; it must stay an integer that the database can hold.
  .refine(({ quantity, unit_cost = 0 }) => Math.abs(quantity) * unit_cost <= MAX_LINE_COST, {
    path: ["unit_cost"],
    error: "makes the line cost more than 999,999,999,999,999",
  });

export const stockDocumentInput = z
  .strictObject({
    id: newId,
    store_id: id,
    reason: z.enum(["received", "adjusted"]),
    lines: z.array(line).min(1).max(1000),
    note: text(500, { multiline: true }).optional(),
  })
  .superRefine(({ reason, lines }, check) => {
    if (reason !== "received") return;
    for (const [index, { quantity }] of lines.entries()) {
      // 0 is told of already, as it is by itself wrong.
      if (quantity >= 0) continue;
      check.addIssue({
        code: "custom",
        path: ["lines", index, "quantity"],
        message: "must be above 0 to be received",
      });
    }
  });
export type StockDocumentInput = z.output<typeof stockDocumentInput>;

export const stockDocumentAnswer = component("StockDocument", () =>
  z.object({
    id,
    store_id: z.string(),
    reason: z.enum(["received", "adjusted"]),
    note: z.string().nullable(),
    lines: z.array(
      z.object({
        line_no: z.int(),
        product_id: z.string(),
        quantity: z.int(),
        on_hand: z.int().meta({ description: "After this line" }),
        unit_cost: z.int().nullable(),
        batch: z.string().nullable(),
        expires_on: z.string().nullable(),
      }),
    ),
    created_at: z.string(),
  }),
);

export const stockLevelAnswer = component("StockLevel", () =>
  z.object({
    store_id: z.string(),
    product_id: z.string(),
    sku: z.string(),
    name: z.string(),
    on_hand: z.int(),
    reorder_point: z.int(),
    average_cost: z.int().nullable().meta({ description: "Null too for those without the permission stock:write" }),
    updated_at: z.string().nullable().meta({ description: "Null where nothing has moved yet" }),
  }),
);
export type StockLevel = OutputOf<typeof stockLevelAnswer>;

export const stockLevelPage = pageOf(stockLevelAnswer);

export const stockMovementAnswer = component("StockMovement", () =>
  z.object({
    store_id: z.string(),
    product_id: z.string(),
    reason: z.enum(["sale", "refund", "void", "received", "adjusted", "damaged"]),
    quantity: z.int(),
    on_hand_after: z.int(),
    unit_cost: z.int().nullable().meta({ description: "Null too for those without the permission stock:write" }),
    batch: z.string().nullable(),
    expires_on: z.string().nullable(),
    note: z.string().nullable(),
    source_id: z.string().meta({ description: "The sale, the refund or the stock document" }),
    line_no: z.int(),
    occurred_at: z.string(),
    created_at: z.string(),
  }),
);
export type StockMovementEntry = OutputOf<typeof stockMovementAnswer>;

export const stockMovementPage = pageOf(stockMovementAnswer);

export const stockQuery = z
  .strictObject({ store_id: id.optional(), product_id: id.optional(), ...pageQuery })
  .refine(({ store_id, product_id }) => store_id !== undefined || product_id !== undefined, {
    path: ["store_id"],
    error: "is needed unless product_id is given",
  });
export type StockQuery = z.output<typeof stockQuery>;

export const movementQuery = z.strictObject({
  store_id: id.optional(),
  product_id: id.optional(),
  ...pageQuery,
});
export type MovementQuery = z.output<typeof movementQuery>;
