import { insertOf, plain } from "./statement.ts";
import type { Statement } from "./statement.ts";
import { fresh } from "./rows.ts";
import type { Row, Table } from "./rows.ts";

/** A version 4 and a foreign variant: what an id that must be a UUIDv7 can be mistaken for. */
export const NOT_V7 = "00000000-0000-4000-8000-000000000900";
export const NOT_RFC = "00000000-0000-7000-c000-000000000900";
export const LONG_NAME = "x".repeat(201);
/** One above the greatest price, and above the greatest total, in minor units. */
export const TOO_MUCH = 1_000_000_000_000;
export const FAR_TOO_MUCH = 1_000_000_000_000_000;

/** Something that one guard alone refuses. */
export interface Attack {
  readonly statements: readonly Statement[];
  /** Finds a row when the harm is done, and none before. */
  readonly damage: Statement;
  /** What the whole schema answers, where that is another guard's word: the attacked one keeps a sum it rests on. */
  readonly refused_with?: string;
}

/** What is lawful, and can't be written once a guard is gone that another one stands on. */
export interface Need {
  readonly lawful: readonly Statement[];
  readonly broken_with: string;
}

/** A guard's attacks, by its name. */
export type Attacks = Readonly<Record<string, readonly (Attack | Need)[]>>;

/** A fresh row with one thing wrong; of several, each is an attack of its own. */
export function insert(table: Table, ...sets: Row[]): Attack[] {
  return sets.map((set) => ({
    statements: [insertOf(table, set)],
    damage: find(table, { ...fresh[table], ...set }),
  }));
}

/** A table's fresh row, once more under the same key. */
export function twice(table: Table, key: string[]): Attack[] {
  const damage = `SELECT 1 FROM ${table} GROUP BY ${key.join(", ")} HAVING count(*) > 1`;
  return batch([insertOf(table), insertOf(table)], damage);
}

/** A lawful write that needs the guard, and what SQLite says of it without. */
export function neededBy(lawful: Statement[], brokenWith: string): Need[] {
  return [{ lawful, broken_with: brokenWith }];
}

/** A change of the rows that `where` finds. */
export function update(table: Table, where: string, ...sets: Row[]): Attack[] {
  return sets.map((set) => ({
    statements: [updateOf(table, where, set)],
    damage: find(table, set, where),
  }));
}

/** The loss of the rows that `where` finds. */
export function erase(table: Table, where: string): Attack[] {
  return [
    {
      statements: [plain(`DELETE FROM ${table} WHERE ${where}`)],
      damage: plain(`SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE ${where})`),
    },
  ];
}

/** Several statements, of which the last is the one to be refused, and a query that finds what they do. */
export function batch(statements: Statement[], damage: string, refusedWith?: string): Attack[] {
  const refused = refusedWith === undefined ? {} : { refused_with: refusedWith };
  return [{ statements, damage: plain(damage), ...refused }];
}

/** An UPDATE of the rows that `where` finds. */
export function updateOf(table: Table, where: string, set: Row): Statement {
  const columns = Object.keys(set).map((column) => `${column} = ?`);
  return { sql: `UPDATE ${table} SET ${columns.join(", ")} WHERE ${where}`, values: Object.values(set) };
}

/** A condition that finds one row by its id. */
export function byId(id: string): string {
  return `id = '${id}'`;
}

function find(table: Table, row: Row, where = "1"): Statement {
  const conditions = Object.keys(row).map((column) => `${column} IS ?`);
  return {
    sql: `SELECT 1 FROM ${table} WHERE (${where}) AND ${conditions.join(" AND ")}`,
    values: Object.values(row),
  };
}
