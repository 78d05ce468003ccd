import { declareRoute } from "../../http/route.ts";
import { healthAnswer, readinessAnswer } from "./schemas.ts";
import { readHealth, readReadiness } from "./service.ts";

const tag = "Health";

export const healthRoutes = [
  declareRoute({
    method: "get",
    path: "/health",
    tag,
    summary: "Whether the Worker answers",
    permission: "public",
    rate_class: "none",
    without_gate: "serve",
    budget: { d1: 0, do: 0 },
    status: 200,
    response: healthAnswer,
    problems: [],
    handle: (ctx) => readHealth(ctx),
  }),
  declareRoute({
    method: "get",
    path: "/health/ready",
    tag,
    summary: "Whether what it depends on answers",
    description: "503 with the same `checks` when the database is out of reach.",
    permission: "public",
    rate_class: "none",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    status: 200,
    response: readinessAnswer,
    problems: [],
    handle: (ctx) => readReadiness(ctx),
  }),
];
