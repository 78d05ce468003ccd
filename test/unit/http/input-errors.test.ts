import { describe, expect, it } from "vitest";
import { z } from "zod";
import { fromZodError } from "../../../src/http/errors.ts";

const schema = z.strictObject({ lines: z.array(z.strictObject({ quantity: z.int() })) });

function problemOf(input: unknown, target: string, shape: z.ZodType = schema) {
  const { error } = shape.safeParse(input);
  if (!error) throw new Error("the input is valid");
  return fromZodError(error, target);
}

describe("fromZodError", () => {
  it("points into the body", () => {
    const problem = problemOf({ lines: [{ quantity: 1 }, { quantity: "2" }] }, "json");
    expect(problem.code).toBe("validation_failed");
    expect(problem.errors).toEqual([
      { pointer: "/lines/1/quantity", detail: "invalid input: expected number, received string" },
    ]);
  });

  it("points at each unknown field", () => {
    const problem = problemOf({ lines: [{ quantity: 1, price: 1, total: 1 }] }, "json");
    expect(problem.errors).toEqual([
      { pointer: "/lines/0/price", detail: "is not a known field" },
      { pointer: "/lines/0/total", detail: "is not a known field" },
    ]);
  });

  it("points at the whole when the whole is wrong", () => {
    expect(problemOf([], "json").errors?.[0]?.pointer).toBe("/");
  });

  it.each([
    ["query", "#query/lines"],
    ["param", "#path/lines"],
    ["header", "#header/lines"],
  ])("names the place of a wrong %s", (target, pointer) => {
    expect(problemOf({}, target).errors?.[0]?.pointer).toBe(pointer);
  });

  it("escapes a pointer (RFC 6901)", () => {
    const shape = z.record(z.string(), z.int());
    expect(problemOf({ "a/b~c": "x" }, "json", shape).errors?.[0]?.pointer).toBe("/a~1b~0c");
  });

  it("tells 50 errors at most", () => {
    const lines = Array.from({ length: 80 }, () => ({ quantity: 0.5 }));
    expect(problemOf({ lines }, "json").errors).toHaveLength(50);
  });
});
