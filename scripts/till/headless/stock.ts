import { barcodeKey, barcodeKeys, parseInStoreCode } from "regal-pos/pricing";
import type { Product } from "../wire.ts";
import type { PlannedBasket, TillPlan } from "./actions.ts";
import type { Manager } from "./manager.ts";

/** Goods for a planned day: an empty shelf would refuse a sale, and that is another test's matter. */

const LINES_PER_DOCUMENT = 100;

/** How much of each product the plans sell, in base units, by the product's id. */
export function sumNeeds(plans: readonly TillPlan[], products: readonly Product[]): Map<string, number> {
  const byCode = new Map<string, Product>();
  for (const product of products) {
    byCode.set(`sku:${product.sku}`, product);
    for (const barcode of product.barcodes) byCode.set(barcodeKey(barcode), product);
  }
  const needs = new Map<string, number>();
  for (const { lines } of plans.flatMap(({ actions }) => actions.flatMap(basketOf))) {
    for (const { barcode, sku, quantity } of lines) {
      const product = barcode === null ? byCode.get(`sku:${String(sku)}`) : byBarcode(byCode, barcode);
      if (!product?.track_stock) continue;
      const sold = quantity ?? parseInStoreCode(barcode ?? "")?.value ?? 0;
      needs.set(product.id, (needs.get(product.id) ?? 0) + sold);
    }
  }
  return needs;
}

function byBarcode(byCode: ReadonlyMap<string, Product>, barcode: string): Product | undefined {
  return barcodeKeys(barcode)
    .map((key) => byCode.get(key))
    .find((product) => product !== undefined);
}

function basketOf(action: TillPlan["actions"][number]): PlannedBasket[] {
  return action.do === "sell" || action.do === "park" ? [action.basket] : [];
}

/** Brings the goods in, once for a run. */
export async function fillShelves(
  manager: Manager,
  storeId: string,
  needs: ReadonlyMap<string, number>,
  runId: string,
): Promise<void> {
  const lines = [...needs].map(([product_id, quantity]) => ({ product_id, quantity }));
  for (let start = 0; start < lines.length; start += LINES_PER_DOCUMENT) {
    const body = {
      store_id: storeId,
      reason: "received",
      lines: lines.slice(start, start + LINES_PER_DOCUMENT),
      note: "for a headless run",
    };
    const idempotency_key = `headless:${runId}:stock:${String(start)}`;
    await manager.expect({ method: "POST", path: "/v1/stock/movements", body, idempotency_key }, "Filling the shelves");
  }
}
