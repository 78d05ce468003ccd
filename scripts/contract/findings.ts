import type { Call, Judged, Operation } from "./prism.ts";

/** What the scan counts and what it finds. */

export interface Tally {
  requests: number;
  /** By the first figure of the status. */
  classes: Record<string, number>;
  server_errors: number;
  /** Answers that are not as the document has them. */
  breaks: number;
  rate_limited: number;
  /** Requests that the document forbids, and those of them that were answered 2xx. */
  forbidden: number;
  forbidden_but_done: number;
}

export interface Finding {
  operation: string;
  what: string;
  times: number;
  /** The first request of its kind with its answer, to be sent again by hand. */
  example: string;
}

export interface Findings {
  tallies: Map<string, Tally>;
  list: () => Finding[];
  /** Operations that were answered 2xx at least once. */
  done: Set<string>;
  addAnswer: (operation: Operation, person: string, call: Call, judged: Judged) => void;
  addSilence: (operation: Operation, person: string, call: Call, error: unknown) => void;
}

const SHOWN = 600;
/** What differs between two findings of one kind: ids, numbers, quoted values. */
const PARTICULARS = /[0-9a-f]{8}-[0-9a-f-]{27}|\d+|"[^"]*"/g;

export function createFindings(): Findings {
  const tallies = new Map<string, Tally>();
  const found = new Map<string, Finding>();
  const done = new Set<string>();
  const add = (operation: Operation, what: string, example: () => string) => {
    const key = `${nameOf(operation)} ${what.replaceAll(PARTICULARS, "…")}`;
    const known = found.get(key);
    if (known) known.times += 1;
    else found.set(key, { operation: nameOf(operation), what, times: 1, example: example() });
  };
  const tallyOf = (person: string) => {
    const tally = tallies.get(person) ?? emptyTally();
    tallies.set(person, tally);
    tally.requests += 1;
    return tally;
  };
  return {
    tallies,
    done,
    list: () => [...found.values()],
    addAnswer: (operation, person, call, { output, validations }) => {
      const tally = tallyOf(person);
      const status = output.statusCode;
      const example = () => describeExchange(call, person, `${String(status)} ${toText(output.body)}`);
      const group = `${String(Math.floor(status / 100))}xx`;
      tally.classes[group] = (tally.classes[group] ?? 0) + 1;
      const wasDone = group === "2xx";
      if (wasDone) done.add(nameOf(operation));
      if (status === 429) tally.rate_limited += 1;
      if (status >= 500) {
        tally.server_errors += 1;
        add(operation, `answered ${String(status)}`, example);
      }
      const [forbidden] = validations.input;
      if (forbidden) tally.forbidden += 1;
      if (forbidden && wasDone) {
        tally.forbidden_but_done += 1;
        add(operation, `done, though the document forbids it (no break): ${forbidden.message}`, example);
      }
      if (validations.output.length > 0) tally.breaks += 1;
      for (const { message } of validations.output) add(operation, `${String(status)}: ${message}`, example);
    },
    addSilence: (operation, person, call, error) => {
      tallyOf(person).breaks += 1;
      const what = error instanceof Error ? error.message : String(error);
      add(operation, `no answer that can be read: ${what}`, () => describeExchange(call, person, what));
    },
  };
}

export function nameOf({ method, path }: Operation): string {
  return `${method.toUpperCase()} ${path}`;
}

export function sumTallies(tallies: Iterable<Tally>): Tally {
  const sum = emptyTally();
  for (const tally of tallies) {
    for (const key of [
      "requests",
      "server_errors",
      "breaks",
      "rate_limited",
      "forbidden",
      "forbidden_but_done",
    ] as const) {
      sum[key] += tally[key];
    }
    for (const [name, count] of Object.entries(tally.classes)) sum.classes[name] = (sum.classes[name] ?? 0) + count;
  }
  return sum;
}

function emptyTally(): Tally {
  return {
    requests: 0,
    classes: {},
    server_errors: 0,
    breaks: 0,
    rate_limited: 0,
    forbidden: 0,
    forbidden_but_done: 0,
  };
}

function describeExchange({ method, url, headers, body }: Call, person: string, answer: string): string {
  const query = new URLSearchParams(
    Object.entries(url.query).flatMap(([name, value]) => [value].flat().map((one) => [name, one])),
  ).toString();
  const shown = Object.entries(headers).filter(([name]) => name !== "authorization");
  return [
    `${method.toUpperCase()} ${url.path}${query === "" ? "" : `?${query}`} (${person})`,
    ...shown.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : [toText(body)]),
    `-> ${answer}`,
  ]
    .map((line) => (line.length > SHOWN ? `${line.slice(0, SHOWN)}… (${String(line.length)} characters)` : line))
    .join("\n");
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
