import type { SqlValue, Statement } from "../../src/db/database.ts";

/** Bindings that tell what they were asked, and that can be made slow, so that round trips are counted, not believed. */

export type Hop = "d1" | "do";

/** One call of a binding: one round trip. */
export interface Trip {
  hop: Hop;
  /** What it sent to the database; none for a Durable Object. */
  statements: Statement[];
  rows_read: number;
  rows_written: number;
}

/** What is seen of one request. Each call waits `delay_ms` of its hop before it is made. */
export class Probe {
  readonly trips: Trip[] = [];
  readonly #delays: Record<Hop, number>;

  constructor(delays: Record<Hop, number> = { d1: 0, do: 0 }) {
    this.#delays = delays;
  }

  /** The number of calls of a hop so far. */
  count(hop: Hop): number {
    return this.trips.filter((trip) => trip.hop === hop).length;
  }

  /** So that one probe can see one request after another. */
  forget(): void {
    this.trips.length = 0;
  }

  get rows_read(): number {
    return this.trips.reduce((sum, trip) => sum + trip.rows_read, 0);
  }

  get rows_written(): number {
    return this.trips.reduce((sum, trip) => sum + trip.rows_written, 0);
  }

  async call<T>(hop: Hop, statements: Statement[], make: () => Promise<T>): Promise<{ result: T; trip: Trip }> {
    const trip: Trip = { hop, statements, rows_read: 0, rows_written: 0 };
    this.trips.push(trip);
    if (this.#delays[hop] > 0) await scheduler.wait(this.#delays[hop]);
    return { result: await make(), trip };
  }
}

/** The database as the Worker uses it: `prepare`, `bind` and `batch`. Any other call fails, so none goes uncounted. */
export function probeDatabase(database: D1Database, probe: Probe): D1Database {
  const probed: Pick<D1Database, "prepare" | "batch"> = {
    prepare: (sql) => new ProbedStatement(database.prepare(sql), sql, []) as unknown as D1PreparedStatement,
    batch: async <T>(statements: D1PreparedStatement[]) => {
      const ours = statements as unknown as ProbedStatement[];
      const { result, trip } = await probe.call(
        "d1",
        ours.map(({ sql, params }) => ({ sql, params })),
        async () => database.batch<T>(ours.map(({ prepared }) => prepared)),
      );
      for (const { meta } of result) {
        trip.rows_read += meta.rows_read;
        trip.rows_written += meta.rows_written;
      }
      return result;
    },
  };
  return probed as unknown as D1Database;
}

class ProbedStatement {
  readonly prepared: D1PreparedStatement;
  readonly sql: string;
  readonly params: SqlValue[];

  constructor(prepared: D1PreparedStatement, sql: string, params: SqlValue[]) {
    this.prepared = prepared;
    this.sql = sql;
    this.params = params;
  }

  bind(...params: SqlValue[]): ProbedStatement {
    return new ProbedStatement(this.prepared.bind(...params), this.sql, params);
  }
}

/** The Durable Objects of a namespace, each method of theirs counted. */
export function probeObjects<T extends Rpc.DurableObjectBranded>(
  namespace: DurableObjectNamespace<T>,
  probe: Probe,
): DurableObjectNamespace<T> {
  const getByName = (name: string) => {
    const stub = namespace.getByName(name) as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    return new Proxy(stub, {
      get: (_stub, method: string) => {
        // Called on the stub itself: a method taken off it is a remote property, whose `apply` would be remote too.
        return async (...args: unknown[]) => (await probe.call("do", [], async () => stub[method]?.(...args))).result;
      },
    });
  };
  return { getByName } as unknown as DurableObjectNamespace<T>;
}
