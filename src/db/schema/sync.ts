import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const syncExceptions = sqliteTable("sync_exceptions", {
  arrival: integer().primaryKey(),
  id: text().notNull(),
  type: text().notNull(),
  state: text().notNull(),
  store_id: text().notNull(),
  terminal_id: text().notNull(),
  seq: integer().notNull(),
  seq_to: integer(),
  sale_id: text(),
  detail: text().notNull(),
  opened_at: text().notNull(),
  resolved_at: text(),
  resolved_by: text(),
  note: text(),
  number_kind: text(),
  number_from: integer(),
  number_to: integer(),
});
