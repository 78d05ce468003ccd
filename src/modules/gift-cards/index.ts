export { giftCardRoutes } from "./routes.ts";
export { giftCardCreateSchema, type GiftCardInput } from "./schemas.ts";
export { sellGiftCard } from "./service.ts";
