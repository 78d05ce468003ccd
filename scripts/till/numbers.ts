import { type Database, readFact, writeFact } from "./database.ts";

/** Invoice and refund numbers: `MAIN-01-000012`, `MAIN-01-R000003`. */

export type NumberKind = "invoice" | "refund";

/** The highest number this till is known to have given out; null where nobody has told it yet. */
type Highest = Record<NumberKind, number | null>;

const FACT = "highest_numbers";
const DIGITS = 6;

export class Numbers {
  readonly #database: Database;
  readonly #prefix: string;

  constructor(database: Database, place: { store_code: string; terminal_code: string }) {
    this.#database = database;
    this.#prefix = `${place.store_code}-${place.terminal_code}-`;
  }

  /** The next number, which is taken only when it is noted; null where the till can't know it. */
  next(kind: NumberKind): string | null {
    const highest = this.highest(kind);
    return highest === null ? null : this.format(kind, highest + 1);
  }

  highest(kind: NumberKind): number | null {
    return this.#read()[kind];
  }

  format(kind: NumberKind, number: number): string {
    return `${this.#prefix}${kind === "refund" ? "R" : ""}${String(number).padStart(DIGITS, "0")}`;
  }

  /** Notes a number that has been given out, wherever; what is not of this till is passed over. */
  note(text: string | null | undefined): void {
    if (!text?.startsWith(this.#prefix)) return;
    const [, letter = "", digits = ""] = /^(R?)(\d{6,9})$/.exec(text.slice(this.#prefix.length)) ?? [];
    if (digits === "") return;
    this.raise(letter === "" ? "invoice" : "refund", Number(digits));
  }

  /** Notes that numbers up to this one have been given out. */
  raise(kind: NumberKind, number: number): void {
    const highest = this.#read();
    if (highest[kind] !== null && highest[kind] >= number) return;
    writeFact(this.#database, FACT, { ...highest, [kind]: number });
  }

  #read(): Highest {
    return readFact<Highest>(this.#database, FACT) ?? { invoice: null, refund: null };
  }
}

/**
 * Finds the highest invoice number in use, where `exists` tells of one: in steps that double, then by halves. The
 * server numbers a till without gaps; after a gap (a till that died with sales nobody else has) it may stop short, and
 * the first answer to a sale corrects it.
 */
export async function findHighest(exists: (number: number) => Promise<boolean>): Promise<number> {
  let known = 0;
  let step = 1;
  while (await exists(known + step)) {
    known += step;
    step *= 2;
  }
  let above = known + step;
  while (above - known > 1) {
    const middle = Math.floor((known + above) / 2);
    if (await exists(middle)) known = middle;
    else above = middle;
  }
  return known;
}
