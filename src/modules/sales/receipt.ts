import { formatAmount } from "../../core/currency.ts";
import { centre, columns, wrap } from "../../core/columns.ts";
import { printerText } from "../../core/output.ts";
import type { Sale } from "./schemas.ts";

/** A sale's bill, as data and as text for a narrow printer. Pure: what it shows is what is stored. */

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
    sale,
    tax_summary: summarizeTax(sale),
    copy,
    duplicate: copy > 1,
  };
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

const METHOD_NAMES: Record<string, string> = {
  cash: "Cash",
  card: "Card",
  mobile_wallet: "Mobile wallet",
  bank_transfer: "Bank transfer",
};

/** The bill in `width` columns of fixed-width text. */
export function renderText(receipt: Receipt, facts: Pick<ReceiptFacts, "receipt_width" | "timezone">): string {
  const { sale } = receipt;
  const width = facts.receipt_width;
  const money = (amount: number) => formatAmount(amount, sale.currency);
  const rule = "-".repeat(width);
  const pair = (left: string, right: string) => columns(left, right, width);
  const lines = sale.lines.flatMap((line) => [
    ...wrap(printerText(line.name), width),
    pair(`  ${describeQuantity(line, money)}`, money(line.subtotal)),
    ...(line.discount_total > 0 ? [pair("  Discount", money(-line.discount_total))] : []),
  ]);
  return [
    ...(receipt.duplicate ? [centre(`*** DUPLICATE ${String(receipt.copy - 1)} ***`, width)] : []),
    ...centred(printerText(receipt.store.name), width),
    ...centred(receipt.header, width),
    rule,
    pair("Invoice", sale.invoice_no ?? ""),
    pair(
      localTime(sale.sold_at, facts.timezone),
      receipt.terminal_code === null ? "" : `Till ${receipt.terminal_code}`,
    ),
    pair(`Cashier ${printerText(receipt.cashier)}`, ""),
    rule,
    ...lines,
    rule,
    pair("Subtotal", money(sale.subtotal)),
    ...(sale.discount_total > 0 ? [pair("Discount", money(-sale.discount_total))] : []),
    ...(sale.tax_mode === "exclusive" ? [pair("Tax", money(sale.tax_total))] : []),
    ...(sale.rounding_adjustment === 0 ? [] : [pair("Rounding", money(sale.rounding_adjustment))]),
    pair(`TOTAL ${sale.currency}`, money(sale.total)),
    ...sale.payments.map((payment) =>
      pair((METHOD_NAMES[payment.method] ?? payment.method) + lastFour(payment.card_last4), money(payment.amount)),
    ),
    ...(sale.change_due > 0 ? [pair("Change", money(sale.change_due))] : []),
    rule,
    ...receipt.tax_summary.map((row) =>
      pair(`Tax ${percent(row.tax_rate_ppm)} on ${money(row.taxable)}`, money(row.tax)),
    ),
    ...(receipt.footer === "" ? [] : [rule, ...centred(receipt.footer, width)]),
    "",
  ].join("\n");
}

function describeQuantity(line: Sale["lines"][number], money: (amount: number) => string): string {
  const unit = line.unit === "each" ? "" : ` ${line.unit}`;
  const per = line.price_quantity === 1 ? "" : ` per ${String(line.price_quantity)}${unit}`;
  return `${String(line.quantity)}${unit} x ${money(line.unit_price)}${per}`;
}

/** 88750 parts per million is "8.875 %". */
function percent(ppm: number): string {
  const fraction = String(ppm % 10_000)
    .padStart(4, "0")
    .replace(/0+$/, "");
  return `${String(Math.trunc(ppm / 10_000))}${fraction === "" ? "" : `.${fraction}`} %`;
}

function lastFour(digits: string | null): string {
  return digits === null ? "" : ` ****${digits}`;
}

/** Text in the middle, line by line; an empty line stays one. */
function centred(text: string, width: number): string[] {
  if (text === "") return [];
  const lines = text.split("\n").flatMap((line) => (line === "" ? [""] : wrap(printerText(line), width)));
  return lines.map((line) => centre(line, width).trimEnd());
}

function localTime(instant: string, timezone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: timezone,
    dateStyle: "short",
    timeStyle: "short",
    hourCycle: "h23",
  }).format(new Date(instant));
  return parts.replace(",", "");
}
