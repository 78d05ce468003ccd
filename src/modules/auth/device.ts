import { createHash, randomBytes } from "node:crypto";
import type { Context } from "../../context.ts";
import { Problem } from "../../http/problem.ts";
import type { DeviceColumns } from "./queries.ts";

/** The credential of a paired till: opaque, 256 bits of chance, of which only the SHA-256 is kept. */

const TOKEN_BYTES = 32;
const MAX_TOKEN_LENGTH = 200;

/** A new device token. */
export function newDeviceToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/** Hexadecimal. */
export function hashDeviceToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** The X-Device-Token of the request, or null. */
export function sentDeviceToken(ctx: Context): string | null {
  const token = ctx.request_headers.get("X-Device-Token");
  return token === null || token === "" ? null : token.slice(0, MAX_TOKEN_LENGTH);
}

/** The hash of that token, by which the device is found; null where none was sent. */
export function sentDeviceHash(ctx: Context): string | null {
  const token = sentDeviceToken(ctx);
  return token === null ? null : hashDeviceToken(token);
}

export interface Device {
  device_id: string;
  terminal_id: string;
  till_store_id: string;
}

/** The device that a row found; `unauthenticated` where the token is of none that is live. */
export function findDevice(row: DeviceColumns | null): Device {
  const { device_id = null, terminal_id = null, till_store_id = null } = row ?? {};
  if (device_id === null || terminal_id === null || till_store_id === null) {
    throw new Problem("unauthenticated", "This till is not paired, or not any more; pair it again.");
  }
  return { device_id, terminal_id, till_store_id };
}
