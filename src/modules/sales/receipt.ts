import { businessDate } from "../../core/business-day.ts";
import type { Sale } from "./schemas.ts";

/** A sale's bill as data. Pure: what it shows is what is stored. */

export interface ReceiptFacts {
  store_name: string;
  store_code: string;
  timezone: string;
  receipt_header: string;
  receipt_footer: string;
  receipt_width: number;
  terminal_code: string | null;
  cashier: string;
  /** The store's smallest coin in minor units; 1 for none. */
  cash_rounding: number;
  /** How many of the sale's payments were made with it; those after them came later, for what was on account. */
  tendered: number;
  /** How many of these were cash that was handed over then: a deposit passed the drawer when it was received. */
  tendered_in_cash: number;
}

/** What of a sale is known of its drawer at the moment it is printed. */
export interface DrawerFacts extends Pick<ReceiptFacts, "timezone" | "tendered_in_cash"> {
  day_cutoff: string;
  /** 1 or 0 for the shift it was sold in; null where it was sold in none. */
  shift_open: number | null;
}

export interface TaxSummaryRow {
  tax_rate_ppm: number;
  /** Without tax. */
  taxable: number;
  tax: number;
}

export interface Receipt {
  store: { name: string; code: string };
  header: string;
  footer: string;
  terminal_code: string | null;
  cashier: string;
  sale: Sale;
  tax_summary: TaxSummaryRow[];
  /** 1 for the first; every later one is marked a duplicate. */
  copy: number;
  duplicate: boolean;
}

export function composeReceipt(sale: Sale, facts: ReceiptFacts, copy: number): Receipt {
  return {
    store: { name: facts.store_name, code: facts.store_code },
    header: facts.receipt_header,
    footer: facts.receipt_footer,
    terminal_code: facts.terminal_code,
    cashier: facts.cashier,
    sale: { ...sale, payments: sale.payments.map(hideGiftCard) },
    tax_summary: summarizeTax(sale),
    copy,
    duplicate: copy > 1,
  };
}

/** Who reads a gift card's code can spend it: a bill, which is thrown away anywhere, has the end of it alone. */
function hideGiftCard(payment: Sale["payments"][number]): Sale["payments"][number] {
  const { method, reference } = payment;
  if (method !== "gift_card" || reference === null) return payment;
  return { ...payment, reference: `****${lastFourOf(reference)}` };
}

/** The last four characters; none of what is hardly longer than that. */
export function lastFourOf(reference: string): string {
  const characters = Array.from(reference);
  return characters.length < 8 ? "" : characters.slice(-4).join("");
}

/**
 * Whether the sale's cash is being put into the drawer now: of the first copy of a sale that stands as it was sold, while its
 * shift is open, or on its business day where it was sold in no shift. What was paid before or later passed the drawer then.
 */
export function takesCash({ sale, duplicate }: Receipt, facts: DrawerFacts, now: Date): boolean {
  if (duplicate || sale.status !== "completed" || facts.tendered_in_cash === 0) return false;
  if (facts.shift_open !== null) return facts.shift_open === 1;
  return businessDate(now, facts.timezone, facts.day_cutoff) === sale.business_date;
}

/** Tax by rate, the lowest rate first. */
export function summarizeTax(sale: Pick<Sale, "tax_mode" | "lines">): TaxSummaryRow[] {
  const rows = new Map<number, TaxSummaryRow>();
  for (const { tax_rate_ppm, subtotal, discount_total, tax_total } of sale.lines) {
    const row = rows.get(tax_rate_ppm) ?? { tax_rate_ppm, taxable: 0, tax: 0 };
    row.taxable += subtotal - discount_total - (sale.tax_mode === "inclusive" ? tax_total : 0);
    row.tax += tax_total;
    rows.set(tax_rate_ppm, row);
  }
  return [...rows.values()].toSorted((a, b) => a.tax_rate_ppm - b.tax_rate_ppm);
}
