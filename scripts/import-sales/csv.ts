import { isUtf8 } from "node:buffer";
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

/**
 * SHA-256 of the file, in hex. Throws a Failure for text that is not UTF-8, before any of it is sent: what can't be decoded
 * would be replaced in silence, and stand in the books as a name.
 */
export async function digestFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  const read = { bytes: 0, lines: 0 };
  let isUtf16 = false;
  let cutOff = new Uint8Array();
  for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array<ArrayBuffer>>) {
    hash.update(chunk);
    // Its mark tells the CSV reader how to decode it.
    if (read.bytes === 0 && cutOff.length === 0) isUtf16 = chunk[0] === 0xff && chunk[1] === 0xfe;
    if (isUtf16) continue;
    const text = new Uint8Array(cutOff.length + chunk.length);
    text.set(cutOff);
    text.set(chunk, cutOff.length);
    const whole = text.length - lengthCutOff(text);
    if (!isUtf8(text.subarray(0, whole))) throw notUtf8(file, text, read);
    cutOff = text.subarray(whole);
    read.bytes += whole;
    read.lines += countLines(text.subarray(0, whole));
  }
  if (cutOff.length > 0) throw notUtf8(file, cutOff, read);
  return hash.digest("hex");
}

/** How many bytes at its end begin a character that they do not end. */
function lengthCutOff(text: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, text.length); back += 1) {
    const byte = text[text.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

function countLines(text: Uint8Array): number {
  let lines = 0;
  for (let at = text.indexOf(10); at !== -1; at = text.indexOf(10, at + 1)) lines += 1;
  return lines;
}

/** `read` is what went before `text`. */
function notUtf8(file: string, text: Uint8Array, read: { bytes: number; lines: number }): Failure {
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    const start = text.subarray(0, middle);
    if (isUtf8(start.subarray(0, middle - lengthCutOff(start)))) good = middle;
    else bad = middle;
  }
  const whole = good - lengthCutOff(text.subarray(0, good));
  const line = String(read.lines + countLines(text.subarray(0, whole)) + 1);
  return new Failure(
    `${file} is not UTF-8: line ${line}, byte ${String(read.bytes + whole + 1)} of the file. Save it as UTF-8 ("CSV UTF-8" in a spreadsheet, or iconv -f LATIN1 -t UTF-8) and run again. Nothing was sent.`,
  );
}
