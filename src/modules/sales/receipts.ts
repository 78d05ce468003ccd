import type { Context } from "../../context.ts";
import { Problem } from "../../http/problem.ts";
import { RawBody, RawBytes } from "../../http/route.ts";
import { auditStatement } from "../audit/index.ts";
import { countReceipt, selectReceiptFacts } from "./queries.ts";
import { composeReceipt, type DrawerFacts, type Receipt, type ReceiptFacts, takesCash } from "./receipt.ts";
import type { ReceiptFormat } from "./schemas.ts";
import { getSale } from "./service.ts";

/**
 * Gives out a sale's bill and counts it; who printed which copy stands in the audit log. `conflict` for what was parked
 * and never completed: that has no number, and no bill.
 */
export async function issueReceipt(
  ctx: Context,
  saleId: string,
  format: ReceiptFormat,
): Promise<Receipt | RawBody | RawBytes> {
  const sale = await getSale(ctx, saleId);
  if (sale.invoice_no === null)
    throw new Problem("conflict", "A sale that is parked has no bill until it is completed.");
  const [, facts = [], counted = []] = await ctx.db.commit([
    auditStatement(ctx, [
      { action: "receipt.issue", entity_type: "sale", entity_id: saleId, store_id: sale.store_id, after: { format } },
    ]),
    selectReceiptFacts(saleId),
    countReceipt(saleId),
  ]);
  const found = facts[0] as unknown as ReceiptFacts & DrawerFacts;
  const receipt = composeReceipt(sale, found, Number(counted[0]?.["copies"]));
  return format === "json" ? receipt : render(receipt, found, format, ctx.now);
}

async function render(
  receipt: Receipt,
  facts: ReceiptFacts & DrawerFacts,
  format: Exclude<ReceiptFormat, "json">,
  now: Date,
): Promise<RawBody | RawBytes> {
  const forms = await loadForms();
  const bill = forms.describeReceipt(receipt, facts);
  switch (format) {
    case "text":
      return new RawBody(forms.renderText(bill, facts.receipt_width), "text/plain; charset=utf-8");
    case "html":
      return new RawBody(await forms.renderPage(bill), "text/html; charset=utf-8", forms.receiptStyleSource());
    case "escpos": {
      const options = { width: facts.receipt_width, opens_drawer: takesCash(receipt, facts, now) };
      return new RawBytes(forms.renderEscPos(bill, options));
    }
  }
}

/** What writes a bill, with its tables of characters; loaded when first used, because start-up pays for it. */
async function loadForms() {
  return import("./receipt-forms.ts");
}
