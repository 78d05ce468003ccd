import { type InputError, Problem } from "../../http/problem.ts";
import { refusedField } from "../auth/index.ts";
import type { RoleRow, StoreRow } from "./queries.ts";

/** The role and the stores that a user is to have, and what was found of them. */

/** The stores a role works in by assignment: an admin works in all, and is assigned to none. */
export function storesOfRole(role: string, storeIds: readonly string[]): string[] {
  return role === "admin" ? [] : [...storeIds];
}

/** Refuses a role that does not exist (`validation_failed`) or is no longer in use (`conflict`). */
export function requireRole([role]: readonly RoleRow[]): void {
  if (!role) throw refusedField("role", "is not a role");
  if (role.active === 0) throw new Problem("conflict", "The role is not in use any more.");
}

/** Refuses (`validation_failed`) a store that does not exist. */
export function requireStores(storeIds: readonly string[], found: readonly StoreRow[]): void {
  const known = new Set(found.map(({ id }) => id));
  const errors = storeIds.flatMap((id, index): InputError[] =>
    known.has(id) ? [] : [{ pointer: `/store_ids/${String(index)}`, detail: "is not a store" }],
  );
  if (errors.length > 0) {
    throw new Problem("validation_failed", "A store of `store_ids` does not exist.", { errors });
  }
}
