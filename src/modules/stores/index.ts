export { storeRoutes } from "./routes.ts";
export { findStoreByCode, loadStore } from "./service.ts";
export type { Store } from "./store.ts";
