import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { inBrackets, isWord, splitAt, tokenize, unquote } from "./sql.ts";
import type { Token } from "./sql.ts";

/** One thing in the schema that refuses bad data, and how to take exactly it away. */
export interface Guard {
  /** A named CHECK, trigger or index by its name; `trigger/message` for one refusal of several; else `table (columns) KIND`. */
  readonly name: string;
  readonly kind: "check" | "trigger" | "unique" | "primary_key" | "reference";
  /** SQLite's message when it refuses; null for a trigger's statement that refuses nothing itself but keeps a sum. */
  readonly message: string | null;
  /** Foreign keys point at this key, so without it none of them can be checked. */
  readonly is_parent_key: boolean;
  readonly cuts: readonly Cut[];
}

interface Cut {
  readonly start: number;
  readonly end: number;
}

type Found = Omit<Guard, "is_parent_key"> & { readonly table: string; readonly parent?: string };

const MIGRATIONS = join(import.meta.dirname, "../../migrations");

/** Every migration's SQL, in the order in which they are applied. */
export function readMigrations(): string {
  const files = readdirSync(MIGRATIONS).filter((file) => file.endsWith(".sql"));
  return files.toSorted().map(readMigration).join("\n");
}

/** The SQL of one migration. */
export function readMigration(file: string): string {
  return readFileSync(join(MIGRATIONS, file), "utf8");
}

/** The schema that all migrations leave. */
export function readSchema(): string {
  return schemaOf(readMigrations());
}

/**
 * The schema that migrations leave, as SQLite keeps it: what they drop is not in it, what they make anew is in it once,
 * and an added column stands in its table. Tables come before their indexes, and triggers last.
 */
export function schemaOf(migrations: string): string {
  const db = new DatabaseSync(":memory:");
  db.exec(migrations);
  // Keys have indexes of SQLite's own, and rows that count up a table; both come by themselves.
  const own = "sql IS NOT NULL AND name NOT LIKE 'sqlite_%'";
  const parts = db.prepare(`SELECT type, sql FROM sqlite_schema WHERE ${own} ORDER BY rowid`).all();
  db.close();
  const ordered = ["table", "index", "trigger"].flatMap((type) => parts.filter((part) => part["type"] === type));
  return ordered.map(({ sql }) => `${String(sql)};`).join("\n\n");
}

/**
 * Every guard of a schema: each named CHECK, each refusal of each trigger, each UNIQUE, REFERENCES and PRIMARY KEY.
 * A row number (INTEGER PRIMARY KEY) is none: the database gives it out and no rule rests on it.
 * Throws on SQL it can't read, so that no guard is passed over.
 */
export function listGuards(sql: string): Guard[] {
  const statements = splitAt(tokenize(sql), ";", true);
  const found = statements.flatMap(readStatement);
  const names = new Set<string>();
  for (const { name } of found) {
    if (names.has(name)) throw new Error(`two guards are called ${name}`);
    names.add(name);
  }
  const parents = new Set(found.map((guard) => guard.parent));
  return found.map(({ name, kind, message, cuts }) => {
    const key = name.replace(/ (?:UNIQUE|PRIMARY KEY)$/u, "");
    return { name, kind, message, cuts, is_parent_key: key !== name && parents.has(key) };
  });
}

/** The schema without one guard, all else as it was. */
export function withoutGuard(sql: string, guard: Guard): string {
  const cuts = guard.cuts.toSorted((a, b) => b.start - a.start);
  return cuts.reduce((text, { start, end }) => text.slice(0, start) + text.slice(end), sql);
}

/** A schema's statements in order, each with its semicolon. */
export function splitStatements(sql: string): string[] {
  return splitAt(tokenize(sql), ";", true).map((tokens) => sql.slice(...ends(tokens)));
}

