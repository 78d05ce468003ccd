import type { Comparison } from "./compare.ts";
import type { DayRows } from "./day.ts";
import type { Machine } from "./machine.ts";
import type { RoundTrips } from "./round-trips.ts";
import type { RowsPerLine } from "./rows.ts";

/** Everything that one run measured. */
export interface Results {
  machine: Machine;
  quick: boolean;
  bundle_bytes: number;
  startup: { median_ms: number; lowest_ms: number; profiles: number };
  round_trips: RoundTrips[];
  comparisons: Comparison[];
  /** With hardly a sale in the database, and with many. */
  rows: { sales: number; counted: RowsPerLine }[];
  /** Of each request the same: with hardly a sale of another shift, and with many. */
  day_rows: DayRows[];
  took_s: number;
}
