export { type Drawer, findDrawer, forgetDrawer, readDrawerRows, recallDrawer, toTerminal } from "./drawer.ts";
export { drawerStatements } from "./drawer-queries.ts";
export { atPlace, findPlace, type Happened, type Moment, type Place } from "./place.ts";
export { shiftRoutes } from "./routes.ts";
