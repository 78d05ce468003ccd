export { takeSetupAttempt } from "./limits.ts";
export { hashPassword } from "./password.ts";
export { type Permission, ROLE_NAMES, type RoleName } from "./permissions.ts";
export { authRoutes } from "./routes.ts";
