import { declareRoute } from "../../http/route.ts";
import { idParams, pageOnly } from "../../http/schemas.ts";
import { customerAnswer, customerMatches, customerPage, customerSchema, customerSearch } from "./schemas.ts";
import { createCustomer, listCustomers, readCustomer, searchCustomers } from "./service.ts";

const tag = "Customers";

export const customerRoutes = [
  declareRoute({
    method: "get",
    path: "/v1/customers",
    tag,
    summary: "List customers",
    permission: "customers:read",
    rate_class: "read",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    query: pageOnly,
    status: 200,
    response: customerPage,
    problems: [],
    handle: (ctx, { query }) => listCustomers(ctx, query),
  }),
  declareRoute({
    method: "post",
    path: "/v1/customers",
    tag,
    summary: "Bring a customer in",
    description: "Customers are shared by all stores.",
    permission: "customers:write",
    rate_class: "write",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    body: customerSchema,
    status: 201,
    response: customerAnswer,
    problems: ["conflict"],
    handle: (ctx, { body }) => createCustomer(ctx, body),
  }),
  declareRoute({
    method: "post",
    path: "/v1/customers/search",
    tag,
    summary: "Find customers by phone, name or email",
    description:
      "Exactly one of the three. A POST, because a contact must not stand in a URL, where logs would keep it.",
    permission: "customers:read",
    rate_class: "read",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    body: customerSearch,
    status: 200,
    response: customerMatches,
    problems: [],
    handle: (ctx, { body }) => searchCustomers(ctx, body),
  }),
  declareRoute({
    method: "get",
    path: "/v1/customers/{id}",
    tag,
    summary: "Read a customer",
    permission: "customers:read",
    rate_class: "read",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    params: idParams,
    status: 200,
    response: customerAnswer,
    problems: ["not_found"],
    handle: (ctx, { params }) => readCustomer(ctx, params.id),
  }),
];
