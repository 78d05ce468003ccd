import { type Findings, sumTallies, type Tally } from "./findings.ts";

const WIDTH = 10;

/** The figures as a table, then each finding with a request that shows it. */
export function describeScan(findings: Findings, operations: readonly string[]): string {
  const total = sumTallies(findings.tallies.values());
  const rows = [...[...findings.tallies].map(([person, tally]) => row(person, tally)), row("all", total)];
  const never = operations.filter((operation) => !findings.done.has(operation));
  return [
    ["", "requests", "2xx", "3xx", "4xx", "5xx", "429", "breaks"].map((title) => title.padStart(WIDTH)).join(""),
    ...rows,
    "",
    `${String(operations.length)} operations, ${String(operations.length - never.length)} of them answered 2xx at least once.`,
    ...(never.length > 0 ? [`Never answered 2xx: ${never.join(", ")}.`] : []),
    `${String(total.forbidden)} requests were such as the document forbids; ${String(total.forbidden_but_done)} of them were answered 2xx.`,
    ...findings
      .list()
      .map(
        ({ operation, what, times, example }) => `\n${operation} (${String(times)} times)\n${what}\n${indent(example)}`,
      ),
    "",
    `5xx: ${String(total.server_errors)}. Answers that break the document: ${String(total.breaks)}.`,
  ].join("\n");
}

function row(name: string, tally: Tally): string {
  const classes = ["2xx", "3xx", "4xx", "5xx"].map((group) => tally.classes[group] ?? 0);
  const figures = [tally.requests, ...classes, tally.rate_limited, tally.breaks];
  return [name, ...figures.map(String)].map((cell) => cell.padStart(WIDTH)).join("");
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "    ");
}
