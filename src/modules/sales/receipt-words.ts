import { parseInStoreCode, readPrinted } from "../../core/barcode.ts";
import { formatAmount } from "../../core/currency.ts";
import { printerText } from "../../core/output.ts";
import { lastFourOf, type Receipt, type ReceiptFacts } from "./receipt.ts";
import type { Sale } from "./schemas.ts";

/**
 * What a bill says, in words and in order: the same for every form it is given out in. Pure. All text of others in it
 * is one line, without a control character or anything that turns the line around.
 */

export interface Bill {
  /** What sets it apart from the one that pays: void, given back, a duplicate, no bill at all. */
  marks: string[];
  store: string;
  /** Lines; an empty one is a gap. */
  header: string[];
  /** Null where the sale has no number. */
  invoice_no: string | null;
  /** In the store's time zone: 2026-07-02 09:05. */
  sold_at: string;
  /** 01; null where there was none. */
  till: string | null;
  cashier: string;
  lines: BillLine[];
  /** From the subtotal to what is added or taken before the total. */
  sums: BillRow[];
  total: BillRow;
  /** What was paid and given back. */
  payments: BillRow[];
  /** Null where nothing is left to pay. */
  balance_due: BillRow | null;
  taxes: BillTax[];
  footer: string[];
}

export interface BillLine {
  name: string;
  /** 345 g */
  quantity: string;
  /** 15.90 per kg; null where a label's price is another than that of the catalogue for its weight. */
  price: string | null;
  amount: string;
  /** Below zero; null where there is none. */
  discount: string | null;
  /** How much of it came back since; null where nothing did. */
  returned: string | null;
}

export interface BillRow {
  label: string;
  amount: string;
}

export interface BillTax {
  /** 8.875 % */
  rate: string;
  taxable: string;
  tax: string;
}

/** A bill in words, of a sale in any state: a parked one says that it is no bill. */
export function describeReceipt(
  receipt: Receipt,
  facts: Pick<ReceiptFacts, "timezone" | "cash_rounding" | "tendered" | "tendered_in_cash">,
): Bill {
  const { sale } = receipt;
  const money = (amount: number) => formatAmount(amount, sale.currency);
  return {
    marks: marksOf(receipt),
    store: printerText(receipt.store.name),
    header: linesOf(receipt.header),
    invoice_no: sale.invoice_no === null ? null : printerText(sale.invoice_no),
    sold_at: localTime(sale.sold_at, facts.timezone),
    till: receipt.terminal_code === null ? null : printerText(receipt.terminal_code),
    cashier: printerText(receipt.cashier),
    lines: sale.lines.map((line) => describeLine(line, money)),
    sums: [
      { label: "Subtotal", amount: money(sale.subtotal) },
      ...(sale.discount_total > 0 ? [{ label: "Discount", amount: money(-sale.discount_total) }] : []),
      ...(sale.tax_mode === "exclusive" ? [{ label: "Tax", amount: money(sale.tax_total) }] : []),
      ...(sale.rounding_adjustment === 0
        ? []
        : [{ label: nameAdjustment(sale, facts), amount: money(sale.rounding_adjustment) }]),
    ],
    total: { label: `TOTAL ${sale.currency}`, amount: money(sale.total) },
    payments: [
      ...sale.payments.map((payment, index) => ({
        label: index < facts.tendered ? describePayment(payment) : `Paid later: ${describePayment(payment)}`,
        amount: money(payment.amount),
      })),
      ...(sale.change_due > 0 ? [{ label: "Change", amount: money(sale.change_due) }] : []),
    ],
    balance_due: sale.due > 0 ? { label: "Balance due", amount: money(sale.due) } : null,
    taxes: receipt.tax_summary.map(({ tax_rate_ppm, taxable, tax }) => ({
      rate: percent(tax_rate_ppm),
      taxable: money(taxable),
      tax: money(tax),
    })),
    footer: linesOf(receipt.footer),
  };
}

