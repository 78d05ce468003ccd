export { APPROVAL_ACTIONS, type ApprovalAction } from "./actions.ts";
export { APPROVAL_SHOWN_LATE_MS, approvalsNeeded, type Leave, NO_LEAVE, takeLeave, type Wanted } from "./leave.ts";
export { approvalRoutes } from "./routes.ts";
