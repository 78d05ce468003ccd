import type { MiddlewareHandler } from "hono";

/** For the bench alone: in place of src/middleware/gate.ts and permission.ts, to see what they cost. */

const pass: MiddlewareHandler = async (_, next) => next();

export function passGate(): MiddlewareHandler {
  return pass;
}

export function requirePermission(): MiddlewareHandler {
  return pass;
}
