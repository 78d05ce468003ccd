import { type Statement, statement } from "../../db/database.ts";
import type { User } from "./schemas.ts";

export interface UserRow extends Omit<User, "active" | "store_ids"> {
  arrival: number;
  active: 0 | 1;
  /** A JSON array. */
  store_ids: string;
}

// Of user_stores, a range of its primary key.
const COLUMNS = `u.arrival, u.id, u.username, u.full_name, u.email, u.role, u.active, u.created_at, u.updated_at,
  (SELECT json_group_array(store_id) FROM user_stores WHERE user_id = u.id) AS store_ids`;

// By the UNIQUE of id.
const SELECT_BY_ID = `SELECT ${COLUMNS} FROM users u WHERE u.id = ?1`;

export function userByIdStatement(id: string): Statement {
  return statement(SELECT_BY_ID, id);
}

// By the row number itself.
const SELECT_PAGE = `SELECT ${COLUMNS} FROM users u WHERE u.arrival > ?1 ORDER BY u.arrival LIMIT ?2`;

export function userPageStatement(after: number, limit: number): Statement {
  return statement(SELECT_PAGE, after, limit);
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

const INSERT_STORES = "INSERT INTO user_stores (user_id, store_id) SELECT ?1, value FROM json_each(?2)";

export function insertUserStoresStatement({ id, store_ids }: User): Statement {
  return statement(INSERT_STORES, id, JSON.stringify(store_ids));
}
