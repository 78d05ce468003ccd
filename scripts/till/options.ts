import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Failure } from "../support/failure.ts";
import { ROOT } from "../support/paths.ts";

export type InteractiveOptions = {
  mode: "interactive";
  /** Null: where the till was paired, else this machine's server. */
  base: string | null;
  folder: string;
  pairing_code: string | null;
};

export type HeadlessOptions = {
  mode: "headless";
  base: string;
  folder: string;
  store_code: string;
  tills: number;
  sales: number;
  /** Of the sales, the share that is sold offline, and that is refunded: 0 to 1. */
  offline: number;
  refunds: number;
  seed: number;
  /** Batches come out of order and twice, and one sale a till after its shift has closed. */
  chaos: boolean;
  username: string;
  password: string;
};

export const DEFAULT_BASE = "http://127.0.0.1:8787";

export const USAGE = `npm run till -- [--pair CODE] [--base URL] [--state DIR]
  --pair      the code that a manager made for this till, once
  --base      where the API answers (${DEFAULT_BASE})
  --state     the till's own folder (.regal/till)

npm run till -- --headless [--store MAIN] [--tills 6] [--sales 2000] [--offline 0.3] [--refunds 0.03] [--seed 1] [--chaos]
  sells a day by itself, counts along, and compares with the server's reports. A run that was cut off goes on where it was.
  --offline   the share of the sales that is sold offline
  --refunds   the share of the sales of which something comes back
  --chaos     batches arrive out of order and twice, and a sale of each till after its shift has closed
  --state     the run's folder (.regal/headless-STORE-SEED)
It signs in with REGAL_USERNAME and REGAL_PASSWORD, an admin's.`;

/** The command line and the environment of a till. Throws a Failure that names what is wrong. */
export function readOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): InteractiveOptions | HeadlessOptions {
  const values = parse(args);
  const base = values.base === undefined ? null : readBase(values.base);
  if (values.headless !== true) {
    const wrong = ["store", "tills", "sales", "offline", "refunds", "seed", "chaos"].find((name) => name in values);
    if (wrong !== undefined) throw new Failure(`--${wrong} is for --headless.\n\n${USAGE}`);
    const folder = resolve(ROOT, values.state ?? ".regal/till");
    return { mode: "interactive", base, folder, pairing_code: values.pair ?? null };
  }
  if (values.pair !== undefined) throw new Failure(`--headless pairs its tills by itself.\n\n${USAGE}`);
  const username = env["REGAL_USERNAME"];
  const password = env["REGAL_PASSWORD"];
  if (!username || !password) throw new Failure("Set REGAL_USERNAME and REGAL_PASSWORD to sign in with.");
  const store_code = values.store ?? "MAIN";
  const seed = readCount("seed", values.seed ?? "1", 0, 2 ** 31 - 1);
  const folder = resolve(ROOT, values.state ?? `.regal/headless-${store_code}-${String(seed)}`);
  return {
    mode: "headless",
    base: base ?? DEFAULT_BASE,
    folder,
    store_code,
    tills: readCount("tills", values.tills ?? "6", 1, 50),
    sales: readCount("sales", values.sales ?? "2000", 1, 1_000_000),
    offline: readShare("offline", values.offline ?? "0.3"),
    refunds: readShare("refunds", values.refunds ?? "0.03"),
    seed,
    chaos: values.chaos === true,
    username,
    password,
  };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        pair: text,
        base: text,
        state: text,
        headless: flag,
        store: text,
        tills: text,
        sales: text,
        offline: text,
        refunds: text,
        seed: text,
        chaos: flag,
      },
    }).values;
  } catch (error) {
    throw new Failure(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function readBase(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Failure(`--base is "${text}"; it must be an http or https URL.`);
  }
  return url.href.replace(/\/$/, "");
}

function readCount(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Failure(`--${name} is "${text}"; it must be a whole number from ${String(least)} to ${String(most)}.`);
}

function readShare(name: string, text: string): number {
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value >= 0 && value <= 1) return value;
  throw new Failure(`--${name} is "${text}"; it must be a number from 0 to 1.`);
}
