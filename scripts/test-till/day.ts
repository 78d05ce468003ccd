import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "../bench/progress.ts";
import type { Keeper } from "../support/demo-shop.ts";
import { Failure } from "../support/failure.ts";
import { createRandom } from "../support/random.ts";
import type { Options } from "./options.ts";
import { startTill } from "./till-process.ts";

/** A headless day that is killed in the middle, wherever that is, and run again until it is over. */

const SHORTEST_MS = 300;
const LONGEST_MS = 3_000;

/** Throws a Failure with the run's words where it does not end well. */
export async function tryDay(keeper: Keeper, folder: string, options: Options, progress: Progress): Promise<void> {
  const place = ["--headless", "--base", keeper.base, "--state", folder];
  const size = ["--tills", options.tills, "--sales", options.sales, "--seed", options.seed];
  const args = [...place, ...size, "--offline", "0.4", "--refunds", "0.1", "--chaos"];
  const env = { REGAL_USERNAME: keeper.username, REGAL_PASSWORD: keeper.password };
  const random = createRandom(Number(options.seed));
  let wentOn = 0;
  for (let kill = 1; kill <= options.kills; kill += 1) {
    const till = startTill(args, env, "");
    await till.says("Selling: ");
    const after = SHORTEST_MS + random.below(LONGEST_MS - SHORTEST_MS);
    await Promise.race([till.ended, sleep(after)]);
    till.kill();
    const { code, output } = await till.ended;
    if (output.includes("goes on at action")) wentOn += 1;
    progress(`Killed ${String(kill)} times, the last ${String(after)} ms into selling`);
    if (code !== null && code !== 0) throw new Failure(output);
  }
  const { code, output } = await startTill(args, env, "").ended;
  if (output.includes("goes on at action")) wentOn += 1;
  console.log(output);
  if (code !== 0) throw new Failure(`The day did not end well: exit ${String(code)}.`);
  if (options.kills > 0 && wentOn === 0)
    throw new Failure("No run went on where another was killed: nothing was tried.");
}
