import type { HonoRequest } from "hono";
import { createMiddleware } from "hono/factory";
import { findShapeFault } from "../core/json-shape.ts";
import type { AppEnv } from "../http/app-env.ts";
import { Problem } from "../http/problem.ts";

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;
const DEADLINE_MS = 15_000;
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads the body once, for all who come after: JSON by RFC 8259 in UTF-8, within a deadline, of a bounded shape. Of a
 * name that stands twice in an object the last counts, as in every JavaScript.
 */
export function requireJsonBody(options: { deadline_ms: number } = { deadline_ms: DEADLINE_MS }) {
  return createMiddleware<AppEnv>(async function jsonBody(c, next) {
    const encoding = c.req.header("Content-Encoding") ?? "identity";
    if (!JSON_TYPE.test(c.req.header("Content-Type") ?? "") || encoding.toLowerCase() !== "identity") {
      throw new Problem("unsupported_media_type", "The body must be sent as application/json, and not compressed.");
    }
    const body = parse(await readWithin(c.req, options.deadline_ms));
    const fault = findShapeFault(body);
    if (fault) throw new Problem("validation_failed", `${fault.pointer} ${fault.detail}`, { errors: [{ ...fault }] });
    // Where hono's validator looks first.
    c.req.bodyCache.json = Promise.resolve(body);
    await next();
  });
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(DECODER.decode(bytes)) as unknown;
  } catch (error) {
    throw new Problem("malformed_json", "The body is empty or not valid JSON.", { cause: error });
  }
}

/** The whole body; one that dribbles is given up, because who waits for it is kept from other work. */
async function readWithin(request: HonoRequest, deadlineMs: number): Promise<Uint8Array> {
  const reader = (request.raw.body as ReadableStream<Uint8Array> | null)?.getReader();
  if (!reader) return new Uint8Array();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void reader.cancel().catch(() => undefined);
  }, deadlineMs);
  try {
    const chunks: Uint8Array[] = [];
    for (let read = await reader.read(); !read.done; read = await reader.read()) chunks.push(read.value);
    if (late) throw new Problem("malformed_json", "The body did not arrive in time; send it at once.");
    return join(chunks);
  } finally {
    clearTimeout(timer);
  }
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const [first] = chunks;
  if (first && chunks.length === 1) return first;
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
