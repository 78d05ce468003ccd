import { readFileSync } from "node:fs";
import { join } from "node:path";
// First: loading it lets the schemas that the routes are declared with take names.
import { OpenAPIHono } from "@hono/zod-openapi";
import { ROUTES } from "../../src/app.ts";
import { ROOT } from "../support/paths.ts";
import { describeRoute } from "./describe-route.ts";

interface Package {
  version: string;
  description: string;
}

/** The API as OpenAPI 3.1, JSON text: the same text for the same routes. */
export function describeApi(): string {
  const { version, description } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Package;
  const api = new OpenAPIHono();
  for (const { declaration } of ROUTES) api.openAPIRegistry.registerPath(describeRoute(declaration));
  api.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
  });
  const document = api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Regal POS",
      version,
      description,
      license: { name: "MIT", url: "https://spdx.org/licenses/MIT.html" },
    },
    servers: [{ url: "/" }],
  });
  return `${JSON.stringify(document, null, 2)}\n`;
}
