// `npm run test:browser`: what only a real browser can show, against the Worker as `npm start` serves it.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/paths.ts";
import { checkEnvironment } from "../test/checks.ts";
import { countTests, describeCounts } from "../test/tests.ts";
import { findChromium, HOW_TO_INSTALL } from "./chromium.ts";

const RESULTS = join(ROOT, "build", "browser-test-results.json");
const CONFIG = join(ROOT, "test", "browser", "vitest.config.ts");

function runBrowserTests(chromium: string): boolean {
  // A result of an earlier run must not pass for one of this.
  rmSync(RESULTS, { force: true });
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${RESULTS}`];
  const done = spawnSync(process.execPath, [vitest, "run", "--config", CONFIG, ...reporters], {
    cwd: ROOT,
    env: { ...checkEnvironment(), CHROMIUM: chromium },
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (!existsSync(RESULTS)) {
    console.log("\n0 passed, 1 failed: the tests ended before they could say what happened.");
    return false;
  }
  const counts = countTests(JSON.parse(readFileSync(RESULTS, "utf8")));
  console.log(`\n${describeCounts(counts)}`);
  return done.status === 0 && counts.failed === 0 && counts.passed > 0;
}

const chromium = findChromium(process.env);
if (chromium === null) console.error(HOW_TO_INSTALL);
if (chromium === null || !runBrowserTests(chromium)) process.exitCode = 1;
