import { Failure } from "../support/failure.ts";
import { type Field, FIELDS } from "./options.ts";

const OPTIONAL: ReadonlySet<Field> = new Set(["description", "customer"]);

/** Where each field stands in a row; null for a column that the file does without. */
export type Columns = Record<Field, number | null> & { width: number };

/** Finds the columns in the header line. Throws one Failure that names all that are missing or stand there twice. */
export function findColumns(header: readonly string[], map: Partial<Record<Field, string>>): Columns {
  const names = header.map((name) => name.trim());
  const wrong: string[] = [];
  const columns: Partial<Record<Field, number | null>> = {};
  for (const field of FIELDS) {
    const name = map[field] ?? field;
    const at = names.indexOf(name);
    columns[field] = at < 0 ? null : at;
    const needed = !OPTIONAL.has(field) || map[field] !== undefined;
    if (at < 0 && needed) wrong.push(name === field ? `no column ${field}` : `no column "${name}" (for ${field})`);
    if (at >= 0 && names.includes(name, at + 1)) wrong.push(`the column "${name}" twice`);
  }
  if (wrong.length > 0) {
    const has = names.map((name) => `"${name}"`).join(", ");
    throw new Failure(`The file has ${wrong.join(", ")}. Its columns are ${has}; --map FIELD=COLUMN names others.`);
  }
  return { ...(columns as Record<Field, number | null>), width: names.length };
}
