import pRetry from "p-retry";
import type { Meter } from "../telemetry/meter.ts";
import { classifyError, isTransient } from "./violation.ts";

export type SqlValue = string | number | null;

/** One SQL statement with its parameters, in order. Lists travel as one JSON parameter (`json_each`). */
export interface Statement {
  sql: string;
  params: readonly SqlValue[];
}

export function statement(sql: string, ...params: SqlValue[]): Statement {
  return { sql, params };
}

export type Row = Record<string, SqlValue>;

/** Three attempts in all, after waits of full jitter: anything up to 50 ms, then up to 100 ms. */
const RETRY = {
  retries: 2,
  minTimeout: 0,
  onFailedAttempt: async ({ attemptNumber }: { attemptNumber: number }) => {
    await scheduler.wait(Math.random() * 50 * 2 ** (attemptNumber - 1));
  },
} as const;

/**
 * The way to D1. Every method is one round trip, whatever the number of statements, and is counted as one.
 * Errors come out as Violation, Unavailable or, for a mistake of ours, as they are.
 */
export class Database {
  readonly #d1: D1Database;
  readonly #meter: Meter;
  readonly #keepAlive: (work: Promise<unknown>) => void;

  constructor(d1: D1Database, meter: Meter, keepAlive: (work: Promise<unknown>) => void) {
    this.#d1 = d1;
    this.#meter = meter;
    this.#keepAlive = keepAlive;
  }

  /** The rows of one statement. */
  async all<T extends object = Row>(query: Statement): Promise<T[]> {
    const [rows] = await this.readAll([query]);
    return (rows ?? []) as T[];
  }

  /** The first row of one statement, or null. */
  async first<T extends object = Row>(query: Statement): Promise<T | null> {
    const rows = await this.all<T>(query);
    return rows[0] ?? null;
  }

  /** The rows of several reads, in one round trip. The platform itself retries reads. */
  async readAll(queries: readonly Statement[]): Promise<Row[][]> {
    return this.#send(queries);
  }

  /**
   * Commits all statements as one transaction, or none. It goes on when the caller hangs up, because the outcome
   * of a half-heard command must still be one of the two.
   * `retry` sends it again after a transient fault: only for commands that bear a key, because a batch whose answer
   * was lost then meets itself and is answered as before. Others are told `outcome_unknown`.
   */
  async commit(statements: readonly Statement[], options: { retry: boolean } = { retry: false }): Promise<Row[][]> {
    const work = options.retry
      ? pRetry(() => this.#send(statements), {
          ...RETRY,
          shouldRetry: ({ error }) => isTransient(error.cause),
        })
      : this.#send(statements);
    this.#keepAlive(work.catch(() => undefined));
    return work;
  }

  async #send(statements: readonly Statement[]): Promise<Row[][]> {
    this.#meter.round_trips.d1 += 1;
    try {
      const prepared = statements.map(({ sql, params }) => this.#d1.prepare(sql).bind(...params));
      const results = await this.#d1.batch<Row>(prepared);
      for (const { meta } of results) {
        this.#meter.rows_read += meta.rows_read;
        this.#meter.rows_written += meta.rows_written;
      }
      return results.map(({ results: rows }) => rows);
    } catch (error) {
      throw classifyError(error);
    }
  }
}
