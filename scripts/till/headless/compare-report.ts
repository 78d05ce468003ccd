import { COUNTED, type Figures, RATE_FIGURES, sumFigures } from "../reckoning.ts";
import type { ShiftReport } from "../wire.ts";
import type { OwnShift } from "./own-figures.ts";

/** Reports of the server in the terms of the till's own figures, and beside them. */

/** A report's figures. */
export function figuresOf(report: ShiftReport): Figures {
  return {
    ...report,
    by_method: new Map(report.by_method.map(({ method, sales, refunds }) => [method, { sales, refunds }])),
    by_rate: new Map(report.tax_by_rate.map(({ tax_rate_ppm, ...figures }) => [tax_rate_ppm, figures])),
  };
}

/** A line for each figure of a shift that its reports have otherwise than the till. */
export function compareReport(own: OwnShift, reports: readonly ShiftReport[]): string[] {
  const theirs = flatten(sumFigures(reports.map(figuresOf)));
  const ours = flatten(own.figures);
  const names = [...new Set([...ours.keys(), ...theirs.keys()])];
  const differences = names.flatMap((name) => differ(name, ours.get(name) ?? 0, theirs.get(name) ?? 0));
  return [...differences, ...compareExpected(own, reports)];
}

function compareExpected({ expected, cash }: OwnShift, reports: readonly ShiftReport[]): string[] {
  const theirs = new Map<string, number>();
  for (const { method, expected: amount } of reports.flatMap(({ by_method }) => by_method)) {
    theirs.set(method, (theirs.get(method) ?? 0) + amount);
  }
  const drawer = reports.reduce((sum, report) => sum + report.cash.expected, 0);
  const names = [...new Set([...expected.keys(), ...theirs.keys()])];
  return [
    ...names.flatMap((name) => differ(`expected ${name}`, expected.get(name) ?? 0, theirs.get(name) ?? 0)),
    ...differ("cash in the drawer", cash, drawer),
  ];
}

function differ(name: string, own: number, theirs: number): string[] {
  return own === theirs ? [] : [`${name} is ${String(own)} by the till, ${String(theirs)} by the server`];
}

/** Every figure by a name of its own, as a table shows it; a method or rate of which nothing is said is left out. */
export function flatten(figures: Figures): Map<string, number> {
  const flat = new Map<string, number>(COUNTED.map((name) => [name, figures[name]]));
  for (const [method, { sales, refunds }] of sortedBy(figures.by_method)) {
    flat.set(`${method} sales`, sales);
    flat.set(`${method} refunds`, refunds);
  }
  for (const [rate, one] of sortedBy(figures.by_rate)) {
    for (const name of RATE_FIGURES) flat.set(`${String(rate / 10_000)} % ${name}`, one[name]);
  }
  return flat;
}

function sortedBy<K extends string | number, V>(map: ReadonlyMap<K, V>): [K, V][] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
