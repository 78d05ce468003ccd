import { createHash } from "node:crypto";

const MAX_KEY = 200;

/**
 * The idempotency key of what an invoice becomes: the same whenever the same invoice is read, whatever stands before
 * it in the file. In ASCII, as a header needs it, and at most 200 characters: a longer one is named by its digest.
 */
export function keyOf(storeCode: string, what: string, name: string, part = 1): string {
  const suffix = part === 1 ? what : `${what}:${String(part)}`;
  const key = `import:${storeCode}:${encodeURIComponent(name)}:${suffix}`;
  return key.length <= MAX_KEY ? key : `import:${storeCode}:sha256:${sha256(name).toString("hex")}:${suffix}`;
}

/**
 * The id of a customer known to the file by a code alone: shaped as a UUIDv7 (RFC 9562, 5.7) whose time is the
 * store's beginning and whose random bits are a digest, so that every file of the store names the same customer.
 */
export function customerIdOf(store: { id: string; created_at: string }, code: string): string {
  const bytes = sha256(`${store.id}\n${code}`).subarray(0, 16);
  bytes.writeUIntBE(Date.parse(store.created_at), 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
