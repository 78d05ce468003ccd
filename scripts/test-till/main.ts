// `npm run test:till`: a till against a local server of its own: a cashier's session typed in by a script, then a day that
// tills sell by themselves, which is killed (SIGKILL) again and again and must end as if it had not been.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgress } from "../bench/progress.ts";
import { openShop } from "../support/demo-shop.ts";
import { describeFailure } from "../support/failure.ts";
import { tryCounter } from "./counter.ts";
import { tryDay } from "./day.ts";
import { readOptions } from "./options.ts";

const progress = startProgress();

async function run(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const folder = mkdtempSync(join(tmpdir(), "regal-till-"));
  progress("Opening a shop");
  const shop = await openShop(progress);
  try {
    await tryCounter(shop.keeper, join(folder, "counter"), progress);
    await tryDay(shop.keeper, join(folder, "day"), options, progress);
  } finally {
    await shop.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  await run();
  progress("The till has stood the test");
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
