import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import { type Statement, statement } from "../db/database.ts";
import { Problem } from "./problem.ts";

/** Commands that happen once however often they are sent (Idempotency-Key, section 9 of the specification). */

export interface OnceRecord {
  store_id: string;
  key: string;
  /** What the key is for: `sale.create`. */
  operation: string;
  fingerprint: string;
  /**
   * When the command says that it happened, '' where it could and does not: no part of the fingerprint, because what an offline
   * till brings bears its time elsewhere. Left out where times are not compared.
   */
  named_time?: string;
  resource_id: string;
}

export interface StoredAnswer {
  store_id: string;
  key: string;
  operation: string;
  fingerprint: string;
  named_time: string | null;
  resource_id: string;
  /** The answer as it was given, JSON text. */
  response: string;
}

/** SHA-256 over the parsed input: neither spacing nor the order of members matters, nor by which door it came. */
export function fingerprintOf(operation: string, input: unknown): string {
  return createHash("sha256")
    .update(`${operation}\n${JSON.stringify(input, sortMembers)}`)
    .digest("hex");
}

function sortMembers(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

// By primary key: CROSS JOIN keeps the planner from reading every key of the store for each that is wanted.
const SELECT_ANSWERS = `
  SELECT k.store_id, k.key, k.operation, k.fingerprint, k.named_time, k.resource_id, k.response
  FROM json_each(?2) wanted CROSS JOIN idempotency_keys k ON k.store_id = ?1 AND k.key = wanted.value`;

export function storedAnswersStatement(storeId: string, keys: readonly string[]): Statement {
  return statement(SELECT_ANSWERS, storeId, JSON.stringify(keys));
}

/** Refuses a key that belongs to another command. */
export function refuseReusedKey(record: OnceRecord, stored: StoredAnswer): void {
  const { named_time = null } = record;
  const sameTime = named_time === null || stored.named_time === null || named_time === stored.named_time;
  if (sameTime && stored.fingerprint === record.fingerprint) return;
  throw new Problem("idempotency_key_reused", "This Idempotency-Key was used for another command; use a new one.");
}

/** The key of a command whose route declares that it needs one. */
export function keyOf(ctx: Context): string {
  if (ctx.idempotency_key === null) throw new Error("the route does not declare `idempotent`");
  return ctx.idempotency_key;
}
