import { Hono } from "hono";
import { Problem } from "./http/problem.ts";
import type { AppEnv } from "./http/app-env.ts";
import type { App, Route } from "./http/route.ts";
import { toResponse } from "./http/errors.ts";
import { allowedMethods } from "./http/allowed-methods.ts";
import { corsForBrowsers } from "./middleware/cors.ts";
import { requestContext } from "./middleware/request-context.ts";
import { securityHeaders } from "./middleware/security-headers.ts";
import { approvalRoutes } from "./modules/approvals/index.ts";
import { authRoutes } from "./modules/auth/index.ts";
import { catalogRoutes } from "./modules/catalog/index.ts";
import { customerRoutes } from "./modules/customers/index.ts";
import { giftCardRoutes } from "./modules/gift-cards/index.ts";
import { healthRoutes } from "./modules/health/index.ts";
import { inventoryRoutes } from "./modules/inventory/index.ts";
import { orderRoutes } from "./modules/orders/index.ts";
import { mountPages } from "./modules/pages/index.ts";
import { passkeyRoutes } from "./modules/passkeys/index.ts";
import { reportRoutes } from "./modules/reports/index.ts";
import { roleRoutes } from "./modules/roles/index.ts";
import { salesRoutes } from "./modules/sales/index.ts";
import { salespeopleRoutes } from "./modules/salespeople/index.ts";
import { settlementRoutes } from "./modules/settlements/index.ts";
import { shiftRoutes } from "./modules/shifts/index.ts";
import { storeRoutes } from "./modules/stores/index.ts";
import { syncRoutes } from "./modules/sync/index.ts";
import { terminalRoutes } from "./modules/terminals/index.ts";
import { userRoutes } from "./modules/users/index.ts";

/** Every endpoint of the API, in the order the documentation shows them. */
export const ROUTES: readonly Route[] = [
  ...healthRoutes,
  ...authRoutes,
  ...passkeyRoutes,
  ...userRoutes,
  ...roleRoutes,
  ...storeRoutes,
  ...terminalRoutes,
  ...catalogRoutes,
  ...inventoryRoutes,
  ...salesRoutes,
  ...settlementRoutes,
  ...giftCardRoutes,
  ...orderRoutes,
  ...shiftRoutes,
  ...approvalRoutes,
  ...syncRoutes,
  ...customerRoutes,
  ...salespeopleRoutes,
  ...reportRoutes,
];

export function createApp(): App {
  const app: App = new Hono<AppEnv>();
  app.onError(toResponse);
  app.notFound((c) => {
    const methods = allowedMethods(ROUTES, c.req.path);
    const problem =
      methods.length === 0
        ? new Problem("not_found", "There is nothing at this address.")
        : new Problem("method_not_allowed", `This address takes ${methods.join(", ")}.`, {
            headers: { Allow: methods.join(", ") },
          });
    return toResponse(problem, c);
  });
  app.use(requestContext());
  app.use("/docs/*", securityHeaders("page"));
  app.use("/sign-in/*", securityHeaders("page"));
  app.use("/problems/*", securityHeaders("page"));
  app.use(securityHeaders("api"));
  app.use(corsForBrowsers());
  for (const route of ROUTES) route.mount(app);
  mountPages(app);
  return app;
}
