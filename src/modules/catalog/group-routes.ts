import { declareRoute } from "../../http/route.ts";
import { pageOnly } from "../../http/schemas.ts";
import { brandAnswer, brandInput, brandPage, categoryAnswer, categoryInput, categoryPage } from "./group-schemas.ts";
import { createBrand, createCategory, listBrands, listCategories } from "./group-service.ts";

const tag = "Catalogue";
const reading = { permission: "catalog:read", rate_class: "read", without_gate: "serve" } as const;
const writing = { permission: "catalog:write", rate_class: "write", without_gate: "refuse" } as const;

export const groupRoutes = [
  declareRoute({
    method: "get",
    path: "/v1/categories",
    tag,
    summary: "List categories",
    ...reading,
    budget: { d1: 1, do: 1 },
    query: pageOnly,
    status: 200,
    response: categoryPage,
    problems: [],
    handle: (ctx, { query }) => listCategories(ctx, query),
  }),
  declareRoute({
    method: "post",
    path: "/v1/categories",
    tag,
    summary: "Add a category",
    description: "Under `parent_id`, or at the root; its name is unique among its siblings.",
    ...writing,
    budget: { d1: 2, do: 1 },
    body: categoryInput,
    status: 201,
    response: categoryAnswer,
    problems: ["conflict"],
    handle: (ctx, { body }) => createCategory(ctx, body),
  }),
  declareRoute({
    method: "get",
    path: "/v1/brands",
    tag,
    summary: "List brands",
    ...reading,
    budget: { d1: 1, do: 1 },
    query: pageOnly,
    status: 200,
    response: brandPage,
    problems: [],
    handle: (ctx, { query }) => listBrands(ctx, query),
  }),
  declareRoute({
    method: "post",
    path: "/v1/brands",
    tag,
    summary: "Add a brand",
    ...writing,
    budget: { d1: 1, do: 1 },
    body: brandInput,
    status: 201,
    response: brandAnswer,
    problems: ["conflict"],
    handle: (ctx, { body }) => createBrand(ctx, body),
  }),
];
