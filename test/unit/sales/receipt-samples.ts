import { composeReceipt, type Receipt, type ReceiptFacts } from "../../../src/modules/sales/receipt.ts";
import { type Bill, describeReceipt } from "../../../src/modules/sales/receipt-words.ts";
import type { Sale } from "../../../src/modules/sales/schemas.ts";

/** A sale of tea and cheese, and bills of it. */

export const FACTS: ReceiptFacts = {
  store_name: "Corner shop",
  store_code: "MAIN",
  timezone: "Europe/London",
  receipt_header: "1 High Street\n\nVAT 123",
  receipt_footer: "Thank you",
  receipt_width: 32,
  terminal_code: "01",
  cashier: "Amina",
  cash_rounding: 2,
  tendered: 2,
  tendered_in_cash: 1,
};

type Line = Sale["lines"][number];
type Payment = Sale["payments"][number];

export function lineOf(over: Partial<Line>): Line {
  return {
    id: "line",
    line_no: 1,
    product_id: null,
    sku: null,
    barcode: null,
    name: "Tea",
    unit: "each",
    price_quantity: 1,
    list_price: null,
    unit_price: 100,
    override_reason: null,
    quantity: 1,
    tax_rate_ppm: 200_000,
    subtotal: 100,
    line_discount: 0,
    order_discount: 0,
    discount_total: 0,
    discount_reason: null,
    tax_total: 17,
    total: 100,
    note: null,
    refunded_quantity: 0,
    ...over,
  };
}

export const TEA = lineOf({
  quantity: 3,
  subtotal: 300,
  line_discount: 30,
  discount_total: 30,
  tax_total: 45,
  total: 270,
});

export const CHEESE = lineOf({
  line_no: 2,
  name: "Cheddar, matured for twenty-four months",
  unit: "g",
  price_quantity: 1000,
  unit_price: 1590,
  quantity: 345,
  tax_rate_ppm: 88_750,
  subtotal: 549,
  tax_total: 45,
  total: 549,
});

/** A payment by any method, also by one that this API does not know yet. */
export function paid(method: string, amount: number, over: Partial<Payment> = {}): Payment {
  return {
    payment_no: 1,
    method: method as Payment["method"],
    amount,
    reference: null,
    card_last4: null,
    ...over,
  };
}

export function saleOf(over: Partial<Sale> = {}): Sale {
  return {
    id: "sale",
    invoice_no: "MAIN-01-000042",
    status: "completed",
    store_id: "store",
    terminal_id: "terminal",
    shift_id: null,
    customer_id: null,
    salesperson_id: null,
    user_id: "user",
    business_date: "2026-07-02",
    sold_at: "2026-07-02T08:05:00.000Z",
    currency: "GBP",
    tax_mode: "inclusive",
    subtotal: 849,
    discount_total: 30,
    tax_total: 90,
    rounding_adjustment: 1,
    total: 820,
    paid_total: 1020,
    change_due: 200,
    balance_due: 0,
    due: 0,
    note: null,
    created_at: "2026-07-02T08:05:00.000Z",
    lines: [TEA, CHEESE],
    payments: [paid("card", 20, { reference: "auth 1", card_last4: "4242" }), paid("cash", 1000)],
    ...over,
  };
}

/** A line of each script that a name may be in, one of them longer than any line. */
export const NAMES = [
  "お茶 特選 🍵",
  "قهوة عربية مع الهيل (٢٥٠ غ)",
  "לחם מחמצת 500 g",
  "Æbleskiver – crème brûlée, Łódź żurek, Чёрный хлеб",
];

export function manyNames(): Sale {
  return saleOf({ lines: NAMES.map((name, index) => lineOf({ line_no: index + 1, name, subtotal: 123_456 })) });
}

/** The facts of a sale whose payments were all made with it. */
function factsOf({ payments }: Sale): ReceiptFacts {
  const inCash = payments.filter(({ method }) => method === "cash").length;
  return { ...FACTS, tendered: payments.length, tendered_in_cash: inCash };
}

export function receiptOf(sale: Sale = saleOf(), over: Partial<ReceiptFacts> = {}, copy = 1): Receipt {
  return composeReceipt(sale, { ...factsOf(sale), ...over }, copy);
}

export function billOf(sale: Sale = saleOf(), over: Partial<ReceiptFacts> = {}, copy = 1): Bill {
  return describeReceipt(receiptOf(sale, over, copy), { ...factsOf(sale), ...over });
}
