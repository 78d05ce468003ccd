import * as z from "zod";
import {
  codeText,
  component,
  email,
  id,
  later,
  type OutputOf,
  pageOf,
  pageQuery,
  queryFlag,
  text,
} from "../../http/schemas.ts";
import { newPassword } from "../auth/index.ts";

/** The wire shapes of users. */

const username = text(64, { min: 2 }).meta({ description: "Unique; a-z and A-Z are the same" });

const role = codeText(40).meta({
  description: "The name of a role: admin, employee, cashier, or one that an admin made",
});

const storeIds = z
  .array(id)
  .max(100)
  .refine((ids) => new Set(ids).size === ids.length, { error: "names a store twice" })
  .meta({ description: "The stores the user works in; of no meaning for an admin, who works in all" });

export const setupInput = z.strictObject({ username, full_name: text(200), email, password: newPassword });

export type SetupInput = z.output<typeof setupInput>;

export const userInput = setupInput.extend({ role, store_ids: storeIds.default([]) });

export type UserInput = z.output<typeof userInput>;

export const userPatch = z
  .strictObject({ full_name: text(200), email, role, store_ids: storeIds })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, { error: "must name at least one field to change" });

export type UserPatch = z.output<typeof userPatch>;

export const userQuery = z.strictObject({
  role: codeText(40).optional(),
  active: queryFlag.optional(),
  store_id: id
    .optional()
    .meta({ description: "Who is assigned to the store; admins, who work in all, are not among them" }),
  ...pageQuery,
});

export type UserQuery = z.output<typeof userQuery>;

export const resetInput = z.strictObject({
  new_password: newPassword
    .optional()
    .meta({ description: "Like that of a new user; left out, a temporary one is made up" }),
});

export type ResetInput = z.output<typeof resetInput>;

export const pinInput = z.strictObject({
  store_id: id,
  // What a PIN must be is said by the rule of PINs.
  pin: z.string().min(1).max(64).meta({
    format: "password",
    minLength: 6,
    maxLength: 8,
    pattern: "^[0-9]+$",
    description: "Digits that are not the first to be guessed",
  }),
});

export type PinInput = z.output<typeof pinInput>;

/** Which PIN of a user: that of this store. */
export const pinOfStore = z.strictObject({ store_id: id });

export const userAnswer = component("User", () =>
  z.object({
    id,
    username: z.string(),
    full_name: z.string(),
    email: z.string(),
    role: z.string(),
    store_ids: z.array(id).meta({ description: "The stores the user works in; empty for an admin, who works in all" }),
    pin_store_ids: z.array(id).meta({ description: "The stores in which the user has a PIN" }),
    must_change_password: z
      .boolean()
      .meta({ description: "The password is temporary: nothing else is permitted before" }),
    active: z.boolean(),
    version: z.int().meta({ description: "Goes up with every change; the ETag" }),
    created_at: z.string(),
    updated_at: z.string(),
  }),
);

export type User = OutputOf<typeof userAnswer>;

export const userPage = pageOf(userAnswer);

export const resetAnswer = later(() =>
  z.object({
    temporary_password: z
      .string()
      .nullable()
      .meta({ description: "Told this once; null where the password was given" }),
    user: userAnswer(),
  }),
);

export type Reset = OutputOf<typeof resetAnswer>;
