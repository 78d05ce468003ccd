import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Failure } from "../support/failure.ts";
import { readablePath } from "../support/paths.ts";

/** The till's own file: all that it must remember. */

const VERSION = 1;

const SCHEMA = `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL CHECK (json_valid(value))) STRICT, WITHOUT ROWID;

  -- What has been done and the server has not acknowledged. 'trying': being sent, and nobody has been told yet;
  -- 'waiting': done, whatever the server says; 'rejected': the server refused it, a person must look.
  CREATE TABLE outbox (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    idempotency_key TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    occurred_at TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body)),
    approval TEXT,
    own_number TEXT,
    effects TEXT NOT NULL CHECK (json_valid(effects)),
    seq INTEGER UNIQUE CHECK (seq >= 1),
    state TEXT NOT NULL CHECK (state IN ('trying', 'waiting', 'rejected')),
    problem TEXT
  ) STRICT;
  CREATE INDEX outbox_by_state ON outbox (state, place);

  -- Sales (parked ones too), refunds, and money that was no sale's, as the till made them or the server told them.
  CREATE TABLE documents (
    arrival INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('sale', 'refund', 'received')),
    number TEXT,
    shift_id TEXT,
    content TEXT NOT NULL CHECK (json_valid(content))
  ) STRICT;
  CREATE INDEX documents_by_number ON documents (number);
  CREATE INDEX documents_by_shift ON documents (shift_id);

  CREATE TABLE shifts (
    arrival INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL CHECK (status IN ('open', 'closed')),
    content TEXT NOT NULL CHECK (json_valid(content))
  ) STRICT;

  -- Notes and coins that went into the drawer (above 0) and out of it (below 0).
  CREATE TABLE drawer (
    arrival INTEGER PRIMARY KEY AUTOINCREMENT,
    shift_id TEXT NOT NULL,
    what TEXT NOT NULL,
    amount INTEGER NOT NULL,
    source_id TEXT NOT NULL,
    UNIQUE (source_id, what)
  ) STRICT;
  CREATE INDEX drawer_by_shift ON drawer (shift_id);

  CREATE TABLE products (
    id TEXT PRIMARY KEY,
    sku TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name TEXT NOT NULL,
    content TEXT NOT NULL CHECK (json_valid(content))
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE barcodes (key TEXT PRIMARY KEY, product_id TEXT NOT NULL REFERENCES products (id) ON DELETE CASCADE)
    STRICT, WITHOUT ROWID;
  CREATE INDEX barcodes_by_product ON barcodes (product_id);
`;

export type Database = DatabaseSync;

/**
 * Opens a till's file, made when it is missing, for this process alone. What a transaction has committed outlives a
 * power cut: the log is forced to disk with each. Throws a Failure where another process has it.
 */
export function openDatabase(folder: string): Database {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "till.db");
  const database = new DatabaseSync(file, { timeout: 500, enableForeignKeyConstraints: true });
  try {
    // Held from the first access until the process ends, however it ends.
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    inTransaction(database, () => {
      migrate(database, file);
    });
  } catch (error) {
    database.close();
    if (isBusy(error)) throw new Failure(`Another process is working at the till in ${readablePath(folder)}.`);
    throw error;
  }
  // It holds what a customer's bill says, and approvals.
  for (const path of [file, `${file}-wal`]) chmodSync(path, 0o600);
  return database;
}

function migrate(database: Database, file: string): void {
  const { user_version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (user_version === VERSION) return;
  if (user_version !== 0) throw new Failure(`${readablePath(file)} is of another version of the till.`);
  database.exec(SCHEMA);
  database.exec(`PRAGMA user_version = ${String(VERSION)}`);
}

/** All of it or nothing. Not to be nested. */
export function inTransaction<T>(database: Database, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** A fact by its name; undefined where it has never been written. */
export function readFact<T>(database: Database, name: string): T | undefined {
  const row = database.prepare("SELECT value FROM facts WHERE name = ?").get(name) as { value: string } | undefined;
  return row && (JSON.parse(row.value) as T);
}

export function writeFact(database: Database, name: string, value: unknown): void {
  database
    .prepare("INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
    .run(name, JSON.stringify(value));
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === 5;
}
