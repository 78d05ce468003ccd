export { saleRoutes as salesRoutes } from "./routes.ts";
export { measure } from "./basket.ts";
