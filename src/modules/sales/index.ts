export { type SoldBasket, takeBasket } from "./basket.ts";
export { type Alongside, commitDrafts } from "./commit.ts";
export { type Draft, type DraftOptions, draftSale } from "./draft.ts";
export {
  draftRefundOf,
  draftRefundWithout,
  readSale,
  refundFingerprint,
  type SaleRows,
  unlinkedRefundFingerprint,
} from "./refunds.ts";
export { explainRefusal } from "./refusal.ts";
export { saleRoutes as salesRoutes } from "./routes.ts";
export {
  refundCreateSchema,
  type RefundInput,
  unlinkedRefundSchema,
  type UnlinkedRefundInput,
} from "./refund-schemas.ts";
export {
  saleCompleteSchema,
  saleCreateSchema,
  type SaleInput,
  saleLineSchema,
  type SaleLineInput,
  saleSchema,
  saleVoidSchema,
} from "./schemas.ts";
export { completeSale, parkSale } from "./parked.ts";
export { getSale, type HappenedSale, saleFingerprint, sell, type Selling, wantedOf } from "./service.ts";
export type { KeptAs } from "./tender.ts";
export { voidSale } from "./voids.ts";
export { fetchShelf, refsOf, type Shelf, shelfOfTill, tillShelfStatements } from "./shelf.ts";
