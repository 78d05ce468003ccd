import { type Context, requireStore } from "../context.ts";
import { logLine } from "../telemetry/log.ts";
import { Problem } from "./problem.ts";

/**
 * The wall between stores, at the door of every route, so that no author has to remember it: what a request names as
 * `store_id` is one of the actor's stores, and so is what an answer tells of. Writes meet it a second time in the
 * database (`audit_entries_store_wall`).
 */

/** Refuses (`not_found`) a part of the input that names a store the actor does not work in. */
export function guardInput(ctx: Context, part: unknown): void {
  if (ctx.actor === null || typeof part !== "object" || part === null) return;
  for (const [name, value] of Object.entries(part)) {
    if (isStoreField(name) && typeof value === "string") requireStore(ctx, value);
  }
}

/** Refuses (`not_found`) an answer that tells of another store: a service has let it through, so the log says so. */
export function guardAnswer(ctx: Context, body: unknown): void {
  const allowed = ctx.actor?.store_ids ?? null;
  if (allowed === null || typeof body !== "object" || body === null) return;
  const records: unknown[] = "data" in body && Array.isArray(body.data) ? body.data : [body];
  if (records.every((record) => isOfStores(record, allowed))) return;
  logLine("error", "an answer of another store was held back", { request_id: ctx.request_id });
  throw new Problem("not_found", "There is no such record.");
}

function isOfStores(record: unknown, allowed: ReadonlySet<string>): boolean {
  if (typeof record !== "object" || record === null) return true;
  return Object.entries(record).every(
    ([name, value]) => !isStoreField(name) || typeof value !== "string" || allowed.has(value),
  );
}

/** `store_id`, and such as `from_store_id`. */
function isStoreField(name: string): boolean {
  return name === "store_id" || name.endsWith("_store_id");
}
