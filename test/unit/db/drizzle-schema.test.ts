import { readdirSync } from "node:fs";
import { join } from "node:path";
import { is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { afterAll, describe, expect, it } from "vitest";
import { readMigrations } from "../../support/schema.ts";
import { openSchema } from "./fixture.ts";

// drizzle writes SQL from tables described in TypeScript; the migrations are the schema. Here the two are compared.

interface Column {
  name: string;
  type: string;
  nullable: boolean;
  primary_key: boolean;
}

const FOLDER = join(import.meta.dirname, "../../../src/db/schema");
const described = await readDescribedTables();
const db = openSchema(readMigrations());

afterAll(() => {
  db.close();
});

describe("src/db/schema", () => {
  it("describes tables", () => {
    expect(described.length).toBeGreaterThan(0);
    expect(described.every(([file, table]) => file !== "" && is(table, SQLiteTable))).toBe(true);
  });

  it("describes each table once", () => {
    const names = described.map(([, table]) => getTableConfig(table).name);
    expect(names).toEqual([...new Set(names)]);
  });

  it.each(described)("%s is what was migrated", (_file, table) => {
    const { name } = getTableConfig(table);
    expect(describedColumns(table)).toEqual(migratedColumns(name));
  });
});

/** Each table with the file that describes it. */
async function readDescribedTables(): Promise<[file: string, table: SQLiteTable][]> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".ts"));
  const modules = await Promise.all(
    files.map(async (file) => [file, (await import(join(FOLDER, file))) as Record<string, unknown>] as const),
  );
  return modules.flatMap(([file, members]) =>
    Object.values(members)
      .filter((member) => is(member, SQLiteTable))
      .map((table): [string, SQLiteTable] => [file, table]),
  );
}

function describedColumns(table: SQLiteTable): Column[] {
  return getTableConfig(table).columns.map((column) => ({
    name: column.name,
    type: column.getSQLType().toUpperCase(),
    nullable: !column.notNull,
    primary_key: column.primary,
  }));
}

/** The columns of a table as SQLite has them; none when there is no such table. A row number is never null. */
function migratedColumns(table: string): Column[] {
  return db
    .prepare('SELECT name, type, "notnull" AS required, pk FROM pragma_table_info(?) ORDER BY cid')
    .all(table)
    .map(({ name, type, required, pk }) => ({
      name: String(name),
      type: String(type),
      nullable: required === 0 && !(pk === 1 && type === "INTEGER"),
      primary_key: Number(pk) > 0,
    }));
}
