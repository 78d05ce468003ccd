import { declareRoute } from "../../http/route.ts";
import { saleSchema } from "../sales/index.ts";
import { settlementParams, settlementSchema } from "./schemas.ts";
import { settleSale } from "./service.ts";

export const settlementRoutes = [
  declareRoute({
    method: "post",
    path: "/v1/sales/{sale_id}/payments",
    tag: "Sales",
    summary: "Pay off a sale's balance",
    description:
      "All of what is on account, or a part. Cash above it gives change: the payment is what was handed over, and the sale's " +
      "`change_due` goes up by what went back.",
    permission: "sales:write",
    rate_class: "write",
    without_gate: "serve",
    // 3 when the store and its till are warm, 4 when they are cold; more where others pay off the same account.
    budget: { d1: 4, do: 1 },
    idempotent: true,
    params: settlementParams,
    body: settlementSchema,
    status: 201,
    response: saleSchema,
    problems: ["not_found", "conflict", "shift_closed"],
    handle: (ctx, { params, body }) => settleSale(ctx, params.sale_id, body),
  }),
];
