// Lets every command work on a fresh clone. This file and the `scripts/*.mjs` that import it run on whatever Node the
// machine has (20 or later) and import no package; everything behind them runs on the Node that package.json pins.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LOCK_FILE = join(ROOT, "package-lock.json");
const STAMP_FILE = join(ROOT, "node_modules", ".regal-lock-sha256");
const PINNED_NODE = join(ROOT, "node_modules", ".bin", "node");

const REEXECUTED = "REGAL_REEXECUTED";
const PARENT_POLL_MS = 500;

/**
 * Installs what package-lock.json names if node_modules does not hold it, then runs a script under the pinned Node
 * with this process's arguments. In the pinned Node it imports the script and nothing is started anew.
 *
 * @param {URL} script the file to run
 */
export async function runPinned(script) {
  process.chdir(ROOT);
  stopWithParent();
  const installed = installIfNeeded();
  if (!installed && process.versions.node === pinnedVersion()) {
    await import(script.href);
    return;
  }
  if (process.env[REEXECUTED]) {
    console.error(
      `node_modules has Node ${process.versions.node}, package.json pins ${pinnedVersion()}: run npm install.`,
    );
    process.exit(1);
  }
  reexecute();
}

/**
 * Ends with the parent when that is npm's shell or the wrapper below: npm passes a signal on to the shell alone, and
 * the shell dies of it without a word to what it runs.
 */
function stopWithParent() {
  if (!process.env.npm_lifecycle_event && !process.env[REEXECUTED]) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, PARENT_POLL_MS);
  timer.unref();
}

/** The version of Node that package.json pins as a development dependency. */
function pinnedVersion() {
  return JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).devDependencies.node;
}

/** Runs `npm ci` when node_modules is missing or was made from another lock file. True when it ran. */
function installIfNeeded() {
  const lock = readFileSync(LOCK_FILE, "utf8");
  const sha256 = createHash("sha256").update(lock).digest("hex");
  if (existsSync(PINNED_NODE) && existsSync(STAMP_FILE) && readFileSync(STAMP_FILE, "utf8").trim() === sha256) {
    return false;
  }
  if (existsSync(PINNED_NODE) && treeMatches(JSON.parse(lock))) {
    writeFileSync(STAMP_FILE, `${sha256}\n`);
    return false;
  }
  console.error("Installing the packages that package-lock.json names (npm ci)...");
  const done = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: ROOT,
    env: { ...process.env, PATH: pathWithoutProject() },
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (done.error || done.status !== 0) {
    console.error(`npm ci failed${done.error ? `: ${done.error.message}` : ""}. Mend it, then run the command again.`);
    process.exit(1);
  }
  if (!existsSync(PINNED_NODE)) {
    console.error(
      "The pinned Node is not installed: npm must be let run install scripts (npm ci --ignore-scripts=false).",
    );
    process.exit(1);
  }
  writeFileSync(STAMP_FILE, `${sha256}\n`);
  return true;
}

/**
 * Whether node_modules was made from this lock file by someone who ran npm by hand: npm notes what it installed in a
 * lock file of its own, from which optional packages of other platforms are left out.
 *
 * @param {{ packages: Record<string, { version?: string, integrity?: string, optional?: boolean }> }} lock
 */
function treeMatches(lock) {
  const noted = join(ROOT, "node_modules", ".package-lock.json");
  if (!existsSync(noted)) return false;
  const tree = JSON.parse(readFileSync(noted, "utf8")).packages;
  const wanted = Object.entries(lock.packages).filter(([path]) => path !== "");
  return (
    Object.keys(tree).every((path) => path in lock.packages) &&
    wanted.every(([path, { version, integrity, optional }]) => {
      const found = tree[path];
      return found ? found.version === version && found.integrity === integrity : optional === true;
    })
  );
}

/** PATH for npm itself: `npm ci` deletes the Node that node_modules/.bin would lend it. */
function pathWithoutProject() {
  const own = `${sep}node_modules${sep}.bin`;
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.endsWith(own))
    .join(delimiter);
}

/** Runs this process's command again in the pinned Node, passes signals on to it, and ends as it ends. */
function reexecute() {
  const env = { ...process.env, [REEXECUTED]: "1" };
  const child = spawn(PINNED_NODE, process.argv.slice(1), { env, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`The pinned Node could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
