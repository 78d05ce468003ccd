import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/paths.ts";
import { checkEnvironment } from "./checks.ts";

const RESULTS = join(ROOT, "build", "test-results.json");

export type TestRun = {
  passed: number;
  failed: number;
  /** Skipped and to do. */
  skipped: number;
  /** Whether vitest itself was content: no failure outside a test, coverage above its thresholds. */
  ok: boolean;
};

/** Runs every test with coverage. Null when vitest ended before it could say what happened. */
export function runTests(): TestRun | null {
  // A result of an earlier run must not pass for one of this.
  rmSync(RESULTS, { force: true });
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${RESULTS}`];
  const done = spawnSync(process.execPath, [vitest, "run", "--coverage", ...reporters], {
    cwd: ROOT,
    // Otherwise each test file prints wrangler's word on secrets that the tests bring themselves.
    env: { ...checkEnvironment(), WRANGLER_LOG: "error" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (!existsSync(RESULTS)) return null;
  return { ...countTests(JSON.parse(readFileSync(RESULTS, "utf8"))), ok: done.status === 0 };
}

/** The counts of vitest's JSON report. */
export function countTests(report: unknown): Omit<TestRun, "ok"> {
  const read = (name: string): number => {
    const value = (report as Record<string, unknown>)[name];
    if (typeof value !== "number") throw new Error(`The test report has no ${name}`);
    return value;
  };
  return {
    passed: read("numPassedTests"),
    failed: read("numFailedTests"),
    skipped: read("numPendingTests") + read("numTodoTests"),
  };
}

/** The closing line: `12 passed, 0 failed`, and the skipped where there are any. */
export function describeCounts({ passed, failed, skipped }: Omit<TestRun, "ok">): string {
  const line = `${String(passed)} passed, ${String(failed)} failed`;
  return skipped === 0 ? line : `${line}, ${String(skipped)} skipped`;
}
