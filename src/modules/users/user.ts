import type { Context } from "../../context.ts";
import { tagAnswer } from "../../http/conditional.ts";
import { Problem } from "../../http/problem.ts";
import type { User } from "./schemas.ts";

/** A user as the database keeps it. */
export interface UserRow extends Omit<User, "active" | "must_change_password" | "store_ids" | "pin_store_ids"> {
  arrival: number;
  active: 0 | 1;
  must_change_password: 0 | 1;
  /** A JSON array. */
  store_ids: string;
  /** A JSON array. */
  pin_store_ids: string;
}

export function toUser(row: UserRow): User {
  const { id, username, full_name, email, role, active, version, must_change_password, created_at, updated_at } = row;
  return {
    id,
    username,
    full_name,
    email,
    role,
    store_ids: role === "admin" ? [] : (JSON.parse(row.store_ids) as string[]),
    pin_store_ids: JSON.parse(row.pin_store_ids) as string[],
    must_change_password: must_change_password === 1,
    active: active === 1,
    version,
    created_at,
    updated_at,
  };
}

/** The one user that was read; `not_found` where there is none. */
export function toUserOrRefuse(rows: readonly unknown[] | undefined): User {
  const [row] = (rows ?? []) as UserRow[];
  if (!row) throw new Problem("not_found", "There is no such user.");
  return toUser(row);
}

/** A user as the answer to whoever read or changed it, with its ETag. */
export function answerUser(ctx: Context, user: User): User {
  tagAnswer(ctx, user.version);
  return user;
}
