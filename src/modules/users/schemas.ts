import { z } from "@hono/zod-openapi";
import { id, pageOf, pageQuery, text } from "../../http/schemas.ts";
import { ROLE_NAMES } from "../auth/index.ts";

/** The wire shapes of users. */

const username = text(64, { min: 2 }).openapi({ description: "Unique; a-z and A-Z are the same" });
const email = text(254).pipe(z.email()).openapi({ format: "email" });

/** Length over rules of composition (NIST SP 800-63B-4, 3.1.1.2). It is never trimmed. */
const newPassword = z
  .string()
  .min(12)
  .max(128)
  .openapi({ format: "password", description: "12 to 128 characters of any kind" });

export const setupInput = z.strictObject({ username, full_name: text(200), email, password: newPassword });

export type SetupInput = z.output<typeof setupInput>;

export const userInput = setupInput.extend({
  role: z.enum(ROLE_NAMES),
  store_ids: z
    .array(id)
    .max(100)
    .refine((ids) => new Set(ids).size === ids.length, { error: "Names a store twice" })
    .default([])
    .openapi({ description: "The stores the user works in; of no meaning for an admin, who works in all" }),
});

export type UserInput = z.output<typeof userInput>;

export const userAnswer = z
  .object({
    id,
    username: z.string(),
    full_name: z.string(),
    email: z.string(),
    role: z.string(),
    store_ids: z
      .array(id)
      .openapi({ description: "The stores the user works in; empty for an admin, who works in all" }),
    active: z.boolean(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .openapi("User");

export type User = z.output<typeof userAnswer>;

export const userPage = pageOf(userAnswer);
export const userQuery = z.strictObject(pageQuery);
