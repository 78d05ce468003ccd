import { type Statement, statement } from "../../db/database.ts";
import type { Role } from "./schemas.ts";

export interface RoleRow extends Omit<Role, "permissions" | "built_in" | "active"> {
  arrival: number;
  /** A JSON array; of a built-in role empty, because its permissions stand in the code. */
  permissions: string;
  built_in: 0 | 1;
  active: 0 | 1;
}

const COLUMNS =
  "arrival, id, name, description, permissions, max_discount_ppm, built_in, active, version, created_at, updated_at";

// By the unique index roles_id.
const SELECT_BY_ID = `SELECT ${COLUMNS} FROM roles WHERE id = ?1`;

export function roleByIdStatement(id: string): Statement {
  return statement(SELECT_BY_ID, id);
}

// By the unique index roles_arrival.
const SELECT_PAGE = `SELECT ${COLUMNS} FROM roles WHERE arrival > ?1 ORDER BY arrival LIMIT ?2`;

export function rolePageStatement(after: number, limit: number): Statement {
  return statement(SELECT_PAGE, after, limit);
}

// The next arrival by the end of roles_arrival.
const INSERT = `
  INSERT INTO roles (arrival, id, name, description, permissions, max_discount_ppm, created_at, updated_at)
  VALUES ((SELECT max(arrival) + 1 FROM roles), ?1, ?2, ?3, ?4, ?5, ?6, ?6)`;

export function insertRoleStatement(role: Role): Statement {
  const { id, name, description, permissions, max_discount_ppm, created_at } = role;
  return statement(INSERT, id, name, description, JSON.stringify(permissions), max_discount_ppm, created_at);
}

// By the unique index roles_id; refused by roles_version_advances unless `version` is the next one.
const UPDATE = `
  UPDATE roles SET description = ?2, permissions = ?3, max_discount_ppm = ?4, active = ?5, version = ?6, updated_at = ?7
  WHERE id = ?1`;

export function updateRoleStatement(role: Role): Statement {
  const { id, description, permissions, max_discount_ppm, active, version, updated_at } = role;
  const values = [description, JSON.stringify(permissions), max_discount_ppm, Number(active), version, updated_at];
  return statement(UPDATE, id, ...values);
}
