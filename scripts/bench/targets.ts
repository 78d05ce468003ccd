import { type Comparison, CONNECTIONS } from "./compare.ts";
import type { Results } from "./results.ts";

/** A figure that was promised, and what came of it. */
export interface Target {
  name: string;
  wanted: string;
  measured: string;
  /** Null when it is met, else by how much it is not. */
  missed_by: string | null;
  /** What the missing part is spent on, where the run itself shows it. */
  why: string;
}

const TRIPS = { wanted: 1, tolerance: 0.1 };
const RATIO = 1.5;
/** What the gate and the permission check may add to the median. */
const CHECKS_RATIO = 1.1;
const ROWS_PER_LINE = 9;
const BUNDLE_KIB = 300;
const STARTUP_MS = 50;

/** Holds the results of a run against what was promised of it. */
export function judge(results: Results): Target[] {
  return [
    ...results.round_trips.flatMap(judgeTrips),
    ...results.comparisons.map(judgeRatio),
    ...results.comparisons.flatMap(judgeChecks),
    ...judgeRows(results.rows),
    ...judgeDay(results.day_rows),
    atMost("bundle, gzip -9", BUNDLE_KIB, results.bundle_bytes / 1024, "KiB", 1),
    atMost(
      "start-up CPU",
      STARTUP_MS,
      results.startup.lowest_ms,
      "ms",
      1,
      "zod builds the schemas that requests are checked with",
    ),
  ];
}

function judgeTrips({ name, promised, d1, do: gate }: Results["round_trips"][number]): Target[] {
  if (promised !== "one each") {
    return [atMost(`${name}: round trips to D1`, promised.at_most, d1, "", 2)];
  }
  return [exactly(`${name}: round trips to the gate`, gate), exactly(`${name}: round trips to D1`, d1)];
}

function exactly(name: string, measured: number): Target {
  const off = Math.abs(measured - TRIPS.wanted) - TRIPS.tolerance;
  return {
    name,
    wanted: `${TRIPS.wanted.toFixed(1)} ± ${String(TRIPS.tolerance)}`,
    measured: measured.toFixed(2),
    missed_by: off <= 0 ? null : off.toFixed(2),
    why: "",
  };
}

function judgeChecks({ name, connections, regal, bare, bare_with_gate: gated, ungated }: Comparison): Target[] {
  if (!ungated || !name.startsWith("sale")) return [];
  const title = `${name}, ${describeConnections(connections)}: p50 against no gate and no permission check`;
  const more = (regal.p50_ms - ungated.p50_ms).toFixed(2);
  const call = ((gated ?? bare).p50_ms - bare.p50_ms).toFixed(2);
  const why = `${more} ms more, of which a call to a Durable Object that does nothing is ${call} ms`;
  return [atMost(title, CHECKS_RATIO, regal.p50_ms / ungated.p50_ms, "×", 2, why)];
}

function describeConnections(connections: number): string {
  return connections === CONNECTIONS ? `${String(connections)} connections` : "1 connection";
}

function judgeRatio(comparison: Comparison): Target {
  const { name, connections, regal, bare } = comparison;
  const title = `${name}, ${describeConnections(connections)}: p50 against bare`;
  return atMost(title, RATIO, regal.p50_ms / bare.p50_ms, "×", 2, explainRatio(comparison));
}

function explainRatio({ regal, bare, bare_with_gate: gated }: Comparison): string {
  const more = `${(regal.p50_ms - bare.p50_ms).toFixed(2)} ms more`;
  if (!gated) return `${more}: routing, header fields and the log line`;
  const gate = `${(gated.p50_ms - bare.p50_ms).toFixed(2)} ms for the gate's call`;
  return `${more}: ${gate}, the rest for the token, the checks, the header fields and the log line`;
}

function judgeRows([few, many]: Results["rows"]): Target[] {
  if (!few || !many) throw new Error("rows are counted twice: with few sales and with many");
  const grown = many.counted.read_per_line - few.counted.read_per_line;
  return [
    atMost("rows read for each line of a sale", ROWS_PER_LINE, few.counted.read_per_line, "", 2),
    atMost(`rows more for each line with ${many.sales.toLocaleString("en")} sales`, 0, grown, "", 2),
    atMost(`rows more for a sale of 1 line with them`, 0, rowsOfOne(many) - rowsOfOne(few), "", 0),
  ];
}

/** "X and Z read only their shift's rows": what other shifts have does not grow them. */
function judgeDay(rows: Results["day_rows"]): Target[] {
  return [...Map.groupBy(rows, ({ name }) => name)].map(([name, [few, many]]) => {
    if (!few || !many) throw new Error("a day is counted twice: with few other sales and with many");
    const beside = `beside ${many.other_sales.toLocaleString("en")} sales of other shifts`;
    return atMost(`${name}: rows more read ${beside}`, 0, many.rows_read - few.rows_read, "", 0);
  });
}

function rowsOfOne({ counted }: Results["rows"][number]): number {
  return counted.rows[0]?.rows_read ?? 0;
}

function atMost(name: string, limit: number, measured: number, unit: string, digits: number, why = ""): Target {
  const tell = (value: number) => `${value.toFixed(digits)}${unit === "" ? "" : ` ${unit}`}`;
  return {
    name,
    wanted: `at most ${tell(limit)}`,
    measured: tell(measured),
    missed_by: measured <= limit ? null : tell(measured - limit),
    why: measured <= limit ? "" : why,
  };
}
