/**
 * `regal-pos/pricing`: all that a till needs to price, settle and take back offline exactly as the edge does. Nothing
 * here knows the platform, the framework or the wire; docs/pricing.md says how it is used.
 */
export {
  barcodeKey,
  barcodeKeys,
  hasValidCheckDigit,
  type InStoreCode,
  parseInStoreCode,
  readPrinted,
} from "./core/barcode.ts";
export { formatAmount, isCurrency, minorUnitDigits, parseAmount } from "./core/currency.ts";
export { MAX_AMOUNT, MAX_QUANTITY, MAX_UNIT_PRICE, type RoundingMode, roundToMultiple } from "./core/money.ts";
export { type DiscountedLine, findLinesAboveLimit, greatestDiscountPpm } from "./modules/sales/discount-limit.ts";
export { findAboveMaxPerSale, type LimitedLine } from "./modules/sales/max-per-sale.ts";
export { type Measured, type MeasuredProduct, measureLine } from "./modules/sales/measure.ts";
export {
  type BasketLine,
  type Discount,
  priceBasket,
  type PricedBasket,
  type PricedLine,
  PricingError,
  type PricingRules,
} from "./modules/sales/pricing.ts";
export { type RefundableLine, type RefundedParts, refundLine, refundShare } from "./modules/sales/refund-shares.ts";
export { type Settlement, SettlementError, settlePayments } from "./modules/sales/settle.ts";
