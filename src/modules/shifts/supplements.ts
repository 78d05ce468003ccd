import type { Context } from "../../context.ts";
import type { Row, Statement } from "../../db/database.ts";
import type { AuditEntry } from "../audit/index.ts";
import { insertZReport, selectShift, takeLateRecords } from "./queries.ts";
import { lateSumStatements } from "./report-queries.ts";
import type { Shift } from "./schemas.ts";
import { asZReport, composeReport, type LastZ, readSums } from "./z-report.ts";

/** Supplement Z reports: what came for a shift after it was closed. */

export interface WaitingRecord {
  kind: string;
  record_id: string;
  shift_id: string;
}

export interface Supplements {
  statements: Statement[];
  audit: AuditEntry[];
  /** The newest Z report of the till once they are written. */
  last: LastZ;
}

/**
 * The supplements that a till's waiting records make, one for each shift, in the order of the shifts' opening; one more
 * round trip where there are any. A record that comes after this reading waits for the next.
 */
export async function supplementsOf(
  ctx: Pick<Context, "db" | "now">,
  waiting: readonly WaitingRecord[],
  lastZ: LastZ,
  today: string,
): Promise<Supplements> {
  const byShift = Map.groupBy(waiting, ({ shift_id }) => shift_id);
  const made: Supplements = { statements: [], audit: [], last: lastZ };
  if (byShift.size === 0) return made;
  for (const { shift, records, rows } of await readLate(ctx, byShift)) {
    const report = composeReport(shift, readSums(rows), { kind: "z", supplement: true, today, counted: null });
    const z = asZReport(report, made.last);
    made.statements.push(insertZReport(z, ctx.now.toISOString()), takeLateRecords(z.number, records));
    made.audit.push({
      action: "z_report.supplement",
      entity_type: "shift",
      entity_id: shift.id,
      store_id: shift.store_id,
      after: { z_number: z.number, net: z.net },
    });
    made.last = z;
  }
  return made;
}

async function readLate(ctx: Pick<Context, "db">, byShift: Map<string, WaitingRecord[]>) {
  const ids = [...byShift.keys()];
  const shifts = await ctx.db.readAll(ids.map(selectShift));
  const found = shifts.map(([row]) => row as unknown as Shift).toSorted((a, b) => (a.opened_at < b.opened_at ? -1 : 1));
  const statements = found.flatMap(({ id, terminal_id }) => lateSumStatements(id, terminal_id));
  const each = statements.length / found.length;
  const sums: Row[][] = await ctx.db.readAll(statements);
  return found.map((shift, index) => ({
    shift,
    records: byShift.get(shift.id) ?? [],
    rows: sums.slice(index * each, (index + 1) * each),
  }));
}