function readStatement(tokens: Token[]): Found[] {
  const [verb, object, third] = tokens;
  if (isWord(verb, "CREATE") && isWord(object, "TABLE")) return readTable(tokens);
  if (isWord(verb, "CREATE") && isWord(object, "TRIGGER")) return readTrigger(tokens);
  if (isWord(verb, "CREATE") && isWord(object, "INDEX")) return [];
  if (isWord(verb, "CREATE") && isWord(object, "UNIQUE") && isWord(third, "INDEX")) return [readUniqueIndex(tokens)];
  throw new Error(`a statement that guards can't be read from: ${tokens.map(textOf).join(" ").slice(0, 80)}`);
}

function readTable(tokens: Token[]): Found[] {
  const table = textOf(tokens[2]);
  const { inner, close } = inBrackets(tokens, 3);
  const rowid = withoutRowidCut(tokens.slice(close + 1));
  let comma = 0;
  return splitAt(inner, ",").flatMap((item) => {
    const cut = { start: comma, end: ends(item)[1] };
    comma = cut.end;
    const [first, second] = item;
    if (isWord(first, "CONSTRAINT") && isWord(item[2], "CHECK")) return [readCheck(textOf(second), table, cut)];
    if (isWord(first, "UNIQUE")) return [keyOf("unique", table, columnsAt(item, 1), [cut])];
    if (isWord(first, "PRIMARY")) return [keyOf("primary_key", table, columnsAt(item, 2), [cut, ...rowid])];
    if (isWord(first, "FOREIGN"))
      return [referenceOf(table, columnsAt(item, 2), item, item.findIndex(isReferences), cut)];
    if (isWord(first, "CONSTRAINT", "CHECK")) throw new Error(`${table} has a guard without a name of its own`);
    return readColumn(table, item, rowid);
  });
}

function readColumn(table: string, item: Token[], rowid: Cut[] = []): Found[] {
  const column = textOf(item[0]);
  return item.flatMap((token, at): Found[] => {
    if (isWord(token, "UNIQUE")) return [keyOf("unique", table, [column], [token])];
    if (isWord(token, "CHECK")) {
      const named = isWord(item[at - 2], "CONSTRAINT");
      if (!named) throw new Error(`${table}.${column} has a CHECK without a name`);
      const { close } = inBrackets(item, at + 1);
      return [readCheck(textOf(item[at - 1]), table, spanOf(item.slice(at - 2, close + 1)))];
    }
    if (isReferences(token)) {
      const { close } = inBrackets(item, at + 2);
      return [referenceOf(table, [column], item, at, spanOf(item.slice(at, close + 1)))];
    }
    if (!isWord(token, "PRIMARY") || isWord(item[1], "INTEGER")) return [];
    return [keyOf("primary_key", table, [column], [spanOf(item.slice(at, at + 2)), ...rowid])];
  });
}

function readCheck(name: string, table: string, cut: Cut): Found {
  return { name, kind: "check", message: `CHECK constraint failed: ${name}`, table, cuts: [cut] };
}

function keyOf(kind: "unique" | "primary_key", table: string, columns: string[], cuts: readonly Cut[]): Found {
  const name = `${keyName(table, columns)} ${kind === "unique" ? "UNIQUE" : "PRIMARY KEY"}`;
  return { name, kind, message: uniqueMessage(table, columns), table, cuts };
}

function referenceOf(table: string, columns: string[], item: Token[], at: number, cut: Cut): Found {
  const target = textOf(item[at + 1]);
  const parent = keyName(target, columnsAt(item, at + 2));
  const name = `${keyName(table, columns)} REFERENCES ${target}`;
  return { name, kind: "reference", message: "FOREIGN KEY constraint failed", table, parent, cuts: [cut] };
}

function readUniqueIndex(tokens: Token[]): Found {
  const name = textOf(tokens[3]);
  const table = textOf(tokens[5]);
  const terms = splitAt(inBrackets(tokens, 6).inner, ",");
  const columns = terms.map((term) => textOf(term[0]));
  const plain = terms.every((term) => term.length === 1);
  const message = plain ? uniqueMessage(table, columns) : `UNIQUE constraint failed: index '${name}'`;
  return { name, kind: "unique", message, table, cuts: [spanOf(tokens)] };
}

