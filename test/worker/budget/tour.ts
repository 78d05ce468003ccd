import { ROUTES } from "../../../src/app.ts";
import { EXAMPLES, SETUP } from "./examples.ts";
import { openShop, type Shop } from "./shop.ts";
import { type Call, watch, type Watched } from "./watch.ts";

/** A route by the name its example has. */
export function nameOf({ method, path }: { method: string; path: string }): string {
  return `${method} ${path}`;
}

export interface Tour {
  shop: Shop;
  /** By the name of the route; a route without an example is not there. */
  watched: Map<string, Watched>;
}

/** Calls every route once, on its happy path, in an empty database's new shop. */
export async function tourRoutes(): Promise<Tour> {
  const watched = new Map([[`post ${SETUP.path}`, await watch("post", SETUP)]]);
  const shop = await openShop();
  for (const { declaration } of ROUTES) {
    const name = nameOf(declaration);
    const call: Call | undefined = await EXAMPLES[name]?.(shop);
    if (call) watched.set(name, await watch(declaration.method, call));
  }
  return { shop, watched };
}
