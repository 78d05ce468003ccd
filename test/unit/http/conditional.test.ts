import { describe, expect, it } from "vitest";
import type { Context } from "../../../src/context.ts";
import { versionFromIfMatch } from "../../../src/http/conditional.ts";
import { readCursor, toPage } from "../../../src/http/pagination.ts";
import { Problem, type ProblemCode } from "../../../src/http/problem.ts";

function codeOf(act: () => unknown): ProblemCode {
  try {
    act();
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
  throw new Error("nothing was refused");
}

function ifMatch(value: string | null): Context {
  return { if_match: value } as Context;
}

describe("versionFromIfMatch", () => {
  it("reads the version an ETag stands for", () => {
    expect(versionFromIfMatch(ifMatch("v12"))).toBe(12);
  });

  it("leaves the state that is shown beside the record alone", () => {
    expect(versionFromIfMatch(ifMatch("v12~account.GBP.-150~"))).toBe(12);
  });

  it("needs the header field", () => {
    expect(codeOf(() => versionFromIfMatch(ifMatch(null)))).toBe("precondition_required");
  });

  it.each(["", "*", "12", "v", "v1.5", "v-1", "v1234567890123456", "v1, v2", "v1~a b", "~v1"])(
    "takes %s for stale",
    (tag) => {
      expect(codeOf(() => versionFromIfMatch(ifMatch(tag)))).toBe("stale_version");
    },
  );
});

describe("a page by arrival", () => {
  const rows = [{ arrival: 3 }, { arrival: 5 }, { arrival: 8 }];

  it("ends in a cursor when there is more, from which the next begins", () => {
    const page = toPage(rows, 2, ({ arrival }) => arrival);
    expect(page).toEqual({ data: [3, 5], next_cursor: "a5" });
    expect(readCursor("a5")).toBe(5);
  });

  it("ends in none when all is told", () => {
    expect(toPage(rows, 3, ({ arrival }) => arrival)).toEqual({ data: [3, 5, 8], next_cursor: null });
    expect(toPage([], 3, () => 0)).toEqual({ data: [], next_cursor: null });
  });

  it("begins at the start without a cursor", () => {
    expect(readCursor(undefined)).toBe(0);
  });

  it.each(["", "5", "a", "a0", "a-1", "a1.5", "a12345678901234567", "a5 OR 1"])("refuses the cursor %s", (cursor) => {
    expect(codeOf(() => readCursor(cursor))).toBe("validation_failed");
  });
});
