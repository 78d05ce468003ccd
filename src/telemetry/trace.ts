/** W3C Trace Context, level 1: the `traceparent` header field. */
export interface Trace {
  trace_id: string;
  span_id: string;
  sampled: boolean;
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;
const ZERO = /^0+$/;

/** By the Web Crypto API, which costs less than node:crypto's here. */
function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Continues the caller's trace with a span of our own, or starts one when the field is absent or malformed. */
export function continueTrace(traceparent: string | null): Trace {
  const [, traceId = "", parentId = "", flags = "00"] = TRACEPARENT.exec(traceparent ?? "") ?? [];
  const valid = traceId !== "" && !ZERO.test(traceId) && !ZERO.test(parentId);
  return {
    trace_id: valid ? traceId : randomHex(16),
    span_id: randomHex(8),
    sampled: valid ? (Number.parseInt(flags, 16) & 1) === 1 : true,
  };
}

export function formatTraceparent(trace: Trace): string {
  return `00-${trace.trace_id}-${trace.span_id}-${trace.sampled ? "01" : "00"}`;
}
