import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Failure } from "../support/failure.ts";
import { ROOT } from "../support/paths.ts";

const SOURCE = join(import.meta.dirname, "tool");
const TARGET = join(ROOT, "build", "contract");
const LOCK = "package-lock.json";
/** A copy of the lock file that node_modules was made from; written when npm has succeeded. */
const STAMP = join(TARGET, "node_modules", ".installed-lock.json");

/**
 * Installs the packages that judge and generate, exactly as their own lock file names them, with no install script
 * run. They stay out of the project's dependencies: only this command needs them.
 */
export function installTool(): void {
  const lock = readFileSync(join(SOURCE, LOCK), "utf8");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === lock) return;
  mkdirSync(TARGET, { recursive: true });
  for (const file of ["package.json", LOCK]) copyFileSync(join(SOURCE, file), join(TARGET, file));
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const done = spawnSync("npm", args, { cwd: TARGET, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (done.error || done.status !== 0) {
    throw new Failure(`The contract tool could not be installed into build/contract: npm ci failed. Try it there.`);
  }
  writeFileSync(STAMP, lock);
}

/** A CommonJS package of the tool. */
export function requireTool(name: string): unknown {
  return createRequire(join(TARGET, "package.json"))(name);
}

/** A module package of the tool. */
export async function importTool(name: string): Promise<unknown> {
  const entry = readManifest(name).main;
  return import(pathToFileURL(join(TARGET, "node_modules", name, entry)).href);
}

/** A package with the version that is installed, as in `name@1.2.3`. */
export function nameInstalled(name: string): string {
  return `${name}@${readManifest(name).version}`;
}

function readManifest(name: string): { version: string; main: string } {
  const file = join(TARGET, "node_modules", name, "package.json");
  return JSON.parse(readFileSync(file, "utf8")) as { version: string; main: string };
}
