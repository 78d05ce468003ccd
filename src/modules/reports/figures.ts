import { type RateSum, taxByRate, type TaxByRate } from "../shifts/index.ts";
import type { MethodRow, RefundsRow, SalesRow, VoidsRow } from "./queries.ts";
import type { Figures } from "./schemas.ts";

/** The sums of stored rows, by business day. */
export interface DaySums {
  sales: SalesRow[];
  sale_payments: MethodRow[];
  refunds: RefundsRow[];
  refund_payments: MethodRow[];
  voids: VoidsRow[];
}

export interface DayFigures {
  business_date: string;
  figures: Figures;
}

/** The figures of each day that has a sale, a refund or a void, the earliest first. */
export function figuresByDay(sums: DaySums): DayFigures[] {
  const sales = byDay(sums.sales);
  const refunds = byDay(sums.refunds);
  const taken = byDay(sums.sale_payments);
  const returned = byDay(sums.refund_payments);
  const voids = byDay(sums.voids);
  const days = [...new Set([...sales.keys(), ...refunds.keys(), ...voids.keys()])].toSorted();
  return days.map((day) => ({
    business_date: day,
    figures: figuresOf({
      sales: sales.get(day) ?? [],
      sale_payments: taken.get(day) ?? [],
      refunds: refunds.get(day) ?? [],
      refund_payments: returned.get(day) ?? [],
      voids: voids.get(day) ?? [],
    }),
  }));
}

/** The figures of one day's sums; of none, all are zero. */
export function figuresOf(sums: DaySums): Figures {
  const [[sold], [back], [voided]] = [sums.sales, sums.refunds, sums.voids];
  const gross = sold?.gross ?? 0;
  const refundTotal = back?.refund_total ?? 0;
  return {
    sales_count: sold?.sales_count ?? 0,
    refunds_count: back?.refunds_count ?? 0,
    voids_count: voided?.voids_count ?? 0,
    voids_total: exact(voided?.voids_total ?? 0),
    gross: exact(gross),
    discount_total: exact(sold?.discount_total ?? 0),
    tax_total: exact(sold?.tax_total ?? 0),
    refund_total: exact(refundTotal),
    refund_tax_total: exact(back?.refund_tax_total ?? 0),
    net: gross - refundTotal,
    by_method: figuresByMethod(sums.sale_payments, sums.refund_payments, sold?.change_due ?? 0),
  };
}

/** Change comes from cash alone, so what stayed of the cash is what was handed over less all change. */
function figuresByMethod(taken: MethodRow[], returned: MethodRow[], change: number): Figures["by_method"] {
  const methods = [...new Set([...taken, ...returned].map(({ method }) => method))].toSorted();
  return methods.map((method) => {
    const handedOver = amountOf(taken, method);
    const sales = method === "cash" ? handedOver - change : handedOver;
    const refunds = amountOf(returned, method);
    return { method, sales, refunds, net: sales - refunds };
  });
}

function amountOf(rows: MethodRow[], method: string): number {
  return exact(rows.find((row) => row.method === method)?.amount ?? 0);
}

/** RangeError where a sum is beyond 2^53. */
export function exactTaxByRate(sold: readonly RateSum[], back: readonly RateSum[]): TaxByRate {
  const rates = taxByRate(sold, back);
  for (const sum of rates.flatMap((rate) => Object.values(rate))) exact(sum);
  return rates;
}

/** A sum that a JavaScript number can't hold to the last unit is refused: a report is exact or it is none. */
function exact(sum: number): number {
  if (!Number.isSafeInteger(sum)) throw new RangeError("a sum is beyond 2^53 and would not be exact");
  return sum;
}

function byDay<R extends { business_date: string }>(rows: R[]): Map<string, R[]> {
  return Map.groupBy(rows, (row) => row.business_date);
}
