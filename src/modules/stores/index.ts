export { storeRoutes } from "./routes.ts";
export { storeByIdStatement, storeByTerminalStatement } from "./queries.ts";
export { storeAnswer } from "./schemas.ts";
export { loadStore } from "./service.ts";
export { type Store, type StoreRow, toStore, toStoreAnswer } from "./store.ts";
export { selectShelfStore, selectTillStore } from "./shelf-queries.ts";
export { rememberStore } from "./shelf-store.ts";
