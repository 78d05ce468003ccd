import { env } from "cloudflare:workers";
import { uuid } from "../../support/api.ts";

/** Sales and refunds as they stand in the books, written past the API so that a test can choose their business day. */

interface Payment {
  method: "cash" | "card" | "mobile_wallet" | "bank_transfer";
  amount: number;
}

interface Sold {
  store_id: string;
  user_id: string;
  business_date: string;
  /** Before discount, with the tax in it. */
  subtotal: number;
  discount_total?: number;
  tax_total?: number;
  payments: Payment[];
  change_due?: number;
  /** Left parked when false. */
  completed?: boolean;
}

interface Returned {
  store_id: string;
  user_id: string;
  business_date: string;
  total: number;
  tax_total?: number;
  payments: Payment[];
}

const AT = "2026-03-02T09:30:00.000Z";

let number = 0;

/** A sale of one line in a store whose prices hold the tax. */
export async function addSale(sold: Sold): Promise<void> {
  const { store_id, user_id, business_date, subtotal, payments } = sold;
  const { discount_total = 0, tax_total = 0, change_due = 0, completed = true } = sold;
  const id = uuid();
  const total = subtotal - discount_total;
  number += 1;
  await env.DB.batch([
    insert("sales", {
      id,
      store_id,
      user_id,
      invoice_no: `X-${String(number)}`,
      status: "parked",
      business_date,
      sold_at: AT,
      currency: "GBP",
      tax_mode: "inclusive",
      rounding_mode: "half_up",
      subtotal,
      discount_total,
      tax_total,
      rounding_adjustment: 0,
      total,
      paid_total: payments.reduce((sum, { amount }) => sum + amount, 0),
      change_due,
      balance_due: 0,
      created_at: AT,
    }),
    insert("sale_lines", {
      sale_id: id,
      line_no: 1,
      id: uuid(),
      name: "Goods",
      unit: "each",
      price_quantity: 1,
      unit_price: subtotal,
      quantity: 1,
      tax_rate_ppm: 200_000,
      subtotal,
      line_discount: discount_total,
      order_discount: 0,
      discount_total,
      tax_total,
      total,
      track_stock: 0,
    }),
    ...payments.map((payment, i) =>
      insert("sale_payments", { sale_id: id, payment_no: i + 1, ...payment, created_at: AT }),
    ),
    ...(completed ? [env.DB.prepare("UPDATE sales SET status = 'completed' WHERE id = ?").bind(id)] : []),
  ]);
}

/** A refund of one line, without a sale. */
export async function addRefund(returned: Returned): Promise<void> {
  const { store_id, user_id, business_date, total, tax_total = 0, payments } = returned;
  const id = uuid();
  number += 1;
  const amounts = { subtotal: total, discount_total: 0, tax_total, total };
  await env.DB.batch([
    insert("refunds", {
      id,
      store_id,
      user_id,
      refund_no: `X-R${String(number)}`,
      business_date,
      refunded_at: AT,
      currency: "GBP",
      tax_mode: "inclusive",
      ...amounts,
      reason: "Came back",
      created_at: AT,
    }),
    insert("refund_lines", {
      refund_id: id,
      line_no: 1,
      id: uuid(),
      name: "Goods",
      unit: "each",
      price_quantity: 1,
      unit_price: total,
      quantity: 1,
      tax_rate_ppm: 200_000,
      ...amounts,
      restock: "none",
    }),
    ...payments.map((payment, i) =>
      insert("refund_payments", { refund_id: id, payment_no: i + 1, ...payment, created_at: AT }),
    ),
    env.DB.prepare("UPDATE refunds SET sealed = 1 WHERE id = ?").bind(id),
  ]);
}

function insert(table: string, row: Record<string, string | number>): D1PreparedStatement {
  const columns = Object.keys(row);
  const marks = columns.map(() => "?").join(", ");
  return env.DB.prepare(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${marks})`).bind(...Object.values(row));
}
