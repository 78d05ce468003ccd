import type { SQL } from "drizzle-orm";
import { QueryBuilder } from "drizzle-orm/sqlite-core";
import type { SqlValue, Statement } from "./database.ts";

/**
 * Builds SELECTs whose filters come and go. drizzle only writes the SQL: it is sent, counted and its errors are named
 * by Database, like every other statement.
 */
export const queryBuilder = new QueryBuilder();

export function toStatement(query: { toSQL: () => { sql: string; params: unknown[] } }): Statement {
  const { sql, params } = query.toSQL();
  return { sql, params: params as SqlValue[] };
}

/** The conditions that were asked for. */
export function given(...conditions: (SQL | undefined | false)[]): SQL[] {
  return conditions.filter((condition): condition is SQL => condition !== undefined && condition !== false);
}
