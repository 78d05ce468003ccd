import { barcodeKey, barcodeKeys, describeUnitFault, parseInStoreCode, readPrinted } from "../../core/barcode.ts";
import { actorOf, type Context } from "../../context.ts";
import { forgetProducts } from "../../db/catalog-cache.ts";
import { tagAnswer, versionFromIfMatch } from "../../http/conditional.ts";
import { readCursor, toPage } from "../../http/pagination.ts";
import { type InputError, Problem, invalidInput } from "../../http/problem.ts";
import { auditStatement } from "../audit/index.ts";
import { refuseUnpermittedFields, showProduct } from "./authority.ts";
import { findMisplacedWeightCodes } from "./barcodes.ts";
import { draftProduct, type Product, reviseProduct } from "./product.ts";
import {
  productByBarcodeStatement,
  productByIdStatement,
  productPageStatement,
  type ProductRow,
  toProduct,
} from "./queries.ts";
import { findMissingGroups, findTakenBarcodes, referencesOf, toKnownReferences } from "./references.ts";
import type { ProductInput, ProductPatch, ProductQuery } from "./schemas.ts";
import { searchWords } from "./words.ts";
import { deactivateStatement } from "./write-queries.ts";
import { commitChanges, referenceStatements } from "./write-service.ts";

export async function listProducts(
  ctx: Context,
  query: ProductQuery,
): Promise<{ data: Product[]; next_cursor: string | null }> {
  const { q, barcode, limit, cursor, ...filters } = query;
  const page = productPageStatement(
    {
      ...filters,
      words: q === undefined ? undefined : searchWords(q),
      barcode_key: barcode === undefined ? undefined : barcodeKey(barcode),
    },
    readCursor(cursor),
    limit + 1,
  );
  const rows = await ctx.db.all<ProductRow>(page);
  return toPage(rows, limit, (row) => showProduct(actorOf(ctx), toProduct(row)));
}

export async function readProduct(ctx: Context, id: string): Promise<Product> {
  const row = await ctx.db.first<ProductRow>(productByIdStatement(id));
  if (!row) throw unknownProduct();
  return answerProduct(ctx, toProduct(row));
}

/** Refuses a SKU, id or barcode that is taken (`conflict`), and unknown groups (`validation_failed`). */
export async function createProduct(ctx: Context, input: ProductInput): Promise<Product> {
  const { id = ctx.newId(), ...named } = input;
  refuseUnpermittedFields(actorOf(ctx), null, named, "");
  const [owners = [], categories = [], brands = []] = await ctx.db.readAll(referenceStatements(referencesOf([named])));
  const known = toKnownReferences(owners, categories, brands);
  refuse("validation_failed", [...findMissingGroups(named, known, ""), ...findMisplacedWeightCodes(null, named, "")]);
  refuse("conflict", findTakenBarcodes(named, null, known, ""));
  const change = draftProduct(named, id, ctx.now.toISOString());
  await commitChanges(ctx, [change]);
  return answerProduct(ctx, change.after);
}

/** Changes the named fields of the version that If-Match names; `stale_version` when it is no longer in force. */
export async function patchProduct(ctx: Context, id: string, patch: ProductPatch): Promise<Product> {
  const claimed = versionFromIfMatch(ctx);
  const [rows = [], owners = [], categories = [], brands = []] = await ctx.db.readAll([
    productByIdStatement(id),
    ...referenceStatements(referencesOf([patch])),
  ]);
  const before = toProductOrRefuse(rows as ProductRow[]);
  refuseStale(before, claimed);
  refuseUnpermittedFields(actorOf(ctx), before, patch, "");
  const known = toKnownReferences(owners, categories, brands);
  refuse("validation_failed", [...findMissingGroups(patch, known, ""), ...findMisplacedWeightCodes(before, patch, "")]);
  refuse("conflict", findTakenBarcodes(patch, id, known, ""));
  const change = reviseProduct(before, patch, ctx.now);
  await commitChanges(ctx, [change]);
  return answerProduct(ctx, change.after);
}

/** Takes a product off sale; what was sold is never erased. Doing it twice is doing it once. */
export async function deactivateProduct(ctx: Context, id: string): Promise<undefined> {
  const claimed = ctx.if_match === null ? null : versionFromIfMatch(ctx);
  const row = await ctx.db.first<ProductRow>(productByIdStatement(id));
  const before = toProductOrRefuse(row ? [row] : []);
  if (claimed !== null) refuseStale(before, claimed);
  if (!before.active) return;
  const { updated_at } = reviseProduct(before, { active: false }, ctx.now).after;
  await ctx.db.commit([
    auditStatement(ctx, [
      {
        action: "product.deactivate",
        entity_type: "product",
        entity_id: id,
        before: { active: true },
        after: { active: false },
      },
    ]),
    deactivateStatement(id, updated_at, claimed),
  ]);
  forgetProducts([id]);
}

/**
 * Finds what a scanner read: a product's own barcode, else the code that a printed weight or price stands in. The quantity
 * is 0 where such a code carries none; `validation_failed` for grams of what is not sold by the gram.
 */
export async function lookUpBarcode(
  ctx: Context,
  barcode: string,
): Promise<{ product: Product; quantity: number; price?: number }> {
  const printed = parseInStoreCode(barcode);
  const row = await ctx.db.first<ProductRow & { choice: number }>(productByBarcodeStatement(barcodeKeys(barcode)));
  if (!row) throw new Problem("not_found", "No product has this barcode.");
  const { choice, ...found } = row;
  const product = showProduct(actorOf(ctx), toProduct(found));
  if (!printed || (choice === 0 && printed.value !== 0)) return { product, quantity: 1 };
  const fault = printed.value === 0 ? null : describeUnitFault(printed, product);
  refuse("validation_failed", fault === null ? [] : [{ pointer: "/barcode", detail: fault }]);
  const { quantity, price } = readPrinted(printed, product);
  return { product, quantity, ...(price === undefined ? {} : { price }) };
}

function answerProduct(ctx: Context, product: Product): Product {
  tagAnswer(ctx, product.version);
  return showProduct(actorOf(ctx), product);
}

function toProductOrRefuse([row]: ProductRow[]): Product {
  if (!row) throw unknownProduct();
  return toProduct(row);
}

function unknownProduct(): Problem {
  return new Problem("not_found", "There is no such product.");
}

function refuseStale(product: Product, claimed: number): void {
  if (product.version !== claimed) throw new Problem("stale_version", "It was changed meanwhile; read it again.");
}

function refuse(code: "validation_failed" | "conflict", errors: InputError[]): void {
  if (errors.length > 0) throw invalidInput(errors, code);
}
