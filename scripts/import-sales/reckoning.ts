import type { Figures } from "./reports.ts";
import type { Reckoning } from "./steps.ts";

/** The file's own sums, of what it holds and not of what the server made of it. Amounts are minor units. */
export class FileSums {
  rows = 0;
  invoices = 0;
  adjustments = 0;
  /** Rows of invoices that are held back because one of theirs can't be read, and of those beyond the books. */
  rows_held_back = 0;
  readonly figures: Figures = { sales: 0, refunds: 0, gross: 0, refund_total: 0, net: 0 };
  /** The first and the last instant something was sold or taken back, UTC. */
  first: string | null = null;
  last: string | null = null;

  add(soldAt: string, { sales, refunds, adjustments, gross, refund_total }: Reckoning): void {
    const { figures } = this;
    this.adjustments += adjustments;
    figures.sales += sales;
    figures.refunds += refunds;
    figures.gross += gross;
    figures.refund_total += refund_total;
    figures.net = figures.gross - figures.refund_total;
    if (!Number.isSafeInteger(figures.gross + figures.refund_total)) {
      throw new RangeError("the file's amounts come to more than can be added up exactly");
    }
    if (sales + refunds === 0) return;
    if (this.first === null || soldAt < this.first) this.first = soldAt;
    if (this.last === null || soldAt > this.last) this.last = soldAt;
  }
}
