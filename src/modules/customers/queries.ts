import { type Statement, statement } from "../../db/database.ts";

export interface CustomerRow {
  arrival: number;
  id: string;
  name: string;
  phone: string | null;
  email: string | null;
  address: string | null;
  note: string | null;
  created_at: string;
}

const COLUMNS = "arrival, id, name, phone, email, address, note, created_at";

// By the row number itself.
const SELECT_PAGE = `SELECT ${COLUMNS} FROM customers WHERE arrival > ?1 ORDER BY arrival LIMIT ?2`;

export function customerPageStatement(after: number, limit: number): Statement {
  return statement(SELECT_PAGE, after, limit);
}

// By the UNIQUE of id.
const SELECT_BY_ID = `SELECT ${COLUMNS} FROM customers WHERE id = ?1`;

export function customerByIdStatement(id: string): Statement {
  return statement(SELECT_BY_ID, id);
}

const MOST_MATCHES = 50;

// By customers_by_phone.
const SELECT_BY_PHONE = `SELECT ${COLUMNS} FROM customers WHERE phone = ?1 ORDER BY arrival LIMIT ?2`;

export function customersByPhoneStatement(phone: string): Statement {
  return statement(SELECT_BY_PHONE, phone, MOST_MATCHES);
}

// By customers_by_email, which compares as the column does: a-z and A-Z are the same.
const SELECT_BY_EMAIL = `SELECT ${COLUMNS} FROM customers WHERE email = ?1 ORDER BY arrival LIMIT ?2`;

export function customersByEmailStatement(email: string): Statement {
  return statement(SELECT_BY_EMAIL, email, MOST_MATCHES);
}

// By customers_by_name, as a range: LIKE would give % and _ a meaning. No text sorts behind the last code point.
const SELECT_BY_NAME_PREFIX = `
  SELECT ${COLUMNS} FROM customers
  WHERE name COLLATE NOCASE >= ?1 AND name COLLATE NOCASE < ?1 || char(0x10FFFF)
  ORDER BY name COLLATE NOCASE, arrival LIMIT ?2`;

export function customersByNameStatement(prefix: string): Statement {
  return statement(SELECT_BY_NAME_PREFIX, prefix, MOST_MATCHES);
}

// Reads only its parameter.
const INSERT_CUSTOMERS = `
  INSERT INTO customers (id, name, phone, email, address, note, created_at)
  SELECT c.value ->> 'id', c.value ->> 'name', c.value ->> 'phone', c.value ->> 'email', c.value ->> 'address',
    c.value ->> 'note', c.value ->> 'created_at'
  FROM json_each(?1) c`;

/**
 * Inserts customers from a JSON array of `{id, name, phone, email, address, note, created_at}`, where what is absent
 * or null stays empty. The caller writes the audit entries, which hold the name alone: contacts stay out of the log.
 */
export function insertCustomersStatement(rowsJson: string): Statement {
  return statement(INSERT_CUSTOMERS, rowsJson);
}
