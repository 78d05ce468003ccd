import { checkDigit } from "../../../src/core/barcode.ts";
import type { Random } from "../../support/random.ts";
import type { Product } from "../wire.ts";
import type { PlannedBasket, PlannedLine } from "./actions.ts";

/** Baskets as chance fills them: pieces, weights, printed codes, custom lines, discounts a cashier may give alone. */

export type Goods = Pick<
  Product,
  "sku" | "barcodes" | "unit" | "unit_price" | "price_quantity" | "tax_rate_ppm" | "max_per_sale"
>;

/** What goes beyond a cashier's own leave. */
export type Beyond = "discount" | "price" | null;

const MOST_LINES = 7;
const MOST_PIECES = 3;
const RATES = [0, 50_000, 200_000];
/** A line's and the order's discount stay together below the cashier's 10 %. */
const LINE_PPM = [20_000, 50_000];
const ORDER_PPM = [10_000, 40_000];
const ABOVE_LIMIT_PPM = 300_000;

export function drawBasket(random: Random, shelf: readonly Goods[], beyond: Beyond): PlannedBasket {
  const count = 1 + Math.min(random.below(MOST_LINES), random.below(MOST_LINES));
  const chosen = new Set<Goods>();
  while (chosen.size < Math.min(count, shelf.length)) {
    const goods = random.pick(shelf);
    if (goods) chosen.add(goods);
  }
  const lines = [...chosen].map((goods) => drawLine(random, goods));
  if (random.chance(0.08)) lines.push(drawCustom(random));
  const first = lines[0];
  if (first && beyond === "discount") first.discount = { ppm: ABOVE_LIMIT_PPM, reason: "the box was damaged" };
  const [firstGoods] = chosen;
  if (first && firstGoods && beyond === "price" && first.quantity !== null) {
    const half = Math.max(1, Math.floor(firstGoods.unit_price / 2));
    first.override = { unit_price: half, reason: "the shelf said so" };
    delete first.discount;
  }
  if (!random.chance(0.1)) return { lines };
  return { lines, discount: { ppm: random.pick(ORDER_PPM) ?? 0, reason: "regular customer" } };
}

function drawLine(random: Random, goods: Goods): PlannedLine {
  const [barcode = null] = goods.barcodes;
  const byBarcode = barcode !== null && random.chance(0.6);
  const discount = random.chance(0.08) ? { discount: { ppm: random.pick(LINE_PPM) ?? 0 } } : {};
  const printed =
    byBarcode && goods.unit === "g" && random.chance(0.5) ? printWeight(barcode, 100 + random.below(1900)) : null;
  if (printed !== null) return { barcode: printed, sku: null, quantity: null, ...discount };
  const named = byBarcode ? { barcode, sku: null } : { barcode: null, sku: goods.sku };
  return { ...named, quantity: drawQuantity(random, goods), ...discount };
}

function drawQuantity(random: Random, { unit, max_per_sale }: Goods): number {
  if (unit !== "each") return Math.min(max_per_sale ?? 2000, 100 + random.below(1900));
  return 1 + random.below(Math.min(max_per_sale ?? MOST_PIECES, MOST_PIECES));
}

function drawCustom(random: Random): PlannedLine {
  const custom = {
    name: random.pick(["Gift wrap", "Carrier bag", "Delivery", "Engraving"]) ?? "",
    unit_price: 10 + random.below(990),
    tax_rate_ppm: random.pick(RATES) ?? 0,
  };
  return { barcode: null, sku: null, quantity: 1 + random.below(2), custom };
}

/** What a scale prints of a product that carries `2c IIIII 00000 K`; null of any other code. */
export function printWeight(carrier: string, grams: number): string | null {
  const [, item] = /^(2[1-4]\d{5})00000\d$/.exec(carrier) ?? [];
  if (item === undefined) return null;
  const body = item + String(grams).padStart(5, "0");
  return body + String(checkDigit(body));
}
