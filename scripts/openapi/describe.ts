import { readFileSync } from "node:fs";
import { join } from "node:path";
// First: loading it lets the schemas that the routes are declared with take names.
import { OpenAPIHono } from "@hono/zod-openapi";
import { ROUTES } from "../../src/app.ts";
import { COOKIE_NAMES } from "../../src/http/cookies.ts";
import { ROOT } from "../support/paths.ts";
import { HEADERS } from "./answers.ts";
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
  api.openAPIRegistry.registerComponent("securitySchemes", "cookie", {
    type: "apiKey",
    in: "cookie",
    name: COOKIE_NAMES.access,
    description: "Of a browser that signed in with `X-Session-Transport: cookie`; what writes needs X-CSRF-Token too",
  });
  for (const [name, header] of Object.entries(HEADERS)) {
    api.openAPIRegistry.registerComponent("headers", name, { ...header });
  }
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
