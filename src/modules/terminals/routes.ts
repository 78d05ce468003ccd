import { declareRoute } from "../../http/route.ts";
import { idParams } from "../../http/schemas.ts";
import { terminalAnswer, terminalInput, terminalPage, terminalQuery } from "./schemas.ts";
import { createTerminal, listTerminals, readTerminal } from "./service.ts";

const tag = "Terminals";

export const terminalRoutes = [
  declareRoute({
    method: "get",
    path: "/v1/terminals",
    tag,
    summary: "List terminals",
    description: "Of one store, or of all the stores you work in.",
    permission: "terminals:read",
    rate_class: "read",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    query: terminalQuery,
    status: 200,
    response: terminalPage,
    problems: ["not_found"],
    handle: (ctx, { query }) => listTerminals(ctx, query),
  }),
  declareRoute({
    method: "post",
    path: "/v1/terminals",
    tag,
    summary: "Put a terminal in a store",
    permission: "terminals:manage",
    rate_class: "write",
    without_gate: "refuse",
    budget: { d1: 1, do: 1 },
    body: terminalInput,
    status: 201,
    response: terminalAnswer,
    problems: ["conflict", "not_found", "outcome_unknown"],
    handle: (ctx, { body }) => createTerminal(ctx, body),
  }),
  declareRoute({
    method: "get",
    path: "/v1/terminals/{id}",
    tag,
    summary: "Read a terminal",
    permission: "terminals:read",
    rate_class: "read",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    params: idParams,
    status: 200,
    response: terminalAnswer,
    problems: ["not_found"],
    handle: (ctx, { params }) => readTerminal(ctx, params.id),
  }),
];
