import { actorOf, type Context } from "../../context.ts";
import { isViolationOf } from "../../http/constraints.ts";
import { type InputError, Problem, invalidInput } from "../../http/problem.ts";
import { refuseUnpermittedFields } from "./authority.ts";
import { findFaults, findRepeats, foldSku } from "./batch.ts";
import { draftProduct, type Product, type ProductChange, reviseProduct } from "./product.ts";
import { type ProductRow, productsBySkuStatement, takenIdsStatement, toProduct } from "./queries.ts";
import { type KnownReferences, referencesOf, toKnownReferences } from "./references.ts";
import type { BatchAnswer, BatchEntry } from "./schemas.ts";
import { commitChanges, referenceStatements } from "./write-service.ts";

const MAX_ERRORS = 1000;

/**
 * Creates or changes products by SKU, all or nothing: one read, one commit, whatever their number. A field that an
 * entry does not name stays as it is. Faults are told by `/products/{index}/...`; `conflict` when the catalogue
 * changed between the read and the commit.
 */
export async function saveProducts(ctx: Context, entries: readonly BatchEntry[]): Promise<BatchAnswer> {
  refuseFaults(findRepeats(entries));
  const { products, known, takenIds } = await readBatch(ctx, entries);
  refuseFaults(findFaults(entries, products, known, takenIds));
  const changes = entries.map((entry, index) => planEntry(ctx, entry, index, products));
  try {
    await commitChanges(ctx, changes);
  } catch (error) {
    if (!isViolationOf(error, "stale_version", "products.sku", "products.id", "product_barcodes.key")) throw error;
    throw new Problem("conflict", "The catalogue was changed meanwhile; send the batch again.", {
      cause: error,
    });
  }
  return {
    data: changes.map(({ before, after }, index) => ({
      index,
      id: after.id,
      sku: after.sku,
      version: after.version,
      created: before === null,
    })),
  };
}

interface BatchReading {
  /** By folded SKU. */
  products: Map<string, Product>;
  known: KnownReferences;
  takenIds: Set<string>;
}

async function readBatch(ctx: Context, entries: readonly BatchEntry[]): Promise<BatchReading> {
  const [rows = [], ids = [], owners = [], categories = [], brands = []] = await ctx.db.readAll([
    productsBySkuStatement(entries.map(({ sku }) => sku)),
    takenIdsStatement(entries.flatMap(({ id }) => (id === undefined ? [] : [id]))),
    ...referenceStatements(referencesOf(entries)),
  ]);
  const found = (rows as ProductRow[]).map(toProduct);
  return {
    products: new Map(found.map((product) => [foldSku(product.sku), product])),
    known: toKnownReferences(owners, categories, brands),
    takenIds: new Set(ids.map(({ id }) => String(id))),
  };
}

function planEntry(
  ctx: Context,
  entry: BatchEntry,
  index: number,
  products: ReadonlyMap<string, Product>,
): ProductChange {
  const { id = ctx.newId(), ...named } = entry;
  const { name, unit_price } = named;
  const before = products.get(foldSku(entry.sku));
  refuseUnpermittedFields(actorOf(ctx), before ?? null, named, `/products/${String(index)}`);
  if (before) {
    // The SKU is what it was found by; its spelling stays.
    return reviseProduct(before, { ...named, sku: before.sku }, ctx.now);
  }
  if (name === undefined || unit_price === undefined) throw new Error("a new product passed without its name or price");
  return draftProduct({ ...named, name, unit_price }, id, ctx.now.toISOString());
}

function refuseFaults(errors: InputError[]): void {
  if (errors.length > 0) throw invalidInput(errors.slice(0, MAX_ERRORS));
}
