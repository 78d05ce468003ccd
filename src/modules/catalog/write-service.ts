import { type Context } from "../../context.ts";
import { forgetProducts } from "../../db/catalog-cache.ts";
import type { Statement } from "../../db/database.ts";
import { type AuditEntry, auditStatement } from "../audit/index.ts";
import { chunkBySize } from "./chunks.ts";
import { brandIdsStatement, categoryIdsStatement } from "./group-queries.ts";
import { pickFields, type ProductChange } from "./product.ts";
import { barcodeOwnersStatement } from "./queries.ts";
import type { References } from "./references.ts";
import { productChangeStatements } from "./write-queries.ts";

/** Reads what `toKnownReferences` takes: the owners of barcodes, the categories and the brands that are there. */
export function referenceStatements({ barcode_keys, category_ids, brand_ids }: References): Statement[] {
  return [barcodeOwnersStatement(barcode_keys), categoryIdsStatement(category_ids), brandIdsStatement(brand_ids)];
}

/** Commits changes of products with their audit entries, all or none, and makes the isolate forget the old ones. */
export async function commitChanges(ctx: Context, changes: readonly ProductChange[]): Promise<void> {
  const entries = chunkBySize(changes.map(toAuditEntry));
  await ctx.db.commit([...entries.map((chunk) => auditStatement(ctx, chunk)), ...productChangeStatements(changes)]);
  forgetProducts(changes.map(({ after }) => after.id));
}

function toAuditEntry({ before, after, changed }: ProductChange): AuditEntry {
  const entity = { entity_type: "product", entity_id: after.id };
  if (!before) return { action: "product.create", ...entity, after: pickFields(after, changed) };
  const deactivated = before.active && !after.active;
  return {
    action: deactivated ? "product.deactivate" : "product.update",
    ...entity,
    before: pickFields(before, changed),
    after: pickFields(after, changed),
  };
}
