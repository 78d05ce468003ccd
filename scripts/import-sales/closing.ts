import { formatAmount } from "../../src/core/currency.ts";
import { agree, type ImportResult } from "./run.ts";

/** Whether all of the file is in the books, and the books say what the file says. */
export function isComplete({ sums, booked, faults, rejections }: ImportResult): boolean {
  return faults.count === 0 && rejections.count === 0 && agree(sums.figures, booked);
}

/** What an import says at its end: its figures beside those of the books, and what a person has to look at. */
export function describeResult(result: ImportResult, peakKib: number): string {
  const { sums, booked, outcomes, faults, rejections, range, store, seconds, invoices_skipped } = result;
  const { figures } = sums;
  const money = (amount: number) => `${formatAmount(amount, store.currency)} (${String(amount)})`;
  const sent = outcomes.applied + outcomes.flagged + outcomes.replayed + outcomes.rejected;
  const table = [
    ["", "file", "books", ""],
    ["rows", String(sums.rows), "", ""],
    row("sales", figures.sales, booked.sales, String),
    row("refunds", figures.refunds, booked.refunds, String),
    ["adjustments", String(sums.adjustments), "", ""],
    row("gross", figures.gross, booked.gross, money),
    row("refund total", figures.refund_total, booked.refund_total, money),
    row("net", figures.net, booked.net, money),
  ];
  const days = range === null ? "" : `; the books' business days ${range.from} to ${range.to}`;
  return [
    "",
    `Amounts in ${store.currency} (minor units)${days}`,
    ...alignTable(table),
    "",
    `${String(sent)} commands: ${String(outcomes.applied)} applied, ${String(outcomes.flagged)} flagged, ` +
      `${String(outcomes.replayed)} replayed, ${String(outcomes.rejected)} rejected; ` +
      `${String(invoices_skipped)} invoices were in the books already; ${String(result.products_created)} new products`,
    `${seconds.toFixed(1)} s, ${describeRate(result)}, peak memory ${(peakKib / 1024).toFixed(0)} MiB`,
    ...faults.describe(`Rows that could not be brought in (${String(faults.count)})`),
    ...(sums.rows_held_back > 0
      ? [`With them ${String(sums.rows_held_back)} rows wait: an invoice comes in whole. Mend the file and run again.`]
      : []),
    ...rejections.describe(`Refused by the server (${String(rejections.count)})`),
    ...(agree(figures, booked) ? [] : DIFFERENCE),
    isComplete(result) ? "All of the file is in the books, to the last unit." : "The file is not whole in the books.",
  ].join("\n");
}

const DIFFERENCE = [
  "The file and the books differ. The books show all the store's sales of those days, whoever made them, and an",
  "invoice whose number stands twice in the file is brought in once.",
];

function describeRate({ newly_booked, seconds }: ImportResult): string {
  const rate = seconds === 0 ? 0 : newly_booked / seconds;
  return `${String(newly_booked)} sales and refunds brought in (${rate.toFixed(0)} a second)`;
}

function row(name: string, file: number, books: number, show: (value: number) => string): string[] {
  const difference = books - file;
  return [name, show(file), show(books), difference === 0 ? "" : `differs by ${show(difference)}`];
}

function alignTable(table: readonly string[][]): string[] {
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((cells) => (cells[column] ?? "").length)));
  return table.map((cells) =>
    cells
      .map((cell, column) =>
        column === 0 || column === 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}
