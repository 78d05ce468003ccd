import { type Statement, statement } from "../../db/database.ts";
import type { Customer } from "./schemas.ts";

export interface CustomerRow {
  arrival: number;
  id: string;
  name: string;
  phone: string | null;
  email: string | null;
  address: string | null;
  note: string | null;
  credit_limit: number;
  version: number;
  created_at: string;
  updated_at: string;
  /** Null where nothing has been booked yet. */
  account_balance: number | null;
  account_currency: string | null;
  credit_balance: number | null;
  credit_currency: string | null;
}

// Beside the customer the two balances, by primary key.
const SELECT = `
  SELECT customers.arrival, customers.id, customers.name, customers.phone, customers.email, customers.address, customers.note,
    customers.credit_limit, customers.version, customers.created_at, customers.updated_at,
    a.balance AS account_balance, a.currency AS account_currency, s.balance AS credit_balance, s.currency AS credit_currency
  FROM customers
  LEFT JOIN balances a ON a.ledger = 'account' AND a.holder_id = customers.id
  LEFT JOIN balances s ON s.ledger = 'store_credit' AND s.holder_id = customers.id`;

// By the row number itself.
const SELECT_PAGE = `${SELECT} WHERE customers.arrival > ?1 ORDER BY customers.arrival LIMIT ?2`;

export function customerPageStatement(after: number, limit: number): Statement {
  return statement(SELECT_PAGE, after, limit);
}

// By the UNIQUE of id.
const SELECT_BY_ID = `${SELECT} WHERE customers.id = ?1`;

export function customerByIdStatement(id: string): Statement {
  return statement(SELECT_BY_ID, id);
}

const MOST_MATCHES = 50;

// By customers_by_phone.
const SELECT_BY_PHONE = `${SELECT} WHERE customers.phone = ?1 ORDER BY customers.arrival LIMIT ?2`;

export function customersByPhoneStatement(phone: string): Statement {
  return statement(SELECT_BY_PHONE, phone, MOST_MATCHES);
}

// By customers_by_email, which compares as the column does: a-z and A-Z are the same.
const SELECT_BY_EMAIL = `${SELECT} WHERE customers.email = ?1 ORDER BY customers.arrival LIMIT ?2`;

export function customersByEmailStatement(email: string): Statement {
  return statement(SELECT_BY_EMAIL, email, MOST_MATCHES);
}

// By customers_by_name, as a range: LIKE would give % and _ a meaning. No text sorts behind the last code point.
const SELECT_BY_NAME_PREFIX = `${SELECT}
  WHERE customers.name COLLATE NOCASE >= ?1 AND customers.name COLLATE NOCASE < ?1 || char(0x10FFFF)
  ORDER BY customers.name COLLATE NOCASE, customers.arrival LIMIT ?2`;

export function customersByNameStatement(prefix: string): Statement {
  return statement(SELECT_BY_NAME_PREFIX, prefix, MOST_MATCHES);
}

// Reads only its parameter.
const INSERT_CUSTOMERS = `
  INSERT INTO customers (id, name, phone, email, address, note, credit_limit, created_at, updated_at)
  SELECT c.value ->> 'id', c.value ->> 'name', c.value ->> 'phone', c.value ->> 'email', c.value ->> 'address',
    c.value ->> 'note', c.value ->> 'credit_limit', c.value ->> 'created_at', c.value ->> 'updated_at'
  FROM json_each(?1) c`;

/** What is kept of a customer itself. */
export type StoredCustomer = Omit<Customer, "balance" | "store_credit" | "accounts">;

/**
 * Inserts customers from a JSON array of StoredCustomer. The caller writes the audit entries, which hold no contact: that
 * stays out of the log.
 */
export function insertCustomersStatement(rowsJson: string): Statement {
  return statement(INSERT_CUSTOMERS, rowsJson);
}

// By the UNIQUE of id; refused by customers_version_advances (`stale_version`) unless `version` is the next one.
const UPDATE = `
  UPDATE customers SET name = ?2, phone = ?3, email = ?4, address = ?5, note = ?6, credit_limit = ?7, version = ?8,
    updated_at = ?9
  WHERE id = ?1`;

export function updateCustomerStatement(customer: StoredCustomer): Statement {
  const { id, name, phone, email, address, note, credit_limit, version, updated_at } = customer;
  return statement(UPDATE, id, name, phone, email, address, note, credit_limit, version, updated_at);
}
