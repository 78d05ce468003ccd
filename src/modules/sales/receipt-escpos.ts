import { toVisualOrder } from "../../core/bidi.ts";
import { toPrintable } from "../../core/code-pages.ts";
import { PrinterBytes } from "../../core/escpos.ts";
import { layOut } from "./receipt-text.ts";
import type { Bill } from "./receipt-words.ts";

/** A bill as the bytes that make a receipt printer print it, cut it and open the drawer. Pure. */

/** `opens_drawer`: cash was taken just now. */
export function renderEscPos(bill: Bill, options: { width: number; opens_drawer: boolean }): Uint8Array<ArrayBuffer> {
  const printer = new PrinterBytes();
  // First, so that the change can be counted out while the bill is being printed.
  if (options.opens_drawer) printer.openDrawer();
  let isStrong = false;
  for (const { text, strong } of layOut(printableBill(bill), { width: options.width, write: toVisualOrder })) {
    if (strong !== isStrong) printer.strong(strong);
    isStrong = strong;
    printer.line(text);
  }
  if (isStrong) printer.strong(false);
  if (bill.invoice_no !== null) {
    printer.line("").align("centre").qrCode(bill.invoice_no).line("").align("left");
  }
  return printer.cut().toBytes();
}

/** Before it is laid out: what the printer shows in place of a character may take fewer columns than that. */
function printableBill(bill: Bill): Bill {
  return {
    ...bill,
    store: toPrintable(bill.store),
    invoice_no: bill.invoice_no === null ? null : toPrintable(bill.invoice_no),
    header: bill.header.map(toPrintable),
    footer: bill.footer.map(toPrintable),
    till: bill.till === null ? null : toPrintable(bill.till),
    cashier: toPrintable(bill.cashier),
    lines: bill.lines.map((line) => ({ ...line, name: toPrintable(line.name) })),
    payments: bill.payments.map((row) => ({ ...row, label: toPrintable(row.label) })),
  };
}
