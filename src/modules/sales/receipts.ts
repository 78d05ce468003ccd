import type { Context } from "../../context.ts";
import { RawBody } from "../../http/route.ts";
import { auditStatement } from "../audit/index.ts";
import { countReceipt, selectReceiptFacts } from "./queries.ts";
import { composeReceipt, type Receipt, type ReceiptFacts, renderText } from "./receipt.ts";
import { getSale } from "./service.ts";

/** Gives out a sale's bill and counts it; who printed which copy stands in the audit log. */
export async function issueReceipt(ctx: Context, saleId: string, format: "json" | "text"): Promise<Receipt | RawBody> {
  const sale = await getSale(ctx, saleId);
  const [, facts = [], counted = []] = await ctx.db.commit([
    auditStatement(ctx, [
      { action: "receipt.issue", entity_type: "sale", entity_id: saleId, store_id: sale.store_id, after: { format } },
    ]),
    selectReceiptFacts(saleId),
    countReceipt(saleId),
  ]);
  const found = facts[0] as unknown as ReceiptFacts;
  const receipt = composeReceipt(sale, found, Number(counted[0]?.["copies"]));
  return format === "json" ? receipt : new RawBody(renderText(receipt, found), "text/plain; charset=utf-8");
}
