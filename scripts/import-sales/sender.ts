import { SyncBatch } from "../support/sync-batch.ts";
import { type Api, expectBody } from "./client.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Findings } from "./findings.ts";
import type { Adjustment, Command } from "./steps.ts";

/** Where a command of a batch comes from. */
export type Source = {
  invoice_no: string;
  type: Command["type"];
  /** The place of its invoice in the file, from 1. */
  place: number;
};

type Result = {
  outcome: "applied" | "flagged" | "replayed" | "rejected";
  problem?: { code: string; detail: string };
};

export type Outcomes = Record<Result["outcome"], number>;

export type SenderOptions = {
  api: Api;
  store_id: string;
  terminal_id: string;
  /** The last command number the server has heard from the till. */
  last_seq: number;
  catalogue: Catalogue;
  checkpoint: Checkpoint;
  rejections: Findings;
};

/** Sends what invoices become, in the order it is given, and remembers how far the server has taken it in. */
export class Sender {
  readonly #options: SenderOptions;
  #batch: SyncBatch<Source>;
  #seq: number;
  /** The first invoice of which something was refused: it and what follows it is sent again by the next run. */
  #firstRejected = Infinity;
  #written = 0;
  /** Sales and refunds that this run brought into the books. */
  booked = 0;
  readonly outcomes: Outcomes = { applied: 0, flagged: 0, replayed: 0, rejected: 0 };

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#seq = options.last_seq;
    this.#batch = new SyncBatch<Source>(options.terminal_id);
  }

  /** Numbers a command behind the one before it: numbers are taken in the order of the file, so no hole can open. */
  async send(command: Command, source: Source): Promise<void> {
    const numbered = { seq: this.#seq + 1, ...command };
    if (!this.#batch.add(numbered, source)) {
      await this.flush(source.place - 1);
      this.#batch.add(numbered, source);
    }
    this.#seq += 1;
  }

  /** Corrects stock, behind all that has been sold before. What the shop has too little of is refused. */
  async adjust({ idempotency_key, lines }: Adjustment, { invoice_no, place }: Omit<Source, "type">): Promise<void> {
    await this.flush(place - 1);
    const { api, store_id } = this.#options;
    const body = { store_id, reason: "adjusted", lines };
    const answer = await api.ask({ method: "POST", path: "/v1/stock/movements", body, idempotency_key });
    if (!answer.ok) this.#reject({ invoice_no, place }, "adjustment", answer.problem);
  }

  /** Sends what is waiting; afterwards the server has the file's first `invoicesDone` invoices whole. */
  async flush(invoicesDone: number): Promise<void> {
    if (this.#batch.sources.length > 0) await this.#sendBatch();
    const done = Math.min(invoicesDone, this.#firstRejected - 1);
    if (done > this.#written) this.#options.checkpoint.write(done);
    this.#written = Math.max(done, this.#written);
  }

  async #sendBatch(): Promise<void> {
    const { api, catalogue, terminal_id } = this.#options;
    await catalogue.createMissing();
    const { sources } = this.#batch;
    const call = { method: "POST", path: "/v1/sync/commands", body: this.#batch.toBody() } as const;
    const { results } = expectBody(await api.ask<{ results: Result[] }>(call), "A batch of sales");
    for (const [index, source] of sources.entries()) {
      const result = results[index];
      if (!result) throw new Error("the answer has fewer results than the batch had commands");
      this.outcomes[result.outcome] += 1;
      const isNew = result.outcome === "applied" || result.outcome === "flagged";
      if (isNew && source.type !== "customer") this.booked += 1;
      if (result.outcome === "rejected") this.#reject(source, source.type, result.problem);
    }
    this.#batch = new SyncBatch<Source>(terminal_id);
  }

  #reject({ invoice_no, place }: Omit<Source, "type">, what: string, problem: Result["problem"]): void {
    this.#firstRejected = Math.min(this.#firstRejected, place);
    const reused = problem?.code === "idempotency_key_reused";
    const hint = reused ? " (this invoice_no was brought in before with other rows, or as paid otherwise)" : "";
    const said = `${problem?.code ?? "unknown"}: ${problem?.detail ?? ""}${hint}`;
    this.#options.rejections.add(`invoice ${invoice_no}, its ${what}: ${said}`);
  }
}
