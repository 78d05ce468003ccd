import { fresh } from "./rows.ts";
import type { Row, Table } from "./rows.ts";

/** One statement and what it binds. */
export interface Statement {
  readonly sql: string;
  readonly values: Row[string][];
}

/** An INSERT of a table's fresh row, changed where `set` says. */
export function insertOf(table: Table, set: Row = {}): Statement {
  const row: Row = { ...fresh[table], ...set };
  const columns = Object.keys(row);
  const marks = columns.map(() => "?").join(", ");
  return {
    sql: `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${marks})`,
    values: Object.values(row),
  };
}

/** A statement that binds nothing. */
export function plain(sql: string): Statement {
  return { sql, values: [] };
}
