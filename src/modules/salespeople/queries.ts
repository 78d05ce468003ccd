import { type Statement, statement } from "../../db/database.ts";

export interface SalespersonRow {
  arrival: number;
  id: string;
  code: string;
  name: string;
  commission_ppm: number;
  created_at: string;
}

const COLUMNS = "arrival, id, code, name, commission_ppm, created_at";

// By the row number itself.
const SELECT_PAGE = `SELECT ${COLUMNS} FROM salespeople WHERE arrival > ?1 ORDER BY arrival LIMIT ?2`;

export function salespersonPageStatement(after: number, limit: number): Statement {
  return statement(SELECT_PAGE, after, limit);
}

// By the UNIQUE of id.
const SELECT_BY_ID = `SELECT ${COLUMNS} FROM salespeople WHERE id = ?1`;

export function salespersonByIdStatement(id: string): Statement {
  return statement(SELECT_BY_ID, id);
}

const INSERT_SALESPERSON = `
  INSERT INTO salespeople (id, code, name, commission_ppm, created_at) VALUES (?1, ?2, ?3, ?4, ?5)`;

export function insertSalespersonStatement(row: Omit<SalespersonRow, "arrival">): Statement {
  return statement(INSERT_SALESPERSON, row.id, row.code, row.name, row.commission_ppm, row.created_at);
}
