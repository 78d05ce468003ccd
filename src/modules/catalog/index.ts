import { groupRoutes } from "./group-routes.ts";
import { productRoutes } from "./routes.ts";

export const catalogRoutes = [...productRoutes, ...groupRoutes];
