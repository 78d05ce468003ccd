import { declareRoute, type Route } from "../../http/route.ts";
import { idParams, pageOnly } from "../../http/schemas.ts";
import { setupInput, userAnswer, userInput, userPage } from "./schemas.ts";
import { createFirstAdmin, createUser, listUsers, readUser } from "./service.ts";
import { requireSetupToken } from "./setup-token.ts";

const tag = "Users";

const setup = declareRoute({
  method: "post",
  path: "/v1/setup",
  tag,
  summary: "Make the first admin",
  description: "Works once, on an empty database, with the SETUP_TOKEN secret as `Authorization: Bearer`.",
  permission: "public",
  rate_class: "none",
  without_gate: "refuse",
  budget: { d1: 1, do: 1 },
  body: setupInput,
  status: 201,
  response: userAnswer,
  problems: ["unauthenticated", "conflict", "rate_limited", "outcome_unknown"],
  handle: (ctx, { body }) => createFirstAdmin(ctx, body),
});

/** The one route whose credential is neither a session nor nothing, so the check of it is mounted by hand. */
const setupRoute: Route = {
  declaration: setup.declaration,
  mount: (app) => {
    app.post(setup.declaration.path, requireSetupToken());
    setup.mount(app);
  },
};

export const userRoutes = [
  setupRoute,
  declareRoute({
    method: "get",
    path: "/v1/users",
    tag,
    summary: "List users",
    permission: "users:manage",
    rate_class: "read",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    query: pageOnly,
    status: 200,
    response: userPage,
    problems: [],
    handle: (ctx, { query }) => listUsers(ctx, query),
  }),
  declareRoute({
    method: "post",
    path: "/v1/users",
    tag,
    summary: "Add a user",
    permission: "users:manage",
    rate_class: "write",
    without_gate: "refuse",
    budget: { d1: 1, do: 1 },
    body: userInput,
    status: 201,
    response: userAnswer,
    problems: ["conflict", "outcome_unknown"],
    handle: (ctx, { body }) => createUser(ctx, body),
  }),
  declareRoute({
    method: "get",
    path: "/v1/users/{id}",
    tag,
    summary: "Read a user",
    permission: "users:manage",
    rate_class: "read",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    params: idParams,
    status: 200,
    response: userAnswer,
    problems: ["not_found"],
    handle: (ctx, { params }) => readUser(ctx, params.id),
  }),
];
