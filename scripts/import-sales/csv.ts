import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { CsvError, parse } from "csv-parse";
import { Failure } from "../support/failure.ts";

/** A record of the file, the line it begins in, and how far into the file it reaches. */
export type CsvRecord = { fields: string[]; line: number; bytes: number };

const MAX_RECORD_BYTES = 1_000_000;

/**
 * The records of a CSV file (RFC 4180), the header first, never more of them in memory than a stream's buffer holds.
 * A quote inside a field that does not begin with one is text. Throws a Failure where the file stops being CSV.
 */
export async function* readRecords(file: string): AsyncGenerator<CsvRecord> {
  const source = createReadStream(file);
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_BYTES,
  });
  source.on("error", (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number; bytes: number };
    }>) {
      yield { fields: record, line: info.lines - countLineFeeds(record), bytes: info.bytes };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Failure(`${file} is not CSV: ${error.message}`);
  } finally {
    source.destroy();
  }
}

function countLineFeeds(fields: readonly string[]): number {
  return fields.reduce((count, field) => (field.includes("\n") ? count + field.split("\n").length - 1 : count), 0);
}

/** The header line's names. Throws a Failure for a file that is not there or is empty. */
export async function readHeader(file: string): Promise<string[]> {
  for await (const { fields } of readRecords(file)) return fields;
  throw new Failure(`${file} is empty.`);
}

/** The file's size in bytes. Throws a Failure when there is no such file. */
export function sizeOf(file: string): number {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile()) throw new Failure(`There is no file ${file}.`);
  return stats.size;
}

/** SHA-256 of the file, in hex. */
export async function digestFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
