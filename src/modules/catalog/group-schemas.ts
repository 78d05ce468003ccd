import { z } from "@hono/zod-openapi";
import { id, pageOf, text } from "../../http/schemas.ts";

/** The wire shapes of categories (a tree) and brands. */

const newId = id.optional().openapi({ description: "The client's own UUIDv7; given out when left out" });

export const categoryInput = z.strictObject({ id: newId, name: text(200), parent_id: id.nullish() });
export type CategoryInput = z.output<typeof categoryInput>;

export const brandInput = z.strictObject({ id: newId, name: text(200) });
export type BrandInput = z.output<typeof brandInput>;

export const categoryAnswer = z
  .object({ id, name: z.string(), parent_id: z.string().nullable(), created_at: z.string() })
  .openapi("Category");
export type Category = z.output<typeof categoryAnswer>;

export const brandAnswer = z.object({ id, name: z.string(), created_at: z.string() }).openapi("Brand");
export type Brand = z.output<typeof brandAnswer>;

export const categoryPage = pageOf(categoryAnswer);
export const brandPage = pageOf(brandAnswer);
