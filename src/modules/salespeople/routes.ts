import { declareRoute } from "../../http/route.ts";
import { idParams, pageOnly } from "../../http/schemas.ts";
import { salespersonAnswer, salespersonPage, salespersonSchema } from "./schemas.ts";
import { createSalesperson, listSalespeople, readSalesperson } from "./service.ts";

const tag = "Salespeople";

export const salespeopleRoutes = [
  declareRoute({
    method: "get",
    path: "/v1/salespeople",
    tag,
    summary: "List salespeople",
    permission: "salespeople:read",
    rate_class: "read",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    query: pageOnly,
    status: 200,
    response: salespersonPage,
    problems: [],
    handle: (ctx, { query }) => listSalespeople(ctx, query),
  }),
  declareRoute({
    method: "post",
    path: "/v1/salespeople",
    tag,
    summary: "Add a salesperson",
    permission: "salespeople:write",
    rate_class: "write",
    without_gate: "refuse",
    budget: { d1: 1, do: 1 },
    body: salespersonSchema,
    status: 201,
    response: salespersonAnswer,
    problems: ["conflict"],
    handle: (ctx, { body }) => createSalesperson(ctx, body),
  }),
  declareRoute({
    method: "get",
    path: "/v1/salespeople/{id}",
    tag,
    summary: "Read a salesperson",
    permission: "salespeople:read",
    rate_class: "read",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    params: idParams,
    status: 200,
    response: salespersonAnswer,
    problems: ["not_found"],
    handle: (ctx, { params }) => readSalesperson(ctx, params.id),
  }),
];
