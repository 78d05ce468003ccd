import type { Context } from "../../context.ts";
import type { Row, Statement } from "../../db/database.ts";
import type { AuditEntry } from "../audit/index.ts";
import { insertZReport, selectShift } from "./queries.ts";
import { lateSumStatements } from "./report-queries.ts";
import type { Shift } from "./schemas.ts";
import { asZReport, composeReport, type LastZ, readSums, type ReportPlace } from "./z-report.ts";

/** Supplement Z reports: what came for a shift after it was closed. */

const SUPPLEMENT: ReportPlace = { kind: "z", supplement: true, today: null, counted: null };

/** A shift for which records wait. */
export interface WaitingShift {
  shift_id: string;
}

export interface Supplements {
  statements: Statement[];
  audit: AuditEntry[];
  /** The newest Z report of the till once they are written. */
  last: LastZ;
}

/**
 * The supplements that a till's waiting records make, one for each shift, in the order of the shifts' opening; two more
 * round trips where there are any. A record that comes after they are summed aborts the batch: `stale_shift`.
 */
export async function supplementsOf(
  ctx: Pick<Context, "db" | "now">,
  waiting: readonly WaitingShift[],
  lastZ: LastZ,
): Promise<Supplements> {
  const made: Supplements = { statements: [], audit: [], last: lastZ };
  if (waiting.length === 0) return made;
  for (const { shift, sums } of await readLate(ctx, waiting)) {
    const report = composeReport(shift, sums, SUPPLEMENT);
    const z = asZReport(report, made.last);
    made.statements.push(insertZReport(z, sums.records, ctx.now.toISOString()));
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

async function readLate(ctx: Pick<Context, "db">, waiting: readonly WaitingShift[]) {
  const shifts = await ctx.db.readAll(waiting.map(({ shift_id }) => selectShift(shift_id)));
  const found = shifts.map(([row]) => row as unknown as Shift).toSorted((a, b) => (a.opened_at < b.opened_at ? -1 : 1));
  const statements = found.flatMap(({ id, terminal_id }) => lateSumStatements(id, terminal_id));
  const each = statements.length / found.length;
  const rows: Row[][] = await ctx.db.readAll(statements);
  return found.map((shift, index) => ({
    shift,
    sums: readSums(rows.slice(index * each, (index + 1) * each)),
  }));
}
