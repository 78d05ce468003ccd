export { sellOrder } from "./complete-service.ts";
export { giveDepositBack, takeDeposit } from "./deposit-service.ts";
export { orderRoutes } from "./routes.ts";
export { depositCreateSchema, depositRefundSchema, orderCompleteSchema, orderCreateSchema } from "./schemas.ts";
export { createOrder } from "./service.ts";
