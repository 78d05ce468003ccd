export { type StockMovement, stockMovementsStatement } from "./movement-queries.ts";
export { inventoryRoutes } from "./routes.ts";
