import { parseArgs } from "node:util";
import { Failure } from "../support/failure.ts";

export type Options = { tills: string; sales: string; seed: string; kills: number };

const USAGE = "npm run test:till -- [--tills 2] [--sales 60] [--seed 1] [--kills 3]";

export function readOptions(args: string[]): Options {
  const text = { type: "string" } as const;
  try {
    const { values } = parseArgs({ args, options: { tills: text, sales: text, seed: text, kills: text } });
    const kills = Number(values.kills ?? "3");
    if (!Number.isSafeInteger(kills) || kills < 0) throw new Error("--kills is no number");
    return { tills: values.tills ?? "2", sales: values.sales ?? "60", seed: values.seed ?? "1", kills };
  } catch (error) {
    throw new Failure(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}
