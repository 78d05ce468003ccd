import { declareRoute } from "../../http/route.ts";
import { idParams } from "../../http/schemas.ts";
import { storeAnswer, storeInput, storePage, storeQuery } from "./schemas.ts";
import { createStore, listStores, readStore } from "./service.ts";

const tag = "Stores";

export const storeRoutes = [
  declareRoute({
    method: "get",
    path: "/v1/stores",
    tag,
    summary: "List the stores you work in",
    permission: "stores:read",
    rate_class: "read",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    query: storeQuery,
    status: 200,
    response: storePage,
    problems: [],
    handle: (ctx, { query }) => listStores(ctx, query),
  }),
  declareRoute({
    method: "post",
    path: "/v1/stores",
    tag,
    summary: "Open a store",
    permission: "stores:manage",
    rate_class: "write",
    without_gate: "refuse",
    budget: { d1: 1, do: 1 },
    body: storeInput,
    status: 201,
    response: storeAnswer,
    problems: ["conflict", "outcome_unknown"],
    handle: (ctx, { body }) => createStore(ctx, body),
  }),
  declareRoute({
    method: "get",
    path: "/v1/stores/{id}",
    tag,
    summary: "Read a store",
    permission: "stores:read",
    rate_class: "read",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    params: idParams,
    status: 200,
    response: storeAnswer,
    problems: ["not_found"],
    handle: (ctx, { params }) => readStore(ctx, params.id),
  }),
];
