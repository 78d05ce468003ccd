import { isolate } from "../../core/bidi.ts";
import { centre, pair, type WriteLine } from "../../core/columns.ts";
import type { Bill, BillLine, BillRow, BillTax } from "./receipt-words.ts";

/** A bill in lines of fixed width, as text and for a printer. Pure. */

export interface TextLine {
  text: string;
  /** Set off from the rest where the printer can. */
  strong: boolean;
}

export interface TextLayout {
  /** Columns, 24 to 80. */
  width: number;
  write: WriteLine;
}

const INDENT = 2;

/**
 * The lines of a bill, none wider than the layout, the amounts in one column at the right. Nothing is cut: what is too
 * long goes on in the next line.
 */
export function layOut(bill: Bill, layout: TextLayout): TextLine[] {
  const { width } = layout;
  const plain = (texts: string[]): TextLine[] => texts.map((text) => ({ text, strong: false }));
  const strong = (texts: string[]): TextLine[] => texts.map((text) => ({ text, strong: true }));
  const row = ({ label, amount }: BillRow, indent = 0) => pair(label, amount, { ...layout, indent });
  const middle = (texts: string[]) => texts.flatMap((text) => (text === "" ? [""] : centre(text, layout)));
  const rule = "-".repeat(width);
  return [
    ...strong(middle(bill.marks.map((mark) => `*** ${mark} ***`))),
    ...strong(middle([bill.store])),
    ...plain(middle(bill.header)),
    ...plain([rule]),
    ...plain(bill.invoice_no === null ? [] : row({ label: "Invoice", amount: bill.invoice_no })),
    ...plain(row({ label: bill.sold_at, amount: bill.till === null ? "" : `Till ${bill.till}` })),
    ...plain(row({ label: "Cashier", amount: bill.cashier })),
    ...plain([rule]),
    ...plain(bill.lines.flatMap((line) => describeLine(line, row))),
    ...plain([rule]),
    ...plain(bill.sums.flatMap((one) => row(one))),
    ...strong(row(bill.total)),
    ...plain(bill.payments.flatMap((one) => row(one))),
    ...strong(bill.balance_due === null ? [] : row(bill.balance_due)),
    ...plain([rule]),
    ...plain(bill.taxes.flatMap((tax) => row(describeTax(tax)))),
    ...plain(bill.footer.length === 0 ? [] : [rule, ...middle(bill.footer)]),
  ];
}

function describeLine(line: BillLine, row: (row: BillRow, indent?: number) => string[]): string[] {
  return [
    ...row({ label: line.name, amount: "" }),
    ...row(
      { label: line.price === null ? line.quantity : `${line.quantity} x ${line.price}`, amount: line.amount },
      INDENT,
    ),
    ...(line.discount === null ? [] : row({ label: "Discount", amount: line.discount }, INDENT)),
    ...(line.returned === null ? [] : row({ label: `Returned ${line.returned}`, amount: "" }, INDENT)),
  ];
}

function describeTax({ rate, taxable, tax }: BillTax): BillRow {
  return { label: `Tax ${rate} on ${taxable}`, amount: tax };
}

/** The bill in `width` columns of text, each line ended by a line feed. */
export function renderText(bill: Bill, width: number): string {
  return layOut(bill, { width, write: isolate })
    .map(({ text }) => `${text}\n`)
    .join("");
}
