import type { Context } from "../../context.ts";
import { HQ_GATE } from "../../durable-objects/gate/client.ts";
import type { AccessClaims } from "./access-token.ts";
import { findRole } from "./permissions.ts";
import type { AccountRow } from "./queries.ts";
import type { Profile } from "./schemas.ts";

/** What follows from a user's row: where the user works, and what is told of the user. */

/** The stores a user works in; null means all of them. */
export function storesOf({ role, store_ids }: Pick<AccountRow, "role" | "store_ids">): string[] | null {
  return role === "admin" ? null : (JSON.parse(store_ids) as string[]);
}

/** The gate of a session: the store's that is signed in to, or `hq`. Null when the user does not work there. */
export function findGate(account: AccountRow, storeCode: string | undefined): string | null {
  if (storeCode === undefined) return HQ_GATE;
  const { asked_store_id } = account;
  return asked_store_id !== null && worksAt(account, asked_store_id) ? asked_store_id : null;
}

/** Whether a session may go on at its gate now that the user's stores may be others. */
export function worksAt(account: Pick<AccountRow, "role" | "store_ids">, gate: string): boolean {
  return gate === HQ_GATE || (storesOf(account)?.includes(gate) ?? true);
}

export function claimsOf(account: AccountRow, session: { id: string; gate: string }): AccessClaims {
  const { id, role } = account;
  return { sub: id, sid: session.id, gate: session.gate, role, stores: storesOf(account) };
}

export function toProfile(account: AccountRow): Profile {
  const { id, username, full_name, email, role } = account;
  const permissions = [...(findRole(role)?.permissions ?? [])];
  return { id, username, full_name, email, role, permissions, store_ids: storesOf(account) ?? [] };
}

/** Tells the log line which store a session works at. */
export function logGate(ctx: Context, gate: string): void {
  if (gate !== HQ_GATE) ctx.log.store_id = gate;
}
