import { DEMO_USERNAMES } from "../demo/people.ts";
import { readablePath } from "../support/paths.ts";
import type { DemoState } from "./demo-state.ts";

/** What a person needs to know once the shop is open. `demo` is null where someone else set the database up. */
export function describeReadyShop(shop: { base: string; state_dir: string; demo: DemoState | null }): string {
  const sign_in = shop.demo
    ? [`Sign in   ${DEMO_USERNAMES.join(", ")}`, `Password  ${shop.demo.password}`]
    : ["Sign in   with the users of this database: it was not set up by the demo"];
  return [
    "",
    "Regal POS is open.",
    "",
    `  Address   ${shop.base}`,
    `  API docs  ${shop.base}/docs`,
    ...sign_in.map((line) => `  ${line}`),
    `  State     ${readablePath(shop.state_dir)} (npm run reset starts over)`,
    "",
    "Ctrl-C stops it. What follows is its log.",
    "",
  ].join("\n");
}
