import { eq, type SQL, sql } from "drizzle-orm";
import { type AnySQLiteColumn, QueryBuilder } from "drizzle-orm/sqlite-core";
import type { SqlValue, Statement } from "./database.ts";

/**
 * Builds SELECTs whose filters come and go. drizzle only writes the SQL: it is sent, counted and its errors are named
 * by Database, like every other statement.
 */
export const queryBuilder = new QueryBuilder();

export function toStatement(query: { toSQL: () => { sql: string; params: unknown[] } }): Statement {
  const built = query.toSQL();
  return { sql: built.sql, params: built.params as SqlValue[] };
}

/** The conditions that were asked for. */
export function given(...conditions: (SQL | undefined | false)[]): SQL[] {
  return conditions.filter((condition): condition is SQL => condition !== undefined && condition !== false);
}

/** What keeps a list to the stores it may show. */
export interface StoreConditions {
  store_id?: string | undefined;
  /** JSON array of the stores the actor works in; null for all. */
  own_stores: string | null;
}

/** The store that was named, or else one of the actor's own. */
export function ofStores(column: AnySQLiteColumn, { store_id, own_stores }: StoreConditions): SQL | false {
  if (store_id !== undefined) return eq(column, store_id);
  return own_stores !== null && sql`${column} IN (SELECT value FROM json_each(${own_stores}))`;
}
