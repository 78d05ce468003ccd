import { declareRoute } from "../../http/route.ts";
import { dailyAnswer, dailyQuery, salesAnswer, salesQuery } from "./schemas.ts";
import { reportDay, reportSales } from "./service.ts";

const tag = "Reports";

export const reportRoutes = [
  declareRoute({
    method: "get",
    path: "/v1/reports/daily",
    tag,
    summary: "A store's business day",
    description: "Without `reports:read`, today alone.",
    permission: "reports:today",
    rate_class: "report",
    without_gate: "serve",
    budget: { d1: 2, do: 1 },
    query: dailyQuery,
    status: 200,
    response: dailyAnswer,
    problems: ["not_found"],
    handle: (ctx, { query }) => reportDay(ctx, query),
  }),
  declareRoute({
    method: "get",
    path: "/v1/reports/sales",
    tag,
    summary: "A store's sales over business days",
    description: "One row for each day that has a sale, a refund or a void, the earliest first.",
    permission: "reports:read",
    rate_class: "report",
    without_gate: "serve",
    budget: { d1: 2, do: 1 },
    query: salesQuery,
    status: 200,
    response: salesAnswer,
    problems: ["not_found"],
    handle: (ctx, { query }) => reportSales(ctx, query),
  }),
];
