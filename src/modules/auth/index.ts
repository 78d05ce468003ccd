export { findDevice, hashDeviceToken, newDeviceToken, sentDeviceToken } from "./device.ts";
export { takeAnonymousAttempt } from "./limits.ts";
export { openSession } from "./open-session.ts";
export { hashPassword, verifyPassword } from "./password.ts";
export { findBuiltInRole, GRANTABLE_PERMISSIONS, type Permission, PERMISSIONS } from "./permissions.ts";
export { authRoutes } from "./routes.ts";
export { commitEndingSessions } from "./session.ts";
export { isSigned, signText } from "./signature.ts";
