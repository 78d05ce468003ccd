import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../support/paths.ts";
import { wranglerCommand, wranglerEnvironment } from "../support/wrangler.ts";

/** Something `npm test` requires before it runs the tests. */
export type Check = {
  title: string;
  command: string[];
  /** What a person types to see it alone, or to mend it. */
  hint: string;
};

const bin = (name: string) => join(ROOT, "node_modules", ".bin", name);
const script = (name: string) => [process.execPath, join(ROOT, "scripts", name)];

/** In order: the cheap ones that fail most often come first. */
export const CHECKS: readonly Check[] = [
  { title: "Format", command: [bin("oxfmt"), "--check"], hint: "npm run format" },
  { title: "Lint", command: [bin("oxlint")], hint: "npm run lint" },
  { title: "Types", command: [bin("tsc"), "--noEmit"], hint: "npx tsc --noEmit" },
  {
    title: "Binding types are what wrangler.toml says",
    command: wranglerCommand("types", "--check"),
    hint: "npm run types",
  },
  {
    title: "docs/openapi.json is what the routes say",
    command: [...script("openapi.mjs"), "--check"],
    hint: "npm run openapi",
  },
  { title: "Static files", command: script("build-assets.mjs"), hint: "npm run assets" },
];

/** Runs a check with its output passed on; true when it held. */
export function runCheck({ command: [program = "", ...args] }: Check): boolean {
  const done = spawnSync(program, args, {
    cwd: ROOT,
    env: checkEnvironment(),
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (done.error) console.error(done.error.message);
  return done.status === 0;
}

/** The environment of checks and tests alike: no questions, no reports to anyone, logs inside the build folder. */
export function checkEnvironment(): NodeJS.ProcessEnv {
  return wranglerEnvironment(join(ROOT, "build", "logs"));
}
