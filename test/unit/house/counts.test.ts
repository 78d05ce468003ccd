import { expect, it } from "vitest";
import { countTests, describeCounts } from "../../../scripts/test/tests.ts";

const report = { numPassedTests: 12, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };

it("counts what vitest reports", () => {
  expect(countTests(report)).toEqual({ passed: 12, failed: 1, skipped: 3 });
  expect(() => countTests({ ...report, numFailedTests: undefined })).toThrow("numFailedTests");
});

it("closes with one line; skipped tests are told, never hidden", () => {
  expect(describeCounts({ passed: 12, failed: 0, skipped: 0 })).toBe("12 passed, 0 failed");
  expect(describeCounts({ passed: 12, failed: 1, skipped: 3 })).toBe("12 passed, 1 failed, 3 skipped");
});