function marksOf({ sale, duplicate, copy }: Receipt): string[] {
  return [
    ...(sale.invoice_no === null ? ["NOT A BILL"] : []),
    ...(sale.status === "voided" ? ["VOID"] : []),
    ...(sale.status === "refunded" ? ["REFUNDED"] : []),
    ...(sale.status === "partially_refunded" ? ["PARTLY REFUNDED"] : []),
    ...(duplicate ? [`DUPLICATE ${String(copy - 1)}`] : []),
  ];
}

/** Coins round by half of the smallest at most, and only cash; else the books keep what an offline till charged. */
function nameAdjustment(
  { rounding_adjustment }: Sale,
  { cash_rounding, tendered_in_cash }: Pick<ReceiptFacts, "cash_rounding" | "tendered_in_cash">,
): string {
  // Where they round the rest away there is no cash.
  const mayBeOfCoins = tendered_in_cash > 0 || rounding_adjustment < 0;
  const isOfCoins = mayBeOfCoins && Math.abs(rounding_adjustment) * 2 <= cash_rounding;
  return isOfCoins ? "Rounding" : "Adjustment";
}

/** Lines of the shop's own words: an empty one stays, a blank one is empty. */
function linesOf(text: string): string[] {
  return text === "" ? [] : text.split("\n").map((line) => printerText(line).trim());
}

function describeLine(line: Sale["lines"][number], money: (amount: number) => string): BillLine {
  const { unit, quantity, discount_total, refunded_quantity } = line;
  return {
    name: printerText(line.name),
    quantity: describeQuantity(quantity, unit),
    price: describePrice(line, money),
    amount: money(line.subtotal),
    discount: discount_total > 0 ? money(-discount_total) : null,
    returned: refunded_quantity > 0 ? describeQuantity(refunded_quantity, unit) : null,
  };
}

type SoldUnit = Sale["lines"][number]["unit"];

function describeQuantity(quantity: number, unit: SoldUnit): string {
  return unit === "each" ? String(quantity) : `${String(quantity)} ${unit}`;
}

/**
 * A piece that was charged as its label has it cost that; by weight, a label with a discount in it comes to less than the
 * catalogue's price for the weight, which is left out then.
 */
function describePrice(line: Sale["lines"][number], money: (amount: number) => string): string | null {
  const { unit, unit_price, price_quantity, quantity, subtotal } = line;
  const label = labelOf(line);
  if (label && unit === "each") return money(subtotal);
  if (label && readPrinted(label, { unit, unit_price, price_quantity, discount_ppm: 0 }).quantity !== quantity)
    return null;
  const per = price_quantity === 1 ? "" : ` per ${describeMeasure(price_quantity, unit)}`;
  return money(unit_price) + per;
}

/** The printed price that a line was charged by; null where there is none. */
function labelOf({ barcode, list_price, unit, quantity, subtotal }: Sale["lines"][number]) {
  const printed = barcode === null || list_price !== null ? null : parseInStoreCode(barcode);
  const isCharged = printed?.kind === "price" && printed.value === subtotal && (unit !== "each" || quantity === 1);
  return isCharged ? printed : null;
}

/** What a price is for: "kg", "100 g", "12". */
function describeMeasure(quantity: number, unit: SoldUnit): string {
  if (unit !== "each" && quantity === 1000) return unit === "g" ? "kg" : "l";
  return describeQuantity(quantity, unit);
}

const METHOD_NAMES: Record<string, string> = {
  cash: "Cash",
  card: "Card",
  mobile_wallet: "Mobile wallet",
  bank_transfer: "Bank transfer",
  store_credit: "Store credit",
  gift_card: "Gift card",
  on_account: "On account",
};

function describePayment({ method, card_last4, reference }: Sale["payments"][number]): string {
  const name = METHOD_NAMES[method] ?? method;
  if (card_last4 !== null) return `${name} ****${card_last4}`;
  const isGiftCard = name === METHOD_NAMES["gift_card"];
  return isGiftCard && reference !== null ? `${name} ****${printerText(lastFourOf(reference))}` : name;
}

/** 88750 parts per million is "8.875 %". */
function percent(ppm: number): string {
  const fraction = String(ppm % 10_000)
    .padStart(4, "0")
    .replace(/0+$/, "");
  return `${String(Math.trunc(ppm / 10_000))}${fraction === "" ? "" : `.${fraction}`} %`;
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
