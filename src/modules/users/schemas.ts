import * as z from "zod";
import { component, email, id, type OutputOf, pageOf, text } from "../../http/schemas.ts";

/** The wire shapes of users. */

const username = text(64, { min: 2 }).meta({ description: "Unique; a-z and A-Z are the same" });

/** Length over rules of composition (NIST SP 800-63B-4, 3.1.1.2). It is never trimmed. */
const newPassword = z
  .string()
  .min(12)
  .max(128)
  .meta({ format: "password", description: "12 to 128 characters of any kind" });

export const setupInput = z.strictObject({ username, full_name: text(200), email, password: newPassword });

export type SetupInput = z.output<typeof setupInput>;

export const userInput = setupInput.extend({
  role: text(40).meta({ description: "The name of a role: admin, employee, cashier, or one that an admin made" }),
  store_ids: z
    .array(id)
    .max(100)
    .refine((ids) => new Set(ids).size === ids.length, { error: "Names a store twice" })
    .default([])
    .meta({ description: "The stores the user works in; of no meaning for an admin, who works in all" }),
});

export type UserInput = z.output<typeof userInput>;

export const userAnswer = component("User", () =>
  z.object({
    id,
    username: z.string(),
    full_name: z.string(),
    email: z.string(),
    role: z.string(),
    store_ids: z.array(id).meta({ description: "The stores the user works in; empty for an admin, who works in all" }),
    active: z.boolean(),
    created_at: z.string(),
    updated_at: z.string(),
  }),
);

export type User = OutputOf<typeof userAnswer>;

export const userPage = pageOf(userAnswer);
