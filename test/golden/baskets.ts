import { CASH_BASKETS } from "./cash-baskets.ts";
import { CASH } from "./cash.ts";
import { DISCOUNTS } from "./discounts.ts";
import { HALVES } from "./halves.ts";
import { REFUNDS } from "./refunds.ts";
import type { GoldenBasket } from "./row.ts";
import { TAX_ADDED } from "./tax-added.ts";
import { TAX_INCLUDED } from "./tax-included.ts";
import { WEIGHTS } from "./weights.ts";
import { WHOLE } from "./whole.ts";

export const GOLDEN_BASKETS: readonly GoldenBasket[] = [
  ...TAX_INCLUDED,
  ...TAX_ADDED,
  ...HALVES,
  ...DISCOUNTS,
  ...CASH_BASKETS,
  ...CASH,
  ...WEIGHTS,
  ...REFUNDS,
  ...WHOLE,
];
