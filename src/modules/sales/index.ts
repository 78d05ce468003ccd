export { type SoldBasket, takeBasket } from "./basket.ts";
export { type Alongside, commitDrafts } from "./commit.ts";
export { type Draft, type DraftOptions, draftSale } from "./draft.ts";
export {
  draftRefundOf,
  draftRefundWithout,
  readSale,
  refundFingerprint,
  unlinkedRefundFingerprint,
} from "./refunds.ts";
export { explainRefusal } from "./refusal.ts";
export { saleRoutes as salesRoutes } from "./routes.ts";
export {
  refundCreateSchema,
  type RefundInput,
  saleCreateSchema,
  type SaleInput,
  unlinkedRefundSchema,
  type UnlinkedRefundInput,
} from "./schemas.ts";
export { CLOCK_SKEW_MS, saleFingerprint } from "./service.ts";
export { refsOf, type Shelf, shelfOfTill, tillShelfStatements } from "./shelf.ts";
