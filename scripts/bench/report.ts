import { type Comparison, CONNECTIONS, type Figures } from "./compare.ts";
import { DAY_SALES } from "./day.ts";
import type { Results } from "./results.ts";
import { judge, type Target } from "./targets.ts";

/** A run as a page of Markdown. */
export function describeResults(results: Results): string {
  const targets = judge(results);
  return `${[
    "# Benchmarks",
    `Written by \`${results.machine.command}\`; run it again rather than edit this page.`,
    describeMachine(results),
    "## Targets",
    describeTargets(targets),
    "## Against a bare Worker",
    COMPARED,
    ...[1, CONNECTIONS].map((connections) => describeComparisons(results.comparisons, connections)),
    drawChart(results.comparisons),
    "## Sequential round trips",
    TRIPS,
    table(
      ["request", "to the gate (Durable Object)", "to D1"],
      results.round_trips.map((one) => [one.name, one.do.toFixed(2), one.d1.toFixed(2)]),
    ),
    "## Rows",
    ROWS,
    describeRows(results.rows),
    "## The end of a till's day",
    DAY,
    describeDay(results.day_rows),
    "## Size and start-up",
    describeSize(results),
  ].join("\n\n")}\n`;
}

const COMPARED = `The Worker as it is deployed (\`wrangler deploy --dry-run\`), and beside it, in the same workerd process, on the same
database and under the same load, a bare Worker: one handler, JSON in, the same SQL in the same batches with fresh ids,
JSON out; no framework, no validation, no sign-in, no gate, no log. The column "bare + gate" is the bare Worker when it
asks the store's gate as well, so what lies between the two is the price of one Durable Object call and nothing else.
"Without checks" is the Worker with its gate and its permission check left out: what they cost together is the ratio to it.
The Workers are asked by turns, straight at their sockets. The client runs on the same cores as the Workers, and so does
what reads the Worker's log.`;

const TRIPS = `Every call of a binding is made to wait 0, 10, 20 or 40 ms, one hop at a time; the slope of the latency over the delay
is the number of calls that follow one another.`;

const ROWS = "As D1 itself counts them (`meta`), triggers and indexes included: what the bill is made of.";

const DAY = `The X report of a shift and the close of it, each with ${DAY_SALES.toLocaleString("en")} sales of one line in the shift: what D1 counts and in how many
calls, with hardly another sale in the database and with many, those of the same till's earlier shift among them.`;

function describeMachine({ machine, quick, took_s }: Results): string {
  const versions = machine.versions.map(([name, version]) => `${name} ${version}`).join(", ");
  return [
    `- ${machine.date}, in ${took_s.toFixed(0)} s${quick ? ", quick: fewer rounds and a smaller database" : ""}`,
    `- ${machine.cpu}, ${String(machine.cores)} cores, ${String(machine.memory_gib)} GiB, ${machine.system}; load average at the start ${machine.load.toFixed(1)}`,
    `- ${versions}`,
  ].join("\n");
}

export function describeTargets(targets: readonly Target[]): string {
  const met = targets.filter(({ missed_by }) => missed_by === null).length;
  return [
    `${String(met)} of ${String(targets.length)} met.`,
    table(
      ["target", "wanted", "measured", "", "why"],
      targets.map(({ name, wanted, measured, missed_by, why }) => [
        name,
        wanted,
        measured,
        missed_by === null ? "met" : `**missed by ${missed_by}**`,
        why,
      ]),
    ),
  ].join("\n\n");
}

function describeComparisons(comparisons: readonly Comparison[], connections: number): string {
  const rows = comparisons
    .filter((one) => one.connections === connections)
    .map(({ name, regal, bare, bare_with_gate: gated, ungated }) => [
      name,
      ...figures(regal),
      ...figures(bare),
      (regal.p50_ms / bare.p50_ms).toFixed(2),
      gated ? milliseconds(gated.p50_ms) : "",
      gated ? (regal.p50_ms / gated.p50_ms).toFixed(2) : "",
      ungated ? milliseconds(ungated.p50_ms) : "",
      ungated ? (regal.p50_ms / ungated.p50_ms).toFixed(2) : "",
    ]);
  const head = ["request", "req/s", "p50 ms", "p99 ms", "bare req/s", "bare p50", "bare p99", "p50 ratio"];
  const title = connections === 1 ? "One connection, one request at a time:" : `${String(connections)} connections:`;
  return `${title}\n\n${table([...head, "bare + gate p50", "p50 ratio to it", "without checks p50", "p50 ratio to it"], rows)}`;
}

function figures({ per_second, p50_ms, p99_ms }: Figures): string[] {
  return [per_second.toFixed(0), milliseconds(p50_ms), milliseconds(p99_ms)];
}

function milliseconds(value: number): string {
  return value.toFixed(2);
}

/** The ratios of the medians, with one connection. */
function drawChart(comparisons: readonly Comparison[]): string {
  const alone = comparisons.filter(({ connections }) => connections === 1);
  const ratios = alone.map(({ regal, bare }) => regal.p50_ms / bare.p50_ms);
  const top = Math.ceil(Math.max(2, ...ratios));
  return [
    "```mermaid",
    "xychart-beta",
    '  title "p50 as a multiple of the bare Worker (line: the target)"',
    `  x-axis [${alone.map(({ name }) => `"${name}"`).join(", ")}]`,
    `  y-axis "times bare" 0 --> ${String(top)}`,
    `  bar [${ratios.map((ratio) => ratio.toFixed(2)).join(", ")}]`,
    `  line [${ratios.map(() => "1.5").join(", ")}]`,
    "```",
  ].join("\n");
}

function describeRows(counts: Results["rows"]): string {
  return table(
    [
      "sales in the database",
      "lines",
      "rows read",
      "rows written",
      "read for each more line",
      "written for each more line",
    ],
    counts.flatMap(({ sales, counted }) =>
      counted.rows.map((one) => [
        sales.toLocaleString("en"),
        String(one.lines),
        String(one.rows_read),
        String(one.rows_written),
        counted.read_per_line.toFixed(2),
        counted.written_per_line.toFixed(2),
      ]),
    ),
  );
}

function describeDay(rows: Results["day_rows"]): string {
  return table(
    ["request", "sales of other shifts", "rows read", "rows written", "calls to D1"],
    rows.map((one) => [
      one.name,
      one.other_sales.toLocaleString("en"),
      String(one.rows_read),
      String(one.rows_written),
      String(one.calls),
    ]),
  );
}

function describeSize({ bundle_bytes, startup }: Results): string {
  return [
    `The bundle is ${(bundle_bytes / 1024).toFixed(1)} KiB after gzip -9. Start-up takes ${startup.lowest_ms.toFixed(1)} ms (the lowest of`,
    `${String(startup.profiles)} profiles by \`wrangler check startup\`, idle time left out; the middle one is ${startup.median_ms.toFixed(1)} ms). A profile`,
    "counts wall time between samples, so whatever else the machine does can only make it longer.",
  ].join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}
