import { roundToMultiple } from "../../src/core/money.ts";
import { priceBasket, type PricingRules } from "../../src/modules/sales/pricing.ts";
import type { Method } from "./options.ts";
import type { Entry } from "./row.ts";

/** What of a product decides what its lines come to. */
export type ProductFacts = {
  tax_rate_ppm: number;
  price_quantity: number;
  /** The product's id where its stock is kept; null where it is not. */
  tracked_id: string | null;
};

export type StoreRules = PricingRules & { cash_rounding: number };

/**
 * What lines come to in minor units, by the engine the server prices with: tax is added where the store's prices are
 * without it. Throws PricingError for what is beyond the books.
 */
export function totalOf(rules: StoreRules, entries: readonly Entry[], factsOf: (sku: string) => ProductFacts): number {
  const lines = entries.map(({ sku, quantity, unit_price }) => {
    const { tax_rate_ppm, price_quantity } = factsOf(sku);
    return { unit_price, price_quantity, quantity, tax_rate_ppm, discount_ppm: 0 };
  });
  return priceBasket(rules, lines).total;
}

/** What was handed over for a sale: nothing for nothing, and in cash no less than coins can make. */
export function tendersOf(rules: StoreRules, method: Method, total: number): { method: Method; amount: number }[] {
  if (total === 0) return [];
  const rounded = method === "cash" ? roundToMultiple(total, rules.cash_rounding, rules.rounding.mode) : total;
  return [{ method, amount: Math.max(total, rounded) }];
}
