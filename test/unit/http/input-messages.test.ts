import * as z from "zod";
import { describe, expect, it } from "vitest";
import { describeIssues } from "../../../src/http/errors.ts";
import { quantity, text } from "../../../src/http/schemas.ts";

const schema = z.strictObject({
  name: text(5),
  quantity,
  flag: z.boolean(),
  list: z.array(z.string()).min(1).max(2),
  kind: z.enum(["a", "b"]),
  day: z.iso.date(),
  inner: z.object({}),
});

const valid = { name: "tea", quantity: 1, flag: true, list: ["x"], kind: "a", day: "2026-11-23", inner: {} };

describe("what is wrong with an input", () => {
  it.each([
    [{ name: undefined }, "/name", "is missing"],
    [{ name: 5 }, "/name", "must be text"],
    [{ name: "  " }, "/name", "must not be empty"],
    [{ name: "longer" }, "/name", "must be at most 5 characters"],
    [{ quantity: 1.5 }, "/quantity", "must be a whole number"],
    [{ quantity: "1" }, "/quantity", "must be a number"],
    [{ quantity: 0 }, "/quantity", "must be at least 1"],
    [{ quantity: -3 }, "/quantity", "must be at least 1"],
    [{ flag: "yes" }, "/flag", "must be true or false"],
    [{ list: [] }, "/list", "must not be empty"],
    [{ list: ["a", "b", "c"] }, "/list", "must be at most 2 items"],
    [{ list: "a" }, "/list", "must be a list"],
    [{ kind: "c" }, "/kind", "must be one of a, b"],
    [{ day: "23/11/2026" }, "/day", "is not a valid date"],
    [{ inner: [] }, "/inner", "must be an object"],
    [{ more: 1 }, "/more", "is not a known field"],
  ])("%j: %s %s", (wrong, pointer, detail) => {
    const result = schema.safeParse({ ...valid, ...wrong });
    expect(result.error && describeIssues(result.error, "")[0]).toEqual({ pointer, detail });
  });
});
