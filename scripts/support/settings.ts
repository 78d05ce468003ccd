import { resolve } from "node:path";
import { Failure } from "./failure.ts";
import { ROOT } from "./paths.ts";

/** What the environment may set for the local server. */
export type LocalSettings = {
  port: number;
  /** Where local state is kept; its own database, so two servers with two folders know nothing of each other. */
  state_dir: string;
  /** What the demo's users sign in with on a database that is still empty; random where it is not set. */
  demo_password: string | undefined;
};

/** The settings of `npm start` and `npm run reset`. Throws a Failure that names a wrong one. */
export function readLocalSettings(env: Record<string, string | undefined>): LocalSettings {
  const text = env["PORT"] ?? "8787";
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new Failure(`PORT is "${text}"; it must be a whole number from 1 to 65535.`);
  }
  const password = env["REGAL_DEMO_PASSWORD"];
  return {
    port,
    state_dir: resolve(ROOT, env["REGAL_STATE_DIR"] || ".regal/state"),
    demo_password: password === "" ? undefined : password,
  };
}
