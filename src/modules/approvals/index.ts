export type { ApprovalAction } from "./actions.ts";
export { APPROVAL_SHOWN_LATE_MS, type Leave, NO_LEAVE, takeLeave, type Wanted } from "./leave.ts";
export { approvalRoutes } from "./routes.ts";
