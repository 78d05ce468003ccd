import { newId } from "../core/ids.ts";
import { Database } from "../db/database.ts";
import { listWaitingTills, supplementTill, type WaitingTill } from "../modules/shifts/index.ts";
import { describeError, logLine } from "../telemetry/log.ts";
import { Meter } from "../telemetry/meter.ts";

/** What came for a closed shift stands in a supplement Z report the night after, though its till opens no other shift. */

/** As many as one run has time for; the rest waits for the next. */
const MOST_TILLS = 1000;

/** Writes the supplements of every till for which something waits, and logs a line for each till. */
export async function writeSupplements(env: Env, now: Date, mostTills = MOST_TILLS): Promise<void> {
  const db = new Database(env.DB, new Meter(), () => undefined);
  const tills = await listWaitingTills({ db }, mostTills);
  for (const till of tills) await writeFor(db, now, till);
  if (tills.length === mostTills) logLine("warn", "more tills may wait for supplements", { done: mostTills });
}

/** What fails for one till is told, and no hindrance to the others. */
async function writeFor(db: Database, now: Date, till: WaitingTill): Promise<void> {
  const { terminal_id } = till;
  try {
    const written = await supplementTill({ db, now, request_id: newId(), ip: null, actor: null }, till);
    logLine("info", "supplement Z reports written", { terminal_id, written });
  } catch (error) {
    logLine("error", "supplement Z reports failed", { terminal_id, ...describeError(error) });
  }
}
