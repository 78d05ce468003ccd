import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../support/failure.ts";
import { readablePath } from "../../support/paths.ts";
import type { HeadlessOptions } from "../options.ts";
import type { RateFigures } from "../reckoning.ts";
import type { Goods } from "./draw-basket.ts";

/** What a run remembers beside the tills' own books: who works in it, where, and how the day stood before. */

export type Person = { username: string; pin: string };

export type RunTill = { code: string; terminal_id: string; cashiers: Person[]; customer_ids: string[] };

/** A day of the store before this run sold anything. */
export type Baseline = { business_date: string; figures: DailyFigures };

export type DailyFigures = {
  sales_count: number;
  refunds_count: number;
  voids_count: number;
  voids_total: number;
  gross: number;
  discount_total: number;
  tax_total: number;
  refund_total: number;
  refund_tax_total: number;
  net: number;
  by_method: { method: string; sales: number; refunds: number }[];
  tax_by_rate: ({ tax_rate_ppm: number } & RateFigures)[];
};

export type Run = {
  /** What decides what is done; a folder holds one run. */
  asked: Asked;
  /** In every idempotency key of the run. */
  run_id: string;
  started_at: string;
  store_id: string | null;
  manager: Person | null;
  tills: RunTill[];
  /** The products as they were when the day was planned. */
  shelf: Goods[] | null;
  stocked: boolean;
  baseline: Baseline | null;
};

type Asked = Pick<
  HeadlessOptions,
  "base" | "store_code" | "tills" | "sales" | "offline" | "refunds" | "seed" | "chaos"
>;

export class RunFile {
  readonly #file: string;
  run: Run;

  /** Takes a run up, or begins it. Throws a Failure where the folder holds another. */
  constructor(options: HeadlessOptions, runId: string) {
    const { base, store_code, tills, sales, offline, refunds, seed, chaos } = options;
    const asked = { base, store_code, tills, sales, offline, refunds, seed, chaos };
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    this.#file = join(options.folder, "run.json");
    if (existsSync(this.#file)) {
      this.run = JSON.parse(readFileSync(this.#file, "utf8")) as Run;
      if (JSON.stringify(this.run.asked) !== JSON.stringify(asked)) {
        const folder = readablePath(options.folder);
        throw new Failure(`${folder} holds another run: ${JSON.stringify(this.run.asked)}. Take another --state.`);
      }
      return;
    }
    this.run = {
      asked,
      run_id: runId,
      started_at: new Date().toISOString(),
      store_id: null,
      manager: null,
      tills: [],
      shelf: null,
      stocked: false,
      baseline: null,
    };
    this.change({});
  }

  /** Changes what is remembered, on disk before it returns: the old file or the new one, never half of it. */
  change(change: Partial<Run>): void {
    this.run = { ...this.run, ...change };
    const beside = `${this.#file}.${String(process.pid)}.tmp`;
    writeFileSync(beside, `${JSON.stringify(this.run)}\n`, { mode: 0o600, flush: true });
    renameSync(beside, this.#file);
  }
}
