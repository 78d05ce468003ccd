import { describe, expect, it } from "vitest";
import { continueTrace, formatTraceparent } from "../../../src/telemetry/trace.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT = "00f067aa0ba902b7";

describe("continueTrace", () => {
  it("keeps the caller's trace and its sampling, with a span of our own", () => {
    for (const [flags, sampled] of [
      ["01", true],
      ["00", false],
      ["03", true],
    ] as const) {
      const trace = continueTrace(`00-${TRACE}-${PARENT}-${flags}`);
      expect(trace).toMatchObject({ trace_id: TRACE, sampled });
      expect(trace.span_id).not.toBe(PARENT);
      expect(formatTraceparent(trace)).toBe(`00-${TRACE}-${trace.span_id}-${sampled ? "01" : "00"}`);
    }
  });

  it("understands a later version that says more", () => {
    expect(continueTrace(`01-${TRACE}-${PARENT}-01-more`).trace_id).toBe(TRACE);
  });

  it.each([
    null,
    "",
    "nonsense",
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
    `00-${"0".repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${"0".repeat(16)}-01`,
    `ff-${TRACE}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}-0`,
    `00-${TRACE}-${PARENT}-01x`,
  ])("begins a trace of its own for %s", (traceparent) => {
    const trace = continueTrace(traceparent);
    expect(trace.trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(trace.trace_id).not.toBe(TRACE);
    expect(trace.sampled).toBe(true);
    expect(continueTrace(traceparent).trace_id).not.toBe(trace.trace_id);
  });
});
