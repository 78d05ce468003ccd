import { declareRoute } from "../../http/route.ts";
import { listExceptions, resolveExceptionBy } from "./exceptions.ts";
import {
  exceptionListQuery,
  exceptionListSchema,
  exceptionParams,
  exceptionSchema,
  resolveSchema,
  syncRequestSchema,
  syncResponseSchema,
} from "./schemas.ts";
import { applyCommands } from "./service.ts";

const tag = "Offline tills";

export const syncRoutes = [
  declareRoute({
    method: "post",
    path: "/v1/sync/commands",
    tag,
    summary: "Bring in what a till did while it was offline",
    description:
      "Up to 50 commands, in order. Each stands alone: applied or flagged once, replayed ever after, or rejected. " +
      "What has already happened is never refused for stock or price; it is kept, and an exception is opened.",
    permission: "sync:write",
    rate_class: "write",
    without_gate: "serve",
    // One read and one commit for a group: all of them where they come to at most 1,000 lines; a refund of a sale
    // takes three of its own.
    budget: { d1: 150, do: 1 },
    body: syncRequestSchema,
    status: 200,
    response: syncResponseSchema,
    problems: ["not_found"],
    handle: (ctx, { body }) => applyCommands(ctx, body.terminal_id, body.commands),
  }),
  declareRoute({
    method: "get",
    path: "/v1/sync/exceptions",
    tag,
    summary: "List exceptions",
    permission: "exceptions:manage",
    rate_class: "read",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    query: exceptionListQuery,
    status: 200,
    response: exceptionListSchema,
    problems: ["not_found"],
    handle: (ctx, { query }) => listExceptions(ctx, query),
  }),
  declareRoute({
    method: "post",
    path: "/v1/sync/exceptions/{exception_id}/resolve",
    tag,
    summary: "Resolve an exception",
    permission: "exceptions:manage",
    rate_class: "write",
    without_gate: "refuse",
    budget: { d1: 2, do: 1 },
    params: exceptionParams,
    body: resolveSchema,
    status: 200,
    response: exceptionSchema,
    problems: ["not_found", "conflict"],
    handle: (ctx, { params, body }) => resolveExceptionBy(ctx, params.exception_id, body.note),
  }),
];
