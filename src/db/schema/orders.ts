import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** `items` is a JSON array, `fields` a JSON object. */
export const orders = sqliteTable("orders", {
  arrival: integer().primaryKey(),
  id: text().notNull(),
  store_id: text().notNull(),
  customer_id: text().notNull(),
  status: text().notNull(),
  currency: text().notNull(),
  items: text().notNull(),
  fields: text().notNull(),
  due_date: text(),
  note: text(),
  sale_id: text(),
  user_id: text().notNull(),
  version: integer().notNull(),
  created_at: text().notNull(),
  updated_at: text().notNull(),
});
