import { createMiddleware } from "hono/factory";
import { isCardNumber } from "../core/card-number.ts";
import { newId } from "../core/ids.ts";
import { Database } from "../db/database.ts";
import { GateClient } from "../durable-objects/gate/client.ts";
import { readSettings } from "../env.ts";
import type { AppEnv } from "../http/app-env.ts";
import { splitApprovals } from "../http/approvals.ts";
import { logLine } from "../telemetry/log.ts";
import { Meter } from "../telemetry/meter.ts";
import { continueTrace, formatTraceparent } from "../telemetry/trace.ts";

const REQUEST_ID = /^[\w.-]{8,64}$/;

/** Gives the request its context, and writes its one log line when the answer is known. */
export function requestContext() {
  return createMiddleware<AppEnv>(async function requestContext(c, next) {
    const startedAt = performance.now();
    const asked = c.req.header("X-Request-Id") ?? "";
    const meter = new Meter();
    const trace = continueTrace(c.req.header("traceparent") ?? null);
    const ctx: AppEnv["Variables"]["ctx"] = {
      env: c.env,
      // Read when first asked for, which every request does: so wrong settings are answered and logged like any fault.
      get settings() {
        return readSettings(c.env);
      },
      db: new Database(c.env.DB, meter, (work) => {
        c.executionCtx.waitUntil(work);
      }),
      gates: new GateClient(c.env.GATE, meter),
      meter,
      now: new Date(),
      newId,
      request_id: REQUEST_ID.test(asked) && !isCardNumber(asked) ? asked : newId(),
      trace,
      ip: c.req.header("CF-Connecting-IP") ?? null,
      get own_origin() {
        return new URL(c.req.url).origin;
      },
      request_headers: c.req.raw.headers,
      idempotency_key: null,
      if_match: unquoteTag(c.req.header("If-Match")),
      if_none_match: c.req.header("If-None-Match") ?? null,
      approvals: splitApprovals(c.req.header("X-Approval")),
      actor: null,
      alongside: null,
      answer_headers: new Headers({ "Cache-Control": "no-store" }),
      log: {},
    };
    c.set("ctx", ctx);
    await next();
    c.res.headers.set("X-Request-Id", ctx.request_id);
    c.res.headers.set("traceparent", formatTraceparent(trace));
    if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", "no-store");
    logLine("info", "request", {
      request_id: ctx.request_id,
      trace_id: trace.trace_id,
      method: c.req.method,
      route: routeTemplate(c.req.matchedRoutes),
      status: c.res.status,
      duration_ms: Math.round((performance.now() - startedAt) * 100) / 100,
      store_id: ctx.log.store_id ?? null,
      actor_id: ctx.actor?.user_id ?? null,
      rows_read: meter.rows_read,
      rows_written: meter.rows_written,
      round_trips: meter.round_trips,
    });
  });
}

/** The template of the route that answered, never the path: a path can hold what a log must not keep. */
function routeTemplate(matched: { path: string; method: string }[]): string {
  return matched.find((route) => !route.path.includes("*"))?.path ?? "unmatched";
}

function unquoteTag(value: string | undefined): string | null {
  return value === undefined ? null : value.replace(/^W\//, "").replaceAll('"', "");
}
