export { type Drawer, findDrawer, forgetDrawer, readDrawerRows, recallDrawer, toTerminal } from "./drawer.ts";
export { drawerStatements } from "./drawer-queries.ts";
export { doOnceAtPlace, type Happened, type Moment, type PlacedCommand } from "./at-place.ts";
export { findPlace, type Place, type PlaceRequest } from "./place.ts";
export { closeShift } from "./close-service.ts";
export { shiftRoutes } from "./routes.ts";
export { cashMovementInput, shiftCloseSchema, shiftOpenSchema } from "./schemas.ts";
export { moveCash, openShift } from "./service.ts";
export { listWaitingTills, supplementTill, type WaitingTill } from "./supplement-service.ts";
