export { settlementRoutes } from "./routes.ts";
export { type SettlementInput, settlementSchema } from "./schemas.ts";
export { settleSale } from "./service.ts";
