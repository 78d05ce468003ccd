import { createMiddleware } from "hono/factory";
import { findShapeFault } from "../core/json-shape.ts";
import type { AppEnv } from "../http/app-env.ts";
import { type BodyLimits, readBody } from "../http/body.ts";
import { Problem } from "../http/problem.ts";

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads the body once, for all who come after: JSON by RFC 8259 in UTF-8, of a bounded shape. Of a
 * name that stands twice in an object the last counts, as in every JavaScript.
 */
export function requireJsonBody(limits?: BodyLimits) {
  return createMiddleware<AppEnv>(async function jsonBody(c, next) {
    const encoding = c.req.header("Content-Encoding") ?? "identity";
    if (!JSON_TYPE.test(c.req.header("Content-Type") ?? "") || encoding.toLowerCase() !== "identity") {
      throw new Problem("unsupported_media_type", "The body must be sent as application/json, and not compressed.");
    }
    const body = parse(await readBody(c.req, limits));
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
