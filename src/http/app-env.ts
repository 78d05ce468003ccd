import type { Context } from "../context.ts";

/** What Hono carries through a request. */
export interface AppEnv {
  Bindings: Env;
  Variables: {
    ctx: Context;
    /** The one style of the page that answers, as a policy names it; undefined for all that is no such page. */
    style_source?: string;
  };
}

/** The bucket a request is charged to (settings); `none` passes no gate. */
export type RateClass = "read" | "write" | "report" | "none";
