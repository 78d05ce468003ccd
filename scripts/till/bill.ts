import { renderText } from "../../src/modules/sales/receipt-text.ts";
import { composeReceipt } from "../../src/modules/sales/receipt.ts";
import { describeReceipt } from "../../src/modules/sales/receipt-words.ts";
import type { SaleRecord } from "./records.ts";
import { cashierOf, storeOf, type Till } from "./till.ts";

/** A sale's bill as text: the server's, which counts the copies, where it is in reach; else the till's own, alike. */
export async function printBill(till: Till, sale: SaleRecord): Promise<string> {
  return (await askForBill(till, sale)) ?? composeBill(till, sale);
}

async function askForBill(till: Till, sale: SaleRecord): Promise<string | null> {
  const { session, link, outbox } = till;
  if (!session.isOpen || outbox.waitingCount > 0 || !(await link.isUp())) return null;
  const call = { method: "POST", path: `/v1/sales/${sale.id}/receipts`, body: { format: "text" } } as const;
  const outcome = await session.ask<string>({ ...call, headers: { Accept: "text/plain" } });
  if (outcome.kind === "unreached") link.lose(outcome.reason);
  return outcome.kind === "done" ? outcome.body : null;
}

/** The bill as the till itself writes it. */
export function composeBill(till: Till, sale: SaleRecord): string {
  const store = storeOf(till);
  const facts = {
    store_name: store.name,
    store_code: store.code,
    timezone: store.timezone,
    receipt_header: store.receipt.header,
    receipt_footer: store.receipt.footer,
    receipt_width: store.receipt.width,
    terminal_code: till.device.terminal.code,
    cashier: cashierOf(till).full_name,
    cash_rounding: store.cash_rounding,
    tendered: sale.payments.length,
    tendered_in_cash: sale.payments.filter(({ method }) => method === "cash").length,
  };
  const lines = sale.lines.map((line) => ({ ...line, id: line.id ?? "" }));
  const receipt = composeReceipt({ ...sale, lines }, facts, 1);
  return renderText(describeReceipt(receipt, facts), store.receipt.width);
}
