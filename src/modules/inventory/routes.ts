import { declareRoute } from "../../http/route.ts";
import {
  movementQuery,
  stockDocumentAnswer,
  stockDocumentInput,
  stockLevelPage,
  stockMovementPage,
  stockQuery,
} from "./schemas.ts";
import { listMovements, listStock, moveStock } from "./service.ts";

const tag = "Stock";

export const inventoryRoutes = [
  declareRoute({
    method: "get",
    path: "/v1/stock",
    tag,
    summary: "List stock levels",
    description: "Of a store, or of one product in each store the caller works in.",
    permission: "stock:read",
    rate_class: "read",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    query: stockQuery,
    status: 200,
    response: stockLevelPage,
    problems: ["not_found"],
    handle: (ctx, { query }) => listStock(ctx, query),
  }),
  declareRoute({
    method: "get",
    path: "/v1/stock/movements",
    tag,
    summary: "List stock movements",
    description: "In the order of their arrival; a level is their sum.",
    permission: "stock:read",
    rate_class: "read",
    without_gate: "serve",
    budget: { d1: 1, do: 1 },
    query: movementQuery,
    status: 200,
    response: stockMovementPage,
    problems: ["not_found"],
    handle: (ctx, { query }) => listMovements(ctx, query),
  }),
  declareRoute({
    method: "post",
    path: "/v1/stock/movements",
    tag,
    summary: "Receive or adjust stock",
    description: "Two round trips; a third looks closer when another request took the stock in between.",
    permission: "stock:write",
    rate_class: "write",
    without_gate: "refuse",
    budget: { d1: 3, do: 1 },
    idempotent: true,
    body: stockDocumentInput,
    status: 201,
    response: stockDocumentAnswer,
    problems: ["not_found", "conflict", "insufficient_stock"],
    handle: (ctx, { body }) => moveStock(ctx, body),
  }),
];
