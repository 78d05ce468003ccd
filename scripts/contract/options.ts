import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { Failure } from "../support/failure.ts";
import { SEEDS } from "../support/random.ts";

export interface Options {
  /** What all chance is drawn from. */
  seed: number;
  /** Requests to an operation that takes a body; half as many to one that takes none. */
  cases: number;
  /** Only operations whose method and path contain this text, for looking into a finding. */
  only: string;
  /** Whether the Worker's log is shown. */
  log: boolean;
}

const CASES = 60;
const USAGE = "npm run test:contract -- [--seed N] [--cases N] [--only TEXT] [--log]";

export function readOptions(args: string[]): Options {
  const options = {
    seed: { type: "string" },
    cases: { type: "string" },
    only: { type: "string" },
    log: { type: "boolean" },
  };
  try {
    const { values } = parseArgs({ args, options: options as { [name in keyof typeof options]: { type: "string" } } });
    return {
      seed: readNumber(values.seed, randomInt(SEEDS)),
      cases: readNumber(values.cases, CASES),
      only: values.only ?? "",
      log: Boolean(values.log),
    };
  } catch {
    throw new Failure(USAGE);
  }
}

function readNumber(text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Failure(USAGE);
  return value;
}
