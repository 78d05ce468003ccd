import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The columns lists are filtered by and shown with; the migrations are the schema, and a test holds this to them. */
export const refunds = sqliteTable("refunds", {
  arrival: integer().primaryKey(),
  id: text().notNull(),
  sale_id: text(),
  store_id: text().notNull(),
  terminal_id: text(),
  customer_id: text(),
  user_id: text().notNull(),
  refund_no: text().notNull(),
  business_date: text().notNull(),
  refunded_at: text().notNull(),
  currency: text().notNull(),
  tax_mode: text().notNull(),
  subtotal: integer().notNull(),
  discount_total: integer().notNull(),
  tax_total: integer().notNull(),
  total: integer().notNull(),
  reason: text().notNull(),
  sealed: integer().notNull(),
  created_at: text().notNull(),
  shift_id: text(),
  happened: integer().notNull(),
});
