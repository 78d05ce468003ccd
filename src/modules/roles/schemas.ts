import * as z from "zod";
import { looksLikeCardNumber } from "../../core/card-number.ts";
import { component, id, LOOKS_LIKE_CARD_NUMBER, type OutputOf, pageOf, ratePpm, text } from "../../http/schemas.ts";
import { GRANTABLE_PERMISSIONS, PERMISSIONS } from "../auth/index.ts";

/** The wire shapes of roles. */

const name = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{1,39}$/, { error: "Needs 2 to 40 of a-z, 0-9, _ and -, beginning with a letter" })
  .refine((value) => !looksLikeCardNumber(value), { error: LOOKS_LIKE_CARD_NUMBER })
  .meta({ description: "What users name it by; can't change later", example: "shift_lead" });

const permissions = z
  .array(
    z.enum(GRANTABLE_PERMISSIONS, {
      error: "Is no permission that a role can be given; the administration is the admin's alone",
    }),
  )
  .max(GRANTABLE_PERMISSIONS.length)
  .refine((named) => new Set(named).size === named.length, { error: "Names a permission twice" });

const description = text(200, { min: 0 });

export const roleInput = z.strictObject({
  name,
  description: description.default(""),
  permissions,
  max_discount_ppm: ratePpm
    .default(0)
    .meta({ description: "Line and order discount together that one may give alone, in parts per million of a line" }),
});

export type RoleInput = z.output<typeof roleInput>;

export const roleChange = z
  .strictObject({
    description: description.optional(),
    permissions: permissions.optional(),
    max_discount_ppm: ratePpm.optional(),
  })
  .refine((fields) => Object.keys(fields).length > 0, { error: "Names no field to change" });

export type RoleChange = z.output<typeof roleChange>;

export const roleAnswer = component("Role", () =>
  z.object({
    id,
    name: z.string(),
    description: z.string(),
    permissions: z.array(z.enum(PERMISSIONS)),
    max_discount_ppm: z.int(),
    built_in: z.boolean().meta({ description: "Built-in roles can't be changed" }),
    active: z.boolean(),
    version: z.int(),
    created_at: z.string(),
    updated_at: z.string(),
  }),
);

export type Role = OutputOf<typeof roleAnswer>;

export const rolePage = pageOf(roleAnswer);
