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

/** Whether cash was taken just now: a copy, and a bill that is void or none, opens no drawer. */
export function takesCash({ sale, duplicate }: Receipt): boolean {
  if (duplicate || sale.invoice_no === null || sale.status === "voided") return false;
  return sale.payments.some(({ method }) => method === "cash");
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
