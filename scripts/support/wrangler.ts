import { join } from "node:path";
import { ROOT } from "./paths.ts";

/** The command line of the project's own wrangler. */
export function wranglerCommand(...args: string[]): string[] {
  return [process.execPath, join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js"), ...args];
}

/** An environment in which wrangler asks nothing, reports nothing to anyone, and keeps its logs with the state. */
export function wranglerEnvironment(log_dir: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CI: "true",
    NO_COLOR: "1",
    FORCE_COLOR: "0",
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_LOG_PATH: log_dir,
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_SEND_ERROR_REPORTS: "false",
  };
}
