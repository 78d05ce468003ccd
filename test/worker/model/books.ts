import { type Parts, type Rules, sum } from "./arithmetic.ts";

/** The books as the model keeps them: plain integers, nothing of the Worker's. */

export interface ModelProduct {
  id: string;
  sku: string;
  unit_price: number;
  price_quantity: number;
  tax_rate_ppm: number;
  discount_ppm: number;
  version: number;
}

export interface ModelLine extends Parts {
  product_id: string | null;
  quantity: number;
  refunded: number;
}

export interface ModelSale {
  id: string;
  invoice_no: string;
  total: number;
  rounding_adjustment: number;
  lines: ModelLine[];
}

/** A command that was taken, and what was answered: sent again it is answered so again. */
export interface Done {
  path: string;
  body: unknown;
  key: string;
  answer: unknown;
}

interface Takings {
  sales: number;
  refunds: number;
}

export class Books {
  readonly rules: Rules;
  readonly products: ModelProduct[] = [];
  readonly stock = new Map<string, number>();
  readonly sales: ModelSale[] = [];
  readonly refunds: Parts[] = [];
  readonly done: Done[] = [];
  readonly takings = new Map<string, Takings>();

  constructor(rules: Rules) {
    this.rules = rules;
  }

  onHand(productId: string): number {
    return this.stock.get(productId) ?? 0;
  }

  move(productId: string, quantity: number): void {
    this.stock.set(productId, this.onHand(productId) + quantity);
  }

  take(kind: keyof Takings, method: string, amount: number): void {
    const taken = this.takings.get(method) ?? { sales: 0, refunds: 0 };
    taken[kind] += amount;
    this.takings.set(method, taken);
  }

  /** What the day's report says. */
  report() {
    const [gross, refund_total] = [sum(this.sales, (sale) => sale.total), sum(this.refunds, (one) => one.total)];
    const lines = this.sales.flatMap((sale) => sale.lines);
    return {
      sales_count: this.sales.length,
      refunds_count: this.refunds.length,
      gross,
      discount_total: sum(lines, (line) => line.discount_total),
      tax_total: sum(lines, (line) => line.tax_total),
      refund_total,
      refund_tax_total: sum(this.refunds, (one) => one.tax_total),
      net: gross - refund_total,
      by_method: [...this.takings]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([method, { sales, refunds }]) => ({ method, sales, refunds, net: sales - refunds })),
    };
  }

  /** Each sale as a list of them shows it, with what has come back of its lines. */
  summaries() {
    return this.sales.map(({ id, invoice_no, total, rounding_adjustment, lines }) => {
      const back = sum(lines, (line) => line.refunded);
      const whole = sum(lines, (line) => line.quantity);
      return {
        id,
        invoice_no,
        status: back === 0 ? "completed" : back === whole ? "refunded" : "partially_refunded",
        subtotal: sum(lines, (line) => line.subtotal),
        discount_total: sum(lines, (line) => line.discount_total),
        tax_total: sum(lines, (line) => line.tax_total),
        rounding_adjustment,
        total,
        refunded: lines.map((line) => line.refunded),
      };
    });
  }
}
