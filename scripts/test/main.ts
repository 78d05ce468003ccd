// `npm test`: everything that must hold before a change is merged, in order; it ends at the first thing that does not.
import { CHECKS, runCheck } from "./checks.ts";
import { describeCounts, runTests } from "./tests.ts";

function heading(title: string): void {
  console.log(`\n== ${title}`);
}

function runAll(): boolean {
  for (const check of CHECKS) {
    heading(check.title);
    if (!runCheck(check)) {
      heading(`FAILED: ${check.title}. To see it alone or mend it: ${check.hint}`);
      return false;
    }
  }
  heading("Tests");
  const run = runTests();
  const none = run === null || run.passed + run.failed === 0;
  if (none) heading("FAILED: no test was run. To see it alone: npx vitest run");
  else if (run.failed > 0) heading("FAILED: Tests. To see it alone: npx vitest run");
  else if (!run.ok) heading("FAILED: coverage, or an error outside a test. To see it alone: npx vitest run --coverage");
  if (run !== null) console.log(`\n${describeCounts(run)}`);
  return !none && run.failed === 0 && run.ok;
}

if (!runAll()) process.exitCode = 1;
