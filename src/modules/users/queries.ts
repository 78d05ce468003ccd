import { type SqlValue, type Statement, statement } from "../../db/database.ts";
import type { User, UserQuery } from "./schemas.ts";

// Of user_stores and user_pins, a range of the primary key.
const COLUMNS = `u.arrival, u.id, u.username, u.full_name, u.email, u.role, u.active, u.version, u.must_change_password,
  u.created_at, u.updated_at,
  (SELECT json_group_array(store_id) FROM user_stores WHERE user_id = u.id) AS store_ids,
  (SELECT json_group_array(store_id) FROM user_pins WHERE user_id = u.id) AS pin_store_ids`;

// By the UNIQUE of id.
const SELECT_BY_ID = `SELECT ${COLUMNS} FROM users u WHERE u.id = ?1`;

export function userByIdStatement(id: string): Statement {
  return statement(SELECT_BY_ID, id);
}

export type UserFilters = Pick<UserQuery, "role" | "active" | "store_id">;

/**
 * A page of users in the order of their arrival: of a store by user_stores_by_store, of a role by users_by_role, and
 * else by the row number.
 */
export function userPageStatement({ role, active, store_id }: UserFilters, after: number, limit: number): Statement {
  const params: SqlValue[] = [];
  const bind = (value: SqlValue): string => `?${String(params.push(value))}`;
  const where = [`u.arrival > ${bind(after)}`];
  if (store_id !== undefined) where.push(`w.store_id = ${bind(store_id)} AND u.role <> 'admin'`);
  if (role !== undefined) where.push(`u.role = ${bind(role)}`);
  if (active !== undefined) where.push(`u.active = ${bind(active ? 1 : 0)}`);
  const from = store_id === undefined ? "users u" : "user_stores w CROSS JOIN users u ON u.id = w.user_id";
  const order = `ORDER BY u.arrival LIMIT ${bind(limit)}`;
  return statement(`SELECT ${COLUMNS} FROM ${from} WHERE ${where.join(" AND ")} ${order}`, ...params);
}

const INSERT = `
  INSERT INTO users (id, username, full_name, email, password_hash, role, created_at, updated_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)`;

export function insertUserStatement(user: User, passwordHash: string): Statement {
  const { id, username, full_name, email, role, created_at } = user;
  return statement(INSERT, id, username, full_name, email, passwordHash, role, created_at);
}

// The least row number there is, if there is any, meets itself: then the row is refused by `users.arrival`.
const INSERT_FIRST = `
  INSERT INTO users (arrival, id, username, full_name, email, password_hash, role, created_at, updated_at)
  VALUES (coalesce((SELECT min(arrival) FROM users), 1), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)`;

/** Adds a user to an empty table and to no other: what it stands on is proven inside the batch. */
export function insertFirstUserStatement(user: User, passwordHash: string): Statement {
  const { id, username, full_name, email, role, created_at } = user;
  return statement(INSERT_FIRST, id, username, full_name, email, passwordHash, role, created_at);
}

// Of both, rows by primary key. A store that is there already stays.
const INSERT_STORES = "INSERT OR IGNORE INTO user_stores (user_id, store_id) SELECT ?1, value FROM json_each(?2)";

export function insertUserStoresStatement(userId: string, storeIds: readonly string[]): Statement {
  return statement(INSERT_STORES, userId, JSON.stringify(storeIds));
}

/** A role that is asked for. */
export interface RoleRow {
  name: string;
  active: 0 | 1;
}

// By primary key.
const SELECT_ROLE = "SELECT name, active FROM roles WHERE name = ?1";

export function roleByNameStatement(name: string): Statement {
  return statement(SELECT_ROLE, name);
}

/** A store that a user is to work in. */
export interface StoreRow {
  id: string;
  code: string;
  name: string;
}

// By the UNIQUE of id, once for each of the list.
const SELECT_STORES = `
  SELECT s.id, s.code, s.name FROM json_each(?1) asked CROSS JOIN stores s ON s.id = asked.value`;

export function storesByIdStatement(ids: readonly string[]): Statement {
  return statement(SELECT_STORES, JSON.stringify(ids));
}

// By the row number itself.
const SELECT_FIRST_STORES = "SELECT id, code, name FROM stores WHERE arrival > 0 ORDER BY arrival LIMIT 100";

/** The stores an admin works in, as far as a password is held to their names. */
export function firstStoresStatement(): Statement {
  return statement(SELECT_FIRST_STORES);
}
