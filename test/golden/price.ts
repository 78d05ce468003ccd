import type * as pricing from "regal-pos/pricing";
import type { GoldenBasket, GoldenLine, LineFigures, RefundSplit, TaxFigures } from "./row.ts";

/** A row as `regal-pos/pricing` works it out, in the shape of what the row expects. */

export type Engine = typeof pricing;

export type RowFigures = GoldenBasket["expected"] & { quantities: number[]; refunds: RefundSplit[] };

/** The engine is given, because the built package is held to the same table as the source. */
export function priceRow(engine: Engine, row: GoldenBasket): RowFigures {
  const { rounding, tax_mode, cash_rounding } = row.store;
  const lines = row.lines.map((line) => toBasketLine(engine, line));
  const priced = engine.priceBasket({ tax_mode, rounding }, lines, row.discount);
  const payments = row.payments.map(([method, amount]) => ({ method, amount }));
  const settled = engine.settlePayments({ total: priced.total, payments, cash_rounding, mode: rounding.mode });
  const refunds = (row.refunds ?? []).map(({ line_no, pieces }): RefundSplit => {
    const sold = { ...at(priced.lines, line_no - 1), quantity: at(lines, line_no - 1).quantity };
    let before = 0;
    return {
      line_no,
      pieces: pieces.map(([quantity]) => {
        const part = engine.refundLine(sold, before, quantity, { tax_mode, mode: rounding.mode });
        before += quantity;
        return [quantity, part.subtotal, part.discount_total, part.tax_total, part.total];
      }),
    };
  });
  return {
    lines: priced.lines.map((line): LineFigures => [
      line.subtotal,
      line.line_discount,
      line.order_discount,
      line.tax_total,
      line.total,
    ]),
    tax: sumByRate(row, lines, priced.lines),
    subtotal: priced.subtotal,
    discount_total: priced.discount_total,
    tax_total: priced.tax_total,
    rounding_adjustment: settled.rounding_adjustment,
    total: settled.total,
    change_due: settled.change_due,
    quantities: lines.map(({ quantity }) => quantity),
    refunds,
  };
}

/** What `priceRow` must give: the row itself. */
export function figuresOf(row: GoldenBasket): RowFigures {
  return {
    ...row.expected,
    quantities: row.lines.map(({ quantity }, index) => quantity ?? measuredOf(row, index + 1)),
    refunds: row.refunds ?? [],
  };
}

function measuredOf({ name, measured = [] }: GoldenBasket, lineNo: number): number {
  const found = measured.find(({ line_no }) => line_no === lineNo);
  if (!found) throw new Error(`"${name}" does not say what was read of line ${String(lineNo)}`);
  return found.quantity;
}

function toBasketLine(engine: Engine, line: GoldenLine): pricing.BasketLine {
  const { unit = "each", unit_price, price_quantity = 1, discount_ppm = 0, barcode, quantity } = line;
  const product = { unit, unit_price, price_quantity, discount_ppm };
  const measured = engine.measureLine({ barcode, quantity }, product, false);
  if (typeof measured === "string") throw new Error(`"${line.name}": the quantity ${measured}`);
  return {
    ...measured,
    unit_price: line.override ?? unit_price,
    price_quantity,
    tax_rate_ppm: line.tax_rate_ppm ?? 0,
    discount_ppm,
    discount: line.discount,
  };
}

function sumByRate(
  { store }: GoldenBasket,
  lines: readonly pricing.BasketLine[],
  priced: readonly { subtotal: number; discount_total: number; tax_total: number }[],
): TaxFigures[] {
  const sums = new Map<number, TaxFigures>();
  for (const [index, { subtotal, discount_total, tax_total }] of priced.entries()) {
    const rate = at(lines, index).tax_rate_ppm;
    const [, taxable, tax] = sums.get(rate) ?? [rate, 0, 0];
    const net = subtotal - discount_total - (store.tax_mode === "inclusive" ? tax_total : 0);
    sums.set(rate, [rate, taxable + net, tax + tax_total]);
  }
  return [...sums.values()].toSorted(([a], [b]) => a - b);
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`there is no line ${String(index + 1)}`);
  return found;
}
