import type { Context } from "../../context.ts";
import { HQ_GATE } from "../../durable-objects/gate/client.ts";
import type { AccessClaims } from "./access-token.ts";
import {
  findBuiltInRole,
  type Permission,
  PERMISSIONS,
  type RoleRights,
  withoutAdministration,
} from "./permissions.ts";
import type { AccountRow, MaybeAccount } from "./queries.ts";
import type { Profile } from "./schemas.ts";
import type { SessionMethod, SessionTransport } from "./session-kind.ts";

/** What follows from a user's row: where the user works, and what is told of the user. */

/** The account of a row in which it may be missing. */
export function accountIn(row: MaybeAccount | null): AccountRow | null {
  return row === null || row.id === null ? null : (row as AccountRow);
}

/** The stores a user works in; null means all of them. */
export function storesOf({ role, store_ids }: Pick<AccountRow, "role" | "store_ids">): string[] | null {
  return role === "admin" ? null : (JSON.parse(store_ids) as string[]);
}

/** Whether a session may stand at this gate now that the user's stores may be others. */
export function worksAt(account: Pick<AccountRow, "role" | "store_ids">, gate: string): boolean {
  return gate === HQ_GATE || (storesOf(account)?.includes(gate) ?? true);
}

/** What a role permits, now. A permission that the code no longer knows is none. */
export function rightsOf(account: AccountRow): RoleRights {
  const { role, role_permissions, role_max_discount_ppm } = account;
  const builtIn = findBuiltInRole(role);
  if (builtIn) return builtIn;
  const named = new Set(JSON.parse(role_permissions ?? "[]") as string[]);
  return {
    permissions: new Set(PERMISSIONS.filter((one) => named.has(one))),
    max_discount_ppm: role_max_discount_ppm,
  };
}

/** A session as its tokens tell of it. */
export interface SessionFacts {
  id: string;
  gate: string;
  method: SessionMethod;
  transport: SessionTransport;
  terminal_id: string | null;
}

export function claimsOf(account: AccountRow, session: SessionFacts): AccessClaims {
  const { id, role } = account;
  return {
    sub: id,
    sid: session.id,
    gate: session.gate,
    role,
    ...(findBuiltInRole(role) ? {} : { may: toClaim(rightsOf(account)) }),
    stores: storesOf(account),
    method: session.method,
    transport: session.transport,
    ...(session.terminal_id === null ? {} : { terminal_id: session.terminal_id }),
    ...(account.must_change_password === 1 ? { must_change_password: true as const } : {}),
  };
}

function toClaim({ permissions, max_discount_ppm }: RoleRights): {
  permissions: Permission[];
  max_discount_ppm: number;
} {
  return { permissions: [...permissions], max_discount_ppm };
}

export function toProfile(account: AccountRow, method: SessionMethod): Profile {
  const { id, username, full_name, email, role } = account;
  const rights = rightsOf(account);
  const { permissions, max_discount_ppm } = method === "pin" ? withoutAdministration(rights) : rights;
  return {
    id,
    username,
    full_name,
    email,
    role,
    permissions: [...permissions],
    max_discount_ppm,
    store_ids: storesOf(account) ?? [],
    must_change_password: account.must_change_password === 1,
  };
}

/** Tells the log line which store a session works at. */
export function logGate(ctx: Context, gate: string): void {
  if (gate !== HQ_GATE) ctx.log.store_id = gate;
}
