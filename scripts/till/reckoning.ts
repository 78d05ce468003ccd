import type { DrawerEvent, RefundRecord, SaleRecord } from "./records.ts";
import type { Shift } from "./wire.ts";

/**
 * What a shift comes to by the till's own count. It adds up documents and coins and knows nothing of how the server does:
 * the two are compared.
 */

export type MethodFigures = { sales: number; refunds: number };
export type RateFigures = { sales_taxable: number; sales_tax: number; refunds_taxable: number; refunds_tax: number };

export type Figures = {
  sales_count: number;
  refunds_count: number;
  voids_count: number;
  voids_total: number;
  gross: number;
  discount_total: number;
  tax_total: number;
  refund_total: number;
  refund_tax_total: number;
  net: number;
  by_method: Map<string, MethodFigures>;
  by_rate: Map<number, RateFigures>;
};

export function emptyFigures(): Figures {
  return {
    sales_count: 0,
    refunds_count: 0,
    voids_count: 0,
    voids_total: 0,
    gross: 0,
    discount_total: 0,
    tax_total: 0,
    refund_total: 0,
    refund_tax_total: 0,
    net: 0,
    by_method: new Map(),
    by_rate: new Map(),
  };
}

/** The figures that are one number. */
export const COUNTED = [
  "sales_count",
  "refunds_count",
  "voids_count",
  "voids_total",
  "gross",
  "discount_total",
  "tax_total",
  "refund_total",
  "refund_tax_total",
  "net",
] as const;

export const RATE_FIGURES = ["sales_taxable", "sales_tax", "refunds_taxable", "refunds_tax"] as const;

/** The sum of figures, such as those of several shifts. */
export function sumFigures(all: readonly Figures[]): Figures {
  const sum = emptyFigures();
  for (const figures of all) {
    for (const name of COUNTED) sum[name] += figures[name];
    for (const [method, { sales, refunds }] of figures.by_method) {
      const one = methodOf(sum, method);
      one.sales += sales;
      one.refunds += refunds;
    }
    for (const [rate, one] of figures.by_rate) {
      const summed = rateOf(sum, rate);
      for (const name of RATE_FIGURES) summed[name] += one[name];
    }
  }
  return sum;
}

type SummedSale = Pick<
  SaleRecord,
  "status" | "total" | "discount_total" | "tax_total" | "tax_mode" | "change_due" | "payments"
> & { lines: readonly SummedLine[] };
type SummedRefund = Pick<RefundRecord, "total" | "tax_total" | "tax_mode" | "payments"> & {
  lines: readonly SummedLine[];
};
type SummedLine = { tax_rate_ppm: number; subtotal: number; discount_total: number; tax_total: number };

/** Adds up documents: of cash what stayed after change, taxable without tax, voided sales among the voids alone. */
export function sumDocuments(sales: readonly SummedSale[], refunds: readonly SummedRefund[]): Figures {
  const figures = emptyFigures();
  for (const sale of sales) addSale(figures, sale);
  for (const refund of refunds) addRefund(figures, refund);
  figures.net = figures.gross - figures.refund_total;
  return figures;
}

function addSale(figures: Figures, sale: SummedSale): void {
  if (sale.status === "parked") return;
  if (sale.status === "voided") {
    figures.voids_count += 1;
    figures.voids_total += sale.total;
    return;
  }
  figures.sales_count += 1;
  figures.gross += sale.total;
  figures.discount_total += sale.discount_total;
  figures.tax_total += sale.tax_total;
  for (const { method, amount } of sale.payments) methodOf(figures, method).sales += amount;
  if (sale.change_due > 0) methodOf(figures, "cash").sales -= sale.change_due;
  for (const line of sale.lines) {
    const rate = rateOf(figures, line.tax_rate_ppm);
    rate.sales_tax += line.tax_total;
    rate.sales_taxable += taxable(sale.tax_mode, line);
  }
}

function addRefund(figures: Figures, refund: SummedRefund): void {
  figures.refunds_count += 1;
  figures.refund_total += refund.total;
  figures.refund_tax_total += refund.tax_total;
  for (const { method, amount } of refund.payments) methodOf(figures, method).refunds += amount;
  for (const line of refund.lines) {
    const rate = rateOf(figures, line.tax_rate_ppm);
    rate.refunds_tax += line.tax_total;
    rate.refunds_taxable += taxable(refund.tax_mode, line);
  }
}

function taxable(taxMode: "inclusive" | "exclusive", line: SummedLine): number {
  return line.subtotal - line.discount_total - (taxMode === "inclusive" ? line.tax_total : 0);
}

export function methodOf({ by_method }: Figures, method: string): MethodFigures {
  const found = by_method.get(method) ?? { sales: 0, refunds: 0 };
  by_method.set(method, found);
  return found;
}

export function rateOf({ by_rate }: Figures, rate: number): RateFigures {
  const found = by_rate.get(rate) ?? { sales_taxable: 0, sales_tax: 0, refunds_taxable: 0, refunds_tax: 0 };
  by_rate.set(rate, found);
  return found;
}

/** The notes and coins that must lie in the drawer: each that went in, less each that went out. */
export function countDrawer(events: readonly DrawerEvent[]): number {
  return events.reduce((sum, { amount }) => sum + amount, 0);
}

/** Whether the books know all of a shift: one that was begun by another device they know in part. */
export function isWhole(shift: Shift, events: readonly DrawerEvent[]): boolean {
  return events.some(({ what, source_id }) => what === "float" && source_id === shift.id);
}

/** What went in and out by kind, in the order of the Z report's `cash`, without signs. */
export function sumDrawer(events: readonly DrawerEvent[]): Record<DrawerEvent["what"], number> {
  const sums: Record<DrawerEvent["what"], number> = {
    float: 0,
    tendered: 0,
    change: 0,
    refund: 0,
    void: 0,
    deposit: 0,
    account_payment: 0,
    paid_in: 0,
    paid_out: 0,
    drop: 0,
    no_sale: 0,
  };
  for (const { what, amount } of events) sums[what] += Math.abs(amount);
  return sums;
}
