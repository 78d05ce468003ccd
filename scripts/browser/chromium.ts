import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

export const HOW_TO_INSTALL =
  "No Chromium was found. On Debian or Ubuntu: apt-get install -y chromium. Elsewhere, name one: CHROMIUM=/path/to/it.";

/**
 * A Chromium of this machine: what CHROMIUM names, or the first on the PATH; null where there is none. It is the
 * system's own, because a browser that is downloaded beside it is not kept up to date by anyone.
 */
export function findChromium(env: NodeJS.ProcessEnv): string | null {
  const named = env["CHROMIUM"];
  if (named !== undefined && named !== "") return existsSync(named) ? named : null;
  const folders = (env["PATH"] ?? "").split(delimiter);
  const files = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return files.find((file) => existsSync(file)) ?? null;
}

/** No traffic but the test's own, and no state of another run. Root runs no sandbox, as in a container. */
export function chromiumFlags(): string[] {
  const flags = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
  ];
  return process.getuid?.() === 0 ? ["--no-sandbox", ...flags] : flags;
}
