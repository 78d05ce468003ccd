import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const shifts = sqliteTable("shifts", {
  arrival: integer().primaryKey(),
  id: text().notNull(),
  store_id: text().notNull(),
  terminal_id: text().notNull(),
  status: text().notNull(),
  currency: text().notNull(),
  opening_float: integer().notNull(),
  business_date: text().notNull(),
  opened_at: text().notNull(),
  opened_by: text().notNull(),
  closed_at: text(),
  closed_by: text(),
  records: integer(),
  note: text(),
  created_at: text().notNull(),
});

export const zReports = sqliteTable("z_reports", {
  arrival: integer().primaryKey(),
  terminal_id: text().notNull(),
  number: integer().notNull(),
  store_id: text().notNull(),
  shift_id: text().notNull(),
  supplement: integer().notNull(),
  records: integer().notNull(),
  business_date: text().notNull(),
  net: integer().notNull(),
  grand_total: integer().notNull(),
  previous_hash: text(),
  hash: text().notNull(),
  report: text().notNull(),
  created_at: text().notNull(),
});