/** Each statement of the body, and each refusal of a statement, counts on its own: one does not prove the other. */
function readTrigger(tokens: Token[]): Found[] {
  const name = textOf(tokens[2]);
  const begin = tokens.findIndex((token) => isWord(token, "BEGIN"));
  const table = textOf(tokens[tokens.findIndex((token) => isWord(token, "ON")) + 1]);
  const body = splitAt(tokens.slice(begin + 1, -2), ";", true);
  return body.flatMap((statement): Found[] => {
    const raises = statement.flatMap((token, at) => (isWord(token, "RAISE") ? [at] : []));
    if (raises.length > 1)
      return raises.map((at) => {
        const message = messageAt(name, statement, at);
        return { name: `${name}/${message}`, kind: "trigger", message, table, cuts: [armCut(name, statement, at)] };
      });
    const message = raises[0] === undefined ? null : messageAt(name, statement, raises[0]);
    const label = body.length === 1 ? name : `${name}/${message ?? textOf(statement[0])}`;
    const cuts = [spanOf(body.length === 1 ? tokens : statement)];
    return [{ name: label, kind: "trigger", message, table, cuts }];
  });
}

function messageAt(trigger: string, statement: readonly Token[], raise: number): string {
  const said = statement[raise + 4];
  if (said?.kind !== "string") throw new Error(`${trigger} raises what can't be read`);
  return unquote(said);
}

/** The WHEN of a CASE that does nothing but raise: without it, the CASE goes on to the next. */
function armCut(trigger: string, statement: readonly Token[], raise: number): Cut {
  const { close } = inBrackets(statement, raise + 1);
  const alone = isWord(statement[raise - 1], "THEN") && isWord(statement[close + 1], "WHEN", "ELSE", "END");
  const when = lastWhen(statement.slice(0, raise));
  if (!alone || when < 0) throw new Error(`${trigger} raises twice, and not by a WHEN each`);
  return spanOf(statement.slice(when, close + 1));
}

/** Where the WHEN stands that these tokens end in, past every CASE that is closed before; -1 where none does. */
function lastWhen(tokens: readonly Token[]): number {
  let closed = 0;
  return tokens.findLastIndex((token) => {
    if (isWord(token, "END")) closed += 1;
    if (isWord(token, "CASE")) closed -= 1;
    return closed === 0 && isWord(token, "WHEN");
  });
}

/** A table without row numbers needs a primary key: to take one away is to take away both. */
function withoutRowidCut(options: Token[]): Cut[] {
  const at = options.findIndex((token) => isWord(token, "WITHOUT"));
  if (at < 0) return [];
  const comma = options[at - 1]?.text === "," ? at - 1 : at;
  return [spanOf(options.slice(comma, at + 2))];
}

function isReferences(token: Token): boolean {
  return isWord(token, "REFERENCES");
}

function columnsAt(tokens: readonly Token[], open: number): string[] {
  return splitAt(inBrackets(tokens, open).inner, ",").map((column) => textOf(column[0]));
}

function keyName(table: string, columns: string[]): string {
  return `${table} (${columns.join(", ")})`;
}

function uniqueMessage(table: string, columns: string[]): string {
  return `UNIQUE constraint failed: ${columns.map((column) => `${table}.${column}`).join(", ")}`;
}

function textOf(token: Token | undefined): string {
  if (token === undefined) throw new Error("the SQL ends too early");
  return token.text;
}

function ends(tokens: readonly Token[]): [number, number] {
  const [first, last] = [tokens.at(0), tokens.at(-1)];
  if (first === undefined || last === undefined) throw new Error("the SQL has an empty part");
  return [first.start, last.end];
}

function spanOf(tokens: readonly Token[]): Cut {
  const [start, end] = ends(tokens);
  return { start, end };
}
