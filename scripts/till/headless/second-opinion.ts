import { measureLine } from "regal-pos/pricing";
import { type Goods, price, type Rules } from "../../../test/worker/model/arithmetic.ts";
import type { Basket, Item } from "../basket.ts";
import type { SaleRecord } from "../records.ts";
import type { Store, WireDiscount } from "../wire.ts";

/**
 * Works a sale out a second time, by the arithmetic that the model tests judge the server by, and counts the cash. Throws
 * an Error where engine and arithmetic differ: then no report can be right.
 */
export function checkSale(store: Store, basket: Basket, sale: SaleRecord): void {
  const rules: Rules = {
    tax_mode: store.tax_mode,
    mode: store.rounding.mode,
    scope: store.rounding.scope,
    cash_rounding: store.cash_rounding,
  };
  const parts = price(rules, basket.items.map(goodsOf), basket.discount && plain(basket.discount));
  if (parts === null) throw new Error(`${String(sale.invoice_no)}: the arithmetic has no price for it`);
  const own = parts.reduce((sum, { total }) => sum + total, 0) + sale.rounding_adjustment;
  const tax = parts.reduce((sum, { tax_total }) => sum + tax_total, 0);
  const tendered = sale.payments.reduce((sum, { amount }) => sum + amount, 0);
  const differences = [
    ["total", sale.total, own],
    ["tax", sale.tax_total, tax],
    ["tendered less change", tendered - sale.change_due, own],
  ] as const;
  for (const [what, engine, arithmetic] of differences) {
    if (engine === arithmetic) continue;
    throw new Error(
      `${String(sale.invoice_no)}: ${what} is ${String(engine)} by the engine, ${String(arithmetic)} else`,
    );
  }
}

function goodsOf({ product, barcode, quantity, matched_whole, custom, override, discount }: Item): Goods {
  if (product === null) {
    const { unit_price = 0, tax_rate_ppm = 0 } = custom ?? {};
    const plainCustom = { unit_price, tax_rate_ppm, price_quantity: 1, quantity: quantity ?? 1, own_discount_ppm: 0 };
    return { ...plainCustom, discount: discount && plain(discount) };
  }
  const line = { ...(barcode !== null && { barcode }), ...(quantity !== null && { quantity }) };
  const measured = measureLine(line, product, matched_whole);
  if (typeof measured === "string") throw new Error(`${product.sku}: the quantity ${measured}`);
  const printed = override ? undefined : measured.printed_price;
  const common = { tax_rate_ppm: product.tax_rate_ppm, discount: discount && plain(discount) };
  // A printed price is one piece at that price, without the product's own discount.
  if (printed !== undefined) {
    return { ...common, unit_price: printed, price_quantity: 1, quantity: 1, own_discount_ppm: 0 };
  }
  return {
    ...common,
    unit_price: override?.unit_price ?? product.unit_price,
    price_quantity: product.price_quantity,
    quantity: measured.quantity,
    own_discount_ppm: product.discount_ppm,
  };
}

function plain(discount: WireDiscount): { amount: number } | { ppm: number } {
  return "amount" in discount ? { amount: discount.amount } : { ppm: discount.ppm };
}
