import { widthOf } from "./columns.ts";

/**
 * Characters as a receipt printer has them: one byte each, in the table (code page) that is switched to. The tables are
 * those of the Encoding Standard, which the platform has; their numbers are those of ESC t (Epson, ESC/POS Command
 * Reference). What few printers have stands last: a character goes to the first table that has it.
 */
const PAGES: readonly (readonly [page: number, label: string])[] = [
  [16, "windows-1252"],
  [17, "ibm866"],
  [45, "windows-1250"],
  [46, "windows-1251"],
  [47, "windows-1253"],
  [48, "windows-1254"],
  [49, "windows-1255"],
  [50, "windows-1256"],
  [51, "windows-1257"],
  [52, "windows-1258"],
];

/** The table that a printer is set to before all text. */
export const FIRST_PAGE = 16;

/** In place of what no table has. */
const UNKNOWN = "?";

/** What no table has, and another character says: the digits of Arabic and of Persian and Urdu, and their yeh. */
const STAND_INS = new Map<string, string>([
  ...Array.from("٠١٢٣٤٥٦٧٨٩", (digit, value) => [digit, String(value)] as const),
  ...Array.from("۰۱۲۳۴۵۶۷۸۹", (digit, value) => [digit, String(value)] as const),
  ["ی", "ي"],
]);

const ASCII = /^[ -~]*$/;
const graphemes = new Intl.Segmenter();

/** Page -> its characters above ASCII -> their bytes. */
type Tables = ReadonlyMap<number, ReadonlyMap<string, number>>;

let tables: Tables | undefined;

function readTables(): Tables {
  return new Map(PAGES.map(([page, label]) => [page, readTable(label)]));
}

/** Only what is seen and takes a column of its own: no control, no mark, no blank that is not one. */
function readTable(label: string): Map<string, number> {
  const decoder = new TextDecoder(label);
  const bytes = Array.from({ length: 128 }, (_, index) => 128 + index);
  const characters = bytes.map((byte) => [decoder.decode(Uint8Array.of(byte)), byte] as const);
  return new Map(characters.filter(([one]) => one !== "\ufffd" && /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(one)));
}

/**
 * Text of the characters that the printer has, each of one column: an accent that no table has on its letter is left
 * out, a digit becomes one that every table has, and of what can't be shown at all there is a question mark. Of what is
 * not seen nothing is left.
 */
export function toPrintable(text: string): string {
  if (ASCII.test(text)) return text;
  return Array.from(graphemes.segment(text), ({ segment }) => printableCharacter(segment)).join("");
}

function printableCharacter(cluster: string): string {
  if (/^\p{Zs}/u.test(cluster)) return " ";
  if (widthOf(cluster) === 0) return "";
  // The letter with all its marks, with all but the last, and so on to the letter alone.
  const parts = Array.from(cluster.normalize("NFD"));
  for (let kept = parts.length; kept > 0; kept -= 1) {
    const composed = parts.slice(0, kept).join("").normalize("NFC");
    if (pageOf(composed) !== undefined) return composed;
  }
  return STAND_INS.get(parts[0] ?? "") ?? UNKNOWN;
}

/** Where a character stands; `preferred` where that has it. Undefined where none does. */
function pageOf(character: string, preferred: number = FIRST_PAGE): number | undefined {
  if (/^[ -~]$/.test(character)) return preferred;
  tables ??= readTables();
  if (tables.get(preferred)?.has(character) === true) return preferred;
  return PAGES.find(([page]) => tables?.get(page)?.has(character))?.[0];
}

/** Bytes of one table. */
export interface Run {
  page: number;
  bytes: number[];
}

/**
 * Printable text (others' characters become question marks) in as few tables as it takes, `page` being the one that the
 * printer is set to.
 */
export function encodeText(text: string, page: number): Run[] {
  const runs: Run[] = [];
  let current = page;
  for (const character of text) {
    const found = pageOf(character, current);
    current = found ?? current;
    const byte = found === undefined ? UNKNOWN.charCodeAt(0) : byteOf(character, current);
    const run = runs.at(-1);
    if (run?.page === current) run.bytes.push(byte);
    else runs.push({ page: current, bytes: [byte] });
  }
  return runs;
}

function byteOf(character: string, page: number): number {
  return tables?.get(page)?.get(character) ?? character.charCodeAt(0);
}
