import { type Statement, statement } from "../../db/database.ts";

/** Categories and brands: what products are grouped by. */

export interface CategoryRow {
  arrival: number;
  id: string;
  name: string;
  parent_id: string | null;
  created_at: string;
}

export type BrandRow = Omit<CategoryRow, "parent_id">;

// By the row number itself.
const SELECT_CATEGORIES = `
  SELECT arrival, id, name, parent_id, created_at FROM categories WHERE arrival > ?1 ORDER BY arrival LIMIT ?2`;

export function categoryPageStatement(after: number, limit: number): Statement {
  return statement(SELECT_CATEGORIES, after, limit);
}

// By the row number itself.
const SELECT_BRANDS = `SELECT arrival, id, name, created_at FROM brands WHERE arrival > ?1 ORDER BY arrival LIMIT ?2`;

export function brandPageStatement(after: number, limit: number): Statement {
  return statement(SELECT_BRANDS, after, limit);
}

// By the UNIQUE of id.
const SELECT_CATEGORY_IDS = `SELECT c.id FROM json_each(?1) w CROSS JOIN categories c ON c.id = w.value`;

/** Which of these categories there are. */
export function categoryIdsStatement(ids: readonly string[]): Statement {
  return statement(SELECT_CATEGORY_IDS, JSON.stringify(ids));
}

// By the UNIQUE of id.
const SELECT_BRAND_IDS = `SELECT b.id FROM json_each(?1) w CROSS JOIN brands b ON b.id = w.value`;

/** Which of these brands there are. */
export function brandIdsStatement(ids: readonly string[]): Statement {
  return statement(SELECT_BRAND_IDS, JSON.stringify(ids));
}

const INSERT_CATEGORY = `INSERT INTO categories (id, name, parent_id, created_at) VALUES (?1, ?2, ?3, ?4)`;

export function insertCategoryStatement(category: Omit<CategoryRow, "arrival">): Statement {
  return statement(INSERT_CATEGORY, category.id, category.name, category.parent_id, category.created_at);
}

const INSERT_BRAND = `INSERT INTO brands (id, name, created_at) VALUES (?1, ?2, ?3)`;

export function insertBrandStatement(brand: Omit<BrandRow, "arrival">): Statement {
  return statement(INSERT_BRAND, brand.id, brand.name, brand.created_at);
}
