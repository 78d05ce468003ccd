import { mulDiv } from "../../core/money.ts";
import {
  type BasketLine,
  type Discount,
  type PricedBasket,
  priceBasket,
  PricingError,
  type PricingRules,
} from "./pricing.ts";

/**
 * What an offline till charged where today's prices come to another total, put onto the lines: what is refunded of them
 * later, their tax and the takings follow from what the customer has paid.
 */

/** All that a basket is priced from. */
export interface Basket {
  rules: PricingRules;
  lines: readonly BasketLine[];
  discount: Discount | undefined;
}

/** What the basket comes to without the discounts that products have of their own, or null where that is no amount. */
export function withoutOwnDiscounts({ rules, lines, discount }: Basket): PricedBasket | null {
  try {
    return priceBasket(
      rules,
      lines.map((line) => ({ ...line, discount_ppm: 0 })),
      discount,
    );
  } catch (error) {
    if (error instanceof PricingError) return null;
    throw error;
  }
}

/**
 * The basket with a further discount of the order, by which its lines come to `charged`. Where tax is added to the
 * prices some totals can't be hit: then they come to a unit or two less, never to more. `charged` is not above `priced`.
 */
export function discountedTo({ rules, lines }: Basket, priced: PricedBasket, charged: number): PricedBasket {
  const sum = (part: "line_discount" | "order_discount") => priced.lines.reduce((all, line) => all + line[part], 0);
  // Between a discount with which the lines come to too much, and one with which they don't; all of it is enough.
  let short = { amount: sum("order_discount"), over: priced.total - charged };
  let enough = { amount: priced.subtotal - sum("line_discount"), over: -charged };
  if (short.over <= 0) return priced;
  while (enough.over < 0 && enough.amount - short.amount > 1) {
    const span = enough.amount - short.amount;
    // Totals fall with the discount all but evenly, so a straight line finds the place in a step or three.
    const step = mulDiv(span, short.over, short.over - enough.over, "half_up");
    const amount = short.amount + Math.min(Math.max(step, 1), span - 1);
    const over = priceBasket(rules, lines, { amount }).total - charged;
    if (over > 0) short = { amount, over };
    else enough = { amount, over };
  }
  return priceBasket(rules, lines, { amount: enough.amount });
}
