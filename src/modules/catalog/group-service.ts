import type { Context } from "../../context.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { Problem } from "../../http/problem.ts";
import { auditStatement } from "../audit/index.ts";
import {
  brandPageStatement,
  type BrandRow,
  categoryIdsStatement,
  categoryPageStatement,
  type CategoryRow,
  insertBrandStatement,
  insertCategoryStatement,
} from "./group-queries.ts";
import type { Brand, BrandInput, Category, CategoryInput } from "./group-schemas.ts";

interface Page {
  limit: number;
  cursor?: string | undefined;
}

export async function listCategories(
  ctx: Context,
  { limit, cursor }: Page,
): Promise<{ data: Category[]; next_cursor: string | null }> {
  const rows = await ctx.db.all<CategoryRow>(categoryPageStatement(readCursor(cursor), limit + 1));
  return toPage(rows, limit, ({ id, name, parent_id, created_at }) => ({ id, name, parent_id, created_at }));
}

/** Refuses a name that its parent has already (`conflict`) and a parent that is not there (`validation_failed`). */
export async function createCategory(ctx: Context, input: CategoryInput): Promise<Category> {
  const { id = ctx.newId(), name, parent_id = null } = input;
  if (parent_id !== null && !(await ctx.db.first(categoryIdsStatement([parent_id])))) {
    throw new Problem("validation_failed", "/parent_id is not a known category", {
      errors: [{ pointer: "/parent_id", detail: "is not a known category" }],
    });
  }
  const category = { id, name, parent_id, created_at: ctx.now.toISOString() };
  await ctx.db.commit([
    auditStatement(ctx, [
      { action: "category.create", entity_type: "category", entity_id: id, after: { name, parent_id } },
    ]),
    insertCategoryStatement(category),
  ]);
  return category;
}

export async function listBrands(
  ctx: Context,
  { limit, cursor }: Page,
): Promise<{ data: Brand[]; next_cursor: string | null }> {
  const rows = await ctx.db.all<BrandRow>(brandPageStatement(readCursor(cursor), limit + 1));
  return toPage(rows, limit, ({ id, name, created_at }) => ({ id, name, created_at }));
}

/** Refuses a name that is taken (`conflict`). */
export async function createBrand(ctx: Context, input: BrandInput): Promise<Brand> {
  const { id = ctx.newId(), name } = input;
  const brand = { id, name, created_at: ctx.now.toISOString() };
  await ctx.db.commit([
    auditStatement(ctx, [{ action: "brand.create", entity_type: "brand", entity_id: id, after: { name } }]),
    insertBrandStatement(brand),
  ]);
  return brand;
}
