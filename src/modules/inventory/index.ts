export { type StockMovement, stockMovementsStatement } from "./movements.ts";
