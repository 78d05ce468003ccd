import type { z } from "zod";

/** What is wrong with an input, as a sentence that follows its pointer: "/lines/0/quantity must be a whole number". */

const KINDS: Record<string, string> = {
  int: "must be a whole number",
  number: "must be a number",
  string: "must be text",
  boolean: "must be true or false",
  array: "must be a list",
  object: "must be an object",
  record: "must be an object",
};

const UNITS: Record<string, string> = { string: " characters", array: " items" };

/** Zod's own wording is for programmers; schemas that say something themselves are left alone. */
export function describeInput(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type") return issue.input === undefined ? "is missing" : KINDS[issue.expected];
  if (issue.code === "too_big") return `must be at most ${String(issue.maximum)}${UNITS[issue.origin] ?? ""}`;
  if (issue.code === "too_small") {
    if (issue.minimum === 1 && issue.origin in UNITS) return "must not be empty";
    return `must be at least ${String(issue.minimum)}${UNITS[issue.origin] ?? ""}`;
  }
  if (issue.code === "invalid_value") return `must be one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "invalid_format") return `is not a valid ${issue.format.replaceAll("_", " ")}`;
  return undefined;
}
