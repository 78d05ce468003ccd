import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** `basket` and `shown` are JSON objects. */
export const parkedSales = sqliteTable("parked_sales", {
  arrival: integer().primaryKey(),
  id: text().notNull(),
  store_id: text().notNull(),
  business_date: text().notNull(),
  customer_id: text(),
  salesperson_id: text(),
  user_id: text().notNull(),
  state: text().notNull(),
  basket: text().notNull(),
  shown: text().notNull(),
  created_at: text().notNull(),
});
