import type { Books } from "./books.ts";
import { type Database, inTransaction, readFact, writeFact } from "./database.ts";
import type { NumberKind, Numbers } from "./numbers.ts";
import type { Effects } from "./records.ts";
import type { ApiProblem } from "../support/api-exchange.ts";

/** What the till has done and the server has not acknowledged: written to disk before anyone is told of it. */

export type CommandType =
  | "sale"
  | "refund"
  | "void"
  | "complete"
  | "customer"
  | "shift_open"
  | "shift_close"
  | "cash_movement"
  | "payment"
  | "gift_card"
  | "customer_payment";

/** What the till wants to do. */
export type Deed = {
  type: CommandType;
  /** The body of its endpoint, with the parameters of the path by name. */
  body: { id?: string; sale_id?: string; [field: string]: unknown };
  idempotency_key: string;
  occurred_at: string;
  /** A manager's approval. */
  approval?: string | undefined;
  /** Of which kind it takes a number. */
  number?: NumberKind | undefined;
  /** What it changes in the till's books, given its number. */
  effects: (number: string | null) => Effects;
  /** The same as the answer of its endpoint tells them; left out, they are right as they are. */
  corrected?: (effects: Effects, answer: never) => Effects;
};

/** A command as it lies in the outbox. */
export type Command = {
  place: number;
  idempotency_key: string;
  type: CommandType;
  occurred_at: string;
  body: Deed["body"];
  approval: string | null;
  /** The invoice or refund number the till gives it while nobody else does. */
  number: string | null;
  seq: number | null;
  state: "trying" | "waiting" | "rejected";
  problem: ApiProblem | null;
};

export type NumberedCommand = Command & { seq: number };

/** What the server said of a command that it was sent. */
export type Result = {
  seq: number | null;
  outcome: "applied" | "flagged" | "replayed" | "rejected";
  resource?: { type: string; id: string; invoice_no?: string; refund_no?: string };
  problem?: ApiProblem;
};

const NEXT_SEQ = "next_seq";
const COLUMNS = "place, idempotency_key, type, occurred_at, body, approval, own_number, seq, state, problem";

export class Outbox {
  readonly #database: Database;
  readonly #books: Books;
  readonly #numbers: Numbers;

  constructor(database: Database, books: Books, numbers: Numbers) {
    this.#database = database;
    this.#books = books;
    this.#numbers = numbers;
  }

