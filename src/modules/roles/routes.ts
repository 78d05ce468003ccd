import { declareRoute } from "../../http/route.ts";
import { idParams, pageOnly } from "../../http/schemas.ts";
import { roleAnswer, roleChange, roleInput, rolePage } from "./schemas.ts";
import { changeRole, createRole, listRoles, readRole, setRoleActive } from "./service.ts";

const tag = "Roles";

const SIGNS_OUT = "Everyone who has the role is signed out, and signs in with what it permits now.";

export const roleRoutes = [
  declareRoute({
    method: "get",
    path: "/v1/roles",
    tag,
    summary: "List roles",
    description: "The built-in ones first.",
    permission: "roles:manage",
    rate_class: "read",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    query: pageOnly,
    status: 200,
    response: rolePage,
    problems: [],
    handle: (ctx, { query }) => listRoles(ctx, query),
  }),
  declareRoute({
    method: "post",
    path: "/v1/roles",
    tag,
    summary: "Make a role",
    description:
      "A named set of permissions. The administration of the company is the admin's alone and can't be given.",
    permission: "roles:manage",
    rate_class: "write",
    without_gate: "refuse",
    budget: { d1: 1, do: 1 },
    body: roleInput,
    status: 201,
    response: roleAnswer,
    problems: ["conflict", "outcome_unknown"],
    handle: (ctx, { body }) => createRole(ctx, body),
  }),
  declareRoute({
    method: "get",
    path: "/v1/roles/{id}",
    tag,
    summary: "Read a role",
    permission: "roles:manage",
    rate_class: "read",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    params: idParams,
    status: 200,
    response: roleAnswer,
    problems: ["not_found"],
    handle: (ctx, { params }) => readRole(ctx, params.id),
  }),
  declareRoute({
    method: "patch",
    path: "/v1/roles/{id}",
    tag,
    summary: "Change what a role permits",
    description: SIGNS_OUT,
    permission: "roles:manage",
    rate_class: "write",
    without_gate: "refuse",
    // One call for each gate at which a session ends, side by side.
    budget: { d1: 2, do: 2 },
    conditional: true,
    params: idParams,
    body: roleChange,
    status: 200,
    response: roleAnswer,
    problems: ["not_found", "conflict", "outcome_unknown"],
    handle: (ctx, { params, body }) => changeRole(ctx, params.id, body),
  }),
  ...([true, false] as const).map((active) =>
    declareRoute({
      method: "post",
      path: active ? "/v1/roles/{id}/reactivate" : "/v1/roles/{id}/deactivate",
      tag,
      summary: active ? "Take a role back into use" : "Take a role out of use",
      description: active ? SIGNS_OUT : "Refused while active users have it.",
      permission: "roles:manage",
      rate_class: "write",
      without_gate: "refuse",
      budget: { d1: 2, do: 2 },
      params: idParams,
      status: 200,
      response: roleAnswer,
      problems: ["not_found", "conflict", "stale_version", "outcome_unknown"],
      handle: (ctx, { params }) => setRoleActive(ctx, params.id, active),
    }),
  ),
];
