import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { classifyError, Violation } from "../../../src/db/violation.ts";
import { problemOf } from "../../../src/http/constraints.ts";
import { listGuards, readSchema } from "../../support/schema.ts";

const source = readFileSync(join(import.meta.dirname, "../../../src/http/constraints.ts"), "utf8");
const told = [...source.matchAll(/^ {2}"?([\w.]+)"?: \[/gm)].map(([, name = ""]) => name);
/** The names by which D1's messages of the schema's refusals are known. */
const refusals = new Set(
  listGuards(readSchema()).flatMap(({ message }) => (message === null ? [] : [nameOf(message)])),
);

describe("the constraints that are told of", () => {
  test("are read at all", () => {
    expect(told).toContain("shift_closed");
    expect(told.length).toBeGreaterThan(60);
  });

  test.each(told)("%s is one that the schema refuses by", (name) => {
    expect(refusals).toContain(name);
    expect(problemOf(new Violation(name, null))).not.toBeNull();
  });
});

function nameOf(message: string): string {
  const error = classifyError(new Error(`D1_ERROR: ${message}: SQLITE_CONSTRAINT`));
  return error instanceof Violation ? error.constraint : "";
}
