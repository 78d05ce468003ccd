import type { CsvRecord } from "./csv.ts";
import type { Entry, Row, RowFault } from "./row.ts";

/** An invoice's rows, or as many of them as one sale may have. */
export type Invoice = {
  invoice_no: string;
  /** From 1; above it for what follows in an invoice of more rows than a sale may have. */
  part: number;
  /** The first row's, UTC. */
  sold_at: string;
  customer: string | null;
  entries: Entry[];
  rows: number;
  /** A row of it can't be read, so none of it is brought in. */
  held_back: boolean;
  /** How far into the file it reaches. */
  bytes: number;
};

export const MAX_INVOICE_ROWS = 1000;

export type FaultReport = (line: number, fault: RowFault) => void;

/** Puts together the rows that stand together under one invoice_no. The header is passed over. */
export async function* groupInvoices(
  records: AsyncIterable<CsvRecord>,
  readRow: (fields: readonly string[]) => Row | RowFault,
  report: FaultReport,
): AsyncGenerator<Invoice> {
  let open: Invoice | null = null;
  let header = true;
  for await (const { fields, line, bytes } of records) {
    if (header) {
      header = false;
      continue;
    }
    const row = readRow(fields);
    if ("reason" in row) report(line, row);
    if (row.invoice_no === null) continue;
    if (open && (open.invoice_no !== row.invoice_no || open.rows === MAX_INVOICE_ROWS)) {
      yield open;
      open = follow(open, row.invoice_no);
    }
    open ??= begin(row.invoice_no, 1);
    addRow(open, row, bytes);
  }
  if (open) yield open;
}

function follow(before: Invoice, invoiceNo: string): Invoice {
  return begin(invoiceNo, before.invoice_no === invoiceNo ? before.part + 1 : 1);
}

function begin(invoice_no: string, part: number): Invoice {
  return { invoice_no, part, sold_at: "", customer: null, entries: [], rows: 0, held_back: false, bytes: 0 };
}

function addRow(invoice: Invoice, row: Row | RowFault, bytes: number): void {
  invoice.rows += 1;
  invoice.bytes = bytes;
  if ("reason" in row) {
    if (row.holds_back) invoice.held_back = true;
    return;
  }
  if (invoice.sold_at === "") invoice.sold_at = row.sold_at;
  invoice.customer ??= row.customer;
  invoice.entries.push(row.entry);
}
