import * as z from "zod";
import { component, id, newId, type OutputOf, pageOf, text } from "../../http/schemas.ts";

/** The wire shapes of categories (a tree) and brands. */

export const categoryInput = z.strictObject({ id: newId, name: text(200), parent_id: id.nullish() });
export type CategoryInput = z.output<typeof categoryInput>;

export const brandInput = z.strictObject({ id: newId, name: text(200) });
export type BrandInput = z.output<typeof brandInput>;

export const categoryAnswer = component("Category", () =>
  z.object({ id, name: z.string(), parent_id: z.string().nullable(), created_at: z.string() }),
);
export type Category = OutputOf<typeof categoryAnswer>;

export const brandAnswer = component("Brand", () => z.object({ id, name: z.string(), created_at: z.string() }));
export type Brand = OutputOf<typeof brandAnswer>;

export const categoryPage = pageOf(categoryAnswer);
export const brandPage = pageOf(brandAnswer);