  /** Writes a deed down and its effects with it: it is done, whatever the server will say. */
  write(deed: Deed): Command {
    return inTransaction(this.#database, () => this.#keep(this.#insert(deed)));
  }

  /** Writes a deed down that is about to be sent; it is done once it is confirmed or kept, and gone once it is refused. */
  try(deed: Deed): Command {
    return inTransaction(this.#database, () => this.#insert(deed));
  }

  /** The server has carried it out; `correct` makes the effects those of its answer. */
  confirm({ place }: Command, correct: (effects: Effects) => Effects): void {
    inTransaction(this.#database, () => {
      const effects = correct(this.#effectsOf(place));
      this.#books.apply(effects);
      this.#noteNumbers(effects);
      this.#delete(place);
    });
  }

  /** The server has refused it, and can't have carried it out before: nothing has happened. */
  refuse({ place }: Command): void {
    inTransaction(this.#database, () => {
      this.#delete(place);
    });
  }

  /** Nobody knows whether the server has carried it out: it is done, and will be sent until the server says so. */
  keep(command: Command): void {
    inTransaction(this.#database, () => this.#keep(command));
  }

  /**
   * To be called when the till starts: what was being sent when it stopped may have been carried out, and the customer may
   * have gone, so it stands. Returns those commands.
   */
  recover(): Command[] {
    return inTransaction(this.#database, () => this.#select("state = 'trying'").map((command) => this.#keep(command)));
  }

  /**
   * The commands that go next, in order, each with its number in the till's sequence, which it keeps for ever: numbers are
   * committed before anything is sent.
   */
  nextBatch(most: number): NumberedCommand[] {
    return inTransaction(this.#database, () => {
      const batch = this.#select(`state = 'waiting' ORDER BY place LIMIT ${String(most)}`);
      let next = readFact<number>(this.#database, NEXT_SEQ) ?? 1;
      const number = this.#database.prepare("UPDATE outbox SET seq = ? WHERE place = ?");
      const numbered = batch.map((command): NumberedCommand => {
        if (command.seq !== null) return { ...command, seq: command.seq };
        const seq = next;
        next += 1;
        number.run(seq, command.place);
        return { ...command, seq };
      });
      writeFact(this.#database, NEXT_SEQ, next);
      return numbered;
    });
  }

  /** Numbers go on above what the server has heard from this till, too. */
  raiseSeq(heard: number): void {
    inTransaction(this.#database, () => {
      const next = readFact<number>(this.#database, NEXT_SEQ) ?? 1;
      if (heard >= next) writeFact(this.#database, NEXT_SEQ, heard + 1);
    });
  }

  /** Takes in what the server said: what it has taken is done with, what it rejected is kept for a person. */
  settle(results: readonly { command: NumberedCommand; result: Result }[]): void {
    inTransaction(this.#database, () => {
      const reject = this.#database.prepare("UPDATE outbox SET state = 'rejected', problem = ? WHERE place = ?");
      for (const { command, result } of results) {
        if (result.outcome === "rejected") {
          reject.run(JSON.stringify(result.problem ?? { code: "unknown", detail: "" }), command.place);
          continue;
        }
        const number = result.resource?.invoice_no ?? result.resource?.refund_no;
        if (number !== undefined && result.resource) {
          this.#books.takeNumber(result.resource.id, number);
          this.#numbers.note(number);
        }
        this.#delete(command.place);
      }
    });
  }

  /** Sends a rejected command once more with the next batch, after someone has mended what was wrong. */
  retry(place: number): void {
    inTransaction(this.#database, () => {
      const sql = "UPDATE outbox SET state = 'waiting', problem = NULL WHERE place = ? AND state = 'rejected'";
      this.#database.prepare(sql).run(place);
    });
  }

  waiting(): Command[] {
    return this.#select("state = 'waiting' ORDER BY place");
  }

  rejected(): Command[] {
    return this.#select("state = 'rejected' ORDER BY place");
  }

  get waitingCount(): number {
    const row = this.#database.prepare("SELECT count(*) AS n FROM outbox WHERE state = 'waiting'").get();
    return Number(row?.["n"]);
  }

  #insert(deed: Deed): Command {
    const number = deed.number === undefined ? null : this.#numbers.next(deed.number);
    const effects = deed.effects(number);
    const { lastInsertRowid } = this.#database
      .prepare(
        `INSERT INTO outbox (idempotency_key, type, occurred_at, body, approval, own_number, effects, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, 'trying')`,
      )
      .run(
        deed.idempotency_key,
        deed.type,
        deed.occurred_at,
        JSON.stringify(deed.body),
        deed.approval ?? null,
        number,
        JSON.stringify(effects),
      );
    const [command] = this.#select(`place = ${String(lastInsertRowid)}`);
    if (!command) throw new Error("what was inserted is there");
    return command;
  }

  #keep(command: Command): Command {
    const effects = this.#effectsOf(command.place);
    this.#books.apply(effects);
    this.#noteNumbers(effects);
    this.#database.prepare("UPDATE outbox SET state = 'waiting' WHERE place = ?").run(command.place);
    return { ...command, state: "waiting" };
  }

  #noteNumbers({ sales = [], refund }: Effects): void {
    for (const { invoice_no } of sales) this.#numbers.note(invoice_no);
    this.#numbers.note(refund?.refund_no);
  }

  #effectsOf(place: number): Effects {
    const row = this.#database.prepare("SELECT effects FROM outbox WHERE place = ?").get(place);
    return JSON.parse(String(row?.["effects"])) as Effects;
  }

  #delete(place: number): void {
    this.#database.prepare("DELETE FROM outbox WHERE place = ?").run(place);
  }

  #select(where: string): Command[] {
    const rows = this.#database.prepare(`SELECT ${COLUMNS} FROM outbox WHERE ${where}`).all();
    return rows.map((row) => ({
      place: Number(row["place"]),
      idempotency_key: String(row["idempotency_key"]),
      type: row["type"] as CommandType,
      occurred_at: String(row["occurred_at"]),
      body: JSON.parse(String(row["body"])) as Deed["body"],
      approval: row["approval"] as string | null,
      number: row["own_number"] as string | null,
      seq: row["seq"] as number | null,
      state: row["state"] as Command["state"],
      problem: row["problem"] === null ? null : (JSON.parse(String(row["problem"])) as ApiProblem),
    }));
  }
}
