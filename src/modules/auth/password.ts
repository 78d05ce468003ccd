import { createHmac, randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/**
 * Passwords at rest: scrypt (RFC 7914) in a PHC string, over an HMAC of the password with the pepper, so that a
 * stolen table is worthless without the secret that never stands in it.
 */

const LOG2_N = 14;
const BLOCK_SIZE = 8;
const PARALLELISM = 5;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

// What a stored string may ask for: 64 MiB and eight lanes, so that a planted row can't exhaust the Worker.
const MAX_LOG2_N = 16;
const MAX_BLOCK_SIZE = 8;
const MAX_PARALLELISM = 8;
const MAX_MEMORY_BYTES = 80 * 1024 * 1024;

const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{43})$/;

/** Verified against when there is no such user, so that an unknown name costs what a wrong password costs. */
const NOBODY = `$scrypt$ln=14,r=8,p=5$${"A".repeat(22)}$${"A".repeat(43)}`;

interface Cost {
  log2_n: number;
  block_size: number;
  parallelism: number;
}

/** `$scrypt$ln=14,r=8,p=5$salt$hash`, base64 without padding (PHC string format). */
export async function hashPassword(password: string, pepper: string, log2N: number = LOG2_N): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const cost = { log2_n: log2N, block_size: BLOCK_SIZE, parallelism: PARALLELISM };
  const hash = await derive(password, pepper, salt, cost);
  return `$scrypt$ln=${String(log2N)},r=${String(BLOCK_SIZE)},p=${String(PARALLELISM)}$${encode(salt)}$${encode(hash)}`;
}

/** Whether this is the password that was hashed. `stored` is null for a user who does not exist: false, as late. */
export async function verifyPassword(password: string, pepper: string, stored: string | null): Promise<boolean> {
  const { cost, salt, hash } = parsePhc(stored ?? NOBODY);
  const derived = await derive(password, pepper, salt, cost);
  return timingSafeEqual(derived, hash) && stored !== null;
}

/** Whether a password in hand should be hashed anew, because the parameters have changed since. */
export function needsRehash(stored: string): boolean {
  const { cost } = parsePhc(stored);
  return cost.log2_n !== LOG2_N || cost.block_size !== BLOCK_SIZE || cost.parallelism !== PARALLELISM;
}

function parsePhc(phc: string): { cost: Cost; salt: Uint8Array; hash: Uint8Array } {
  const [, log2N, blockSize, parallelism, salt = "", hash = ""] = PHC.exec(phc) ?? [];
  const cost = { log2_n: Number(log2N), block_size: Number(blockSize), parallelism: Number(parallelism) };
  const bounded =
    isBetween(cost.log2_n, MAX_LOG2_N) &&
    isBetween(cost.block_size, MAX_BLOCK_SIZE) &&
    isBetween(cost.parallelism, MAX_PARALLELISM);
  if (!bounded) throw new Error("a stored password hash is malformed or out of bounds");
  return { cost, salt: decode(salt), hash: decode(hash) };
}

function isBetween(value: number, max: number): boolean {
  return value >= 1 && value <= max;
}

async function derive(password: string, pepper: string, salt: Uint8Array, cost: Cost): Promise<Buffer> {
  const peppered = createHmac("sha256", pepper).update(password.normalize("NFC")).digest();
  const options = { N: 2 ** cost.log2_n, r: cost.block_size, p: cost.parallelism, maxmem: MAX_MEMORY_BYTES };
  return new Promise((resolve, reject) => {
    scrypt(peppered, salt, HASH_BYTES, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

function encode(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("=", "");
}

function decode(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
